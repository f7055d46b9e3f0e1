"""What people decided at the desk, and what became of it elsewhere, as lines of the timeline."""

from visibility.canonical.documents import CommandOutcome, DecisionTaken


def decided(document: DecisionTaken) -> str:
    """ "Maria decided: accept 60, cancel 40; approved by Jan: no other source"."""
    who = document.decided_by or document.policy or "somebody"
    did = "decided" if document.undoes is None else "took a decision back"
    told = f"{who} {did}: {document.words or document.action}".rstrip(".")
    if document.approved_by:
        told += f"; approved by {document.approved_by}"
    return f"{told}: {document.reason}" if document.reason else told


def outcome(document: CommandOutcome) -> str:
    """ "ERP took it up after 14 s: line 3: 60 confirmed"."""
    system, asked = document.system or "the other system", document.words or "a command"
    said = f": {document.text}" if document.text else ""
    if document.result == "delivered":
        after = document.after_seconds
        return f"{system} took it up{'' if after is None else f' after {lasting(after)}'}: {asked}"
    return {
        "refused": f"{system} refused: {asked}{said}",
        "unknown": f"it is not known whether {system} took it up: {asked}{said}",
        "cancelled": f"not sent to {system}: {asked}{said}",
    }[document.result]


def lasting(seconds: int) -> str:
    """How long something took, as people say it: "14 s", "3 min", "2 h", "4 days"."""
    for size, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
