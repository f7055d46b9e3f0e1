"""What one system says against what another one is believed for. That there is a mirror is no case."""

from collections.abc import Iterator
from decimal import Decimal

from visibility.flows import words
from visibility.flows.ownership import FactKind
from visibility.flows.state import LineView, Mirror
from visibility.flows.witnesses import WORDS
from visibility.triage.findings import Finding
from visibility.triage.rules.seen import Seen, amount, weigh, what, worth

# What the one whose word counts did, what its mirror did, and the document in question.
VERBS: dict[FactKind, tuple[str, str, str]] = {
    "order": ("ordered", "has", "order"),
    "change": ("ordered", "has", "order change"),
    "answer": ("confirmed", "has", "answer"),
    "shipment": ("shipped", "has", "shipment"),
    "status": ("told", "told", "status"),
    "receipt": ("received", "posted", "receipt"),
    "invoice": ("billed", "posted", "invoice"),
}


BY_HAND = frozenset((WORDS["phone"], WORDS["desk"], WORDS["portal"]))
"""Nothing is posted there."""


def mirror_differs(seen: Seen) -> Iterator[Finding]:
    """A mirror tells another quantity of the same thing than the system whose word counts.

    Documents that name the same number or shipment are compared, else all that was told of the line; one
    that has only not told everything yet does not differ. Evidence: both quantities, and when the mirror
    told. Closes when they agree, or one says more.
    """
    for line in seen.mirrored:
        for mirror in line.mirrors:
            if mirror.differs is None or mirror.role == "echo":
                continue
            counted, mirrored = mirror.differs
            did, did_too, document = VERBS[mirror.fact]
            gap = mirrored - counted
            by_hand = mirror.name in BY_HAND
            theirs = f"{mirror.name} {'has' if by_hand else did_too} {words.plain(mirrored)}"
            money = worth(line, gap)
            yield Finding(
                kind="mirror_differs",
                line=line.line,
                subject=f"{mirror.fact}:{mirror.system}",
                severity=weigh(gap=gap, expected=counted or None, money=money),
                summary=f"{_said(seen, line, mirror, counted)}, {theirs}",
                gap=gap,
                had=mirrored,
                expected=counted,
                unit=line.unit,
                money=money,
                next_action=f"Find out which is right, and correct the {document} "
                f"{'of' if by_hand else 'in'} {mirror.name} or {'of' if by_hand else 'in'} {mirror.counted}",
                evidence=(
                    (words.sentence(did), amount(line, counted), amount(line, mirrored)),
                    ("Told by", f"{mirror.counted} (counts)", mirror.name),
                    *_told(seen, mirror),
                ),
            )


def mirror_late(seen: Seen) -> Iterator[Finding]:
    """A mirror has not told in its hours what the system whose word counts has told.

    Evidence: what was told, and by when the mirror was to tell it. Closes when it tells, or when what it
    was to tell is taken back.
    """
    for line in seen.mirrored:
        for mirror in line.mirrors:
            if mirror.due_at is None or mirror.due_at >= seen.as_of or mirror.differs is not None:
                continue
            did, did_too, document = VERBS[mirror.fact]
            due = seen.local(mirror.due_at)
            counted = _counted(line, mirror)
            has = "has" if did_too == "has" else f"has {did_too}"
            told = f"{mirror.name} {has} {words.plain(mirror.quantity) if mirror.quantity else 'nothing'}"
            yield Finding(
                kind="mirror_late",
                line=line.line,
                subject=f"{mirror.fact}:{mirror.system}",
                severity=weigh(gap=None, expected=None, money=worth(line, counted)),
                summary=f"{_said(seen, line, mirror, counted)}, {told}; "
                f"it was due {seen.day(due.date())} {due:%H:%M}",
                had=mirror.quantity or Decimal(0),
                expected=counted,
                unit=line.unit,
                due_at=mirror.due_at,
                next_action=f"Have the {document} entered in {mirror.name}",
                evidence=(
                    (words.sentence(did), amount(line, counted), amount(line, mirror.quantity or Decimal(0))),
                    ("Due", f"{seen.day(due.date())} {due:%H:%M}", "not told"),
                ),
            )


def primary_late(seen: Seen) -> Iterator[Finding]:
    """A mirror tells of something that the system whose word counts has not told in its hours.

    Until then the order does not move: only the primary counts. Evidence: what the mirror told and when.
    Closes when the primary tells, or the mirror takes it back.
    """
    for line in seen.mirrored:
        for mirror in line.mirrors:
            due_at = mirror.counted_due_at
            if due_at is None or due_at >= seen.as_of or mirror.differs is not None:
                continue
            _, did_too, document = VERBS[mirror.fact]
            due = seen.local(due_at)
            counted = _counted(line, mirror) or Decimal(0)
            told = f"only {words.plain(counted)}" if counted else "nothing"
            yield Finding(
                kind="primary_late",
                line=line.line,
                subject=f"{mirror.fact}:{mirror.system}",
                severity=weigh(gap=None, expected=None, money=worth(line, mirror.quantity)),
                summary=f"{words.sentence(mirror.name)} {did_too} {amount(line, mirror.quantity)} of "
                f"{what(line)}, {mirror.counted}, whose word counts, has told {told}; "
                f"it was due {seen.day(due.date())} {due:%H:%M}",
                had=counted,
                expected=mirror.quantity,
                unit=line.unit,
                due_at=due_at,
                next_action=f"Have the {document} told by {mirror.counted}, or taken back in {mirror.name}",
                evidence=(
                    (words.sentence(document), amount(line, mirror.quantity), amount(line, counted)),
                    ("Told by", mirror.name, f"{mirror.counted} (counts)"),
                    *_told(seen, mirror),
                ),
            )


def _said(seen: Seen, line: LineView, mirror: Mirror, counted: Decimal | None) -> str:
    """ "WMS received 60 CA of SKU-1042"; the supplier by his name, where nobody named the system he uses."""
    own = mirror.counted in ("EDI", "the portal") and mirror.fact in ("answer", "shipment", "invoice")
    who = words.sentence(seen.supplier if own else mirror.counted)
    return f"{who} {VERBS[mirror.fact][0]} {amount(line, counted)} of {what(line)}"


def _counted(line: LineView, mirror: Mirror) -> Decimal | None:
    """What the system whose word counts has told of the line in all."""
    return {
        "order": line.ordered,
        "change": line.ordered,
        "answer": line.confirmed,
        "shipment": line.shipped,
        "receipt": line.received,
        "invoice": line.invoiced,
    }.get(mirror.fact)


def _told(seen: Seen, mirror: Mirror) -> tuple[tuple[str, str, str], ...]:
    if mirror.at is None:
        return ()
    at = seen.local(mirror.at)
    when = seen.day(at.date()) if mirror.date_only else f"{seen.day(at.date())} {at:%H:%M}"
    return ((f"{words.sentence(mirror.name)} told on", "", when),)
