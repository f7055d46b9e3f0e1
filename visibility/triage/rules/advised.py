"""What partners' applications refused, and loads that carriers declined."""

from collections.abc import Iterator

from visibility.triage.findings import Finding
from visibility.triage.rules.seen import Seen


def document_refused(seen: Seen) -> Iterator[Finding]:
    """The partner's application refused a document of the order, or took it with faults (X12 824, APERAK).

    Evidence: what it found wrong. Closes by a later advice that accepts it, or when the order or its change
    is sent anew.
    """
    for refused in seen.view.refused:
        deed = "refused" if refused.rejected else "accepted with faults"
        why = f": {refused.faults[0].rstrip('.')}" if refused.faults else ""
        yield Finding(
            kind="document_refused",
            subject=refused.name,
            severity="high" if refused.rejected else "medium",
            summary=f"{seen.Supplier}'s application {deed} {refused.name}{why}",
            next_action=f"Mend what {seen.supplier} found wrong, and send it again",
            evidence=tuple(("Found wrong", "", fault) for fault in refused.faults),
        )


def tender_declined(seen: Seen) -> Iterator[Finding]:
    """The carrier declined a load with goods of the order, and it was not offered again since (X12 990).

    Evidence: the load, the carrier, its reason. Closes by a later tender, or by a carrier's acceptance.
    """
    for load in seen.view.declined:
        who = load.carrier or "The carrier"
        why = f": {load.reason}" if load.reason else ""
        yield Finding(
            kind="tender_declined",
            subject=load.number,
            severity="high",
            summary=f"{who} declined load {load.number}{why}".replace("  ", " "),
            next_action="Offer the load to another carrier",
            evidence=(("Load", load.number, load.reason or "declined"),),
        )
