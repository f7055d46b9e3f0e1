"""What does not fit: strange lines, units without a factor, documents that contradict themselves."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from visibility.flows import words
from visibility.flows.state import LineView
from visibility.triage.findings import Finding
from visibility.triage.rules.receiving import is_wrong_item
from visibility.triage.rules.seen import Seen, amount, what


def unknown_line(seen: Seen) -> Iterator[Finding]:
    """A document names a line that the placed order does not have.

    Ship notices, answers, bills and changes; what nobody announced and yet came in is a wrong item
    (received_wrong_item). Evidence: what is said of it. Closes when the order gets the line, or the document
    is corrected.
    """
    if not seen.view.placed or seen.view.by_line:
        return  # of an order told line by line the others may still come
    for line in seen.view.lines:
        if line.known or is_wrong_item(line):
            continue
        told = [
            (label, value)
            for label, value in (
                ("confirmed", line.confirmed),
                ("shipped", line.shipped),
                ("received", line.received),
                ("billed", line.invoiced),
                ("ordered by a change", line.ordered),
            )
            if value
        ]
        said = ", ".join(f"{amount(line, value)} {label}" for label, value in told)
        order = f"Order {seen.view.number}" if seen.view.number else "The order"
        yield Finding(
            kind="unknown_line",
            line=line.line,
            summary=f"{order} has no {_named(line)}" + (f": {said}" if said else ""),
            unit=line.unit,
            next_action="Match it to a line of the order, or ask the sender",
            evidence=tuple((words.sentence(label), "none", amount(line, value)) for label, value in told),
        )


def unit_not_convertible(seen: Seen) -> Iterator[Finding]:
    """A quantity or price came in a unit that does not convert to the line's; it is left out.

    Closes when the factor is known, or the document is corrected.
    """
    for line in seen.view.lines:
        if not line.unconvertible:
            continue
        # Where the quantity does not convert, its price does not either: that goes without saying.
        quantities = [_spoken(each) for each in line.unconvertible if not each.startswith("price ")]
        left_out = ", ".join(quantities or line.unconvertible)
        yield Finding(
            kind="unit_not_convertible",
            line=line.line,
            subject=_cause(line),
            summary=f"{words.sentence(left_out)} of {what(line)} cannot be converted to {line.unit}; "
            "left out",
            unit=line.unit,
            next_action=f"Say how many {line.unit} one holds",
            cause_words=f"No factor is known for {_cause(line)}",
            evidence=tuple(("Left out", line.unit, _spoken(each)) for each in line.unconvertible),
        )


def conflicting_duplicate(seen: Seen) -> Iterator[Finding]:
    """One document was told twice as an original, with different content; the later one counts.

    Closes when a replacement or cancellation of the document makes clear which is meant.
    """
    for name in seen.view.conflicts:
        yield Finding(
            kind="conflicting_duplicate",
            subject=name,
            summary=f"{words.sentence(name)} came twice with different content; the later one counts",
            next_action="Compare the two, ask the sender which is meant",
        )


def _cause(line: LineView) -> str:
    """The item and the units that have no factor: once it is known, all orders of the item are mended."""
    units = sorted({_unit_of(each) for each in line.unconvertible} - {""})
    return " ".join((words.item(line.item) or f"line {line.line}", *units))


def _unit_of(told: str) -> str:
    """ "PL" of "12 PL shipped" and of "price per PL billed"."""
    parts = told.split()
    place = 2 if parts[:2] == ["price", "per"] else 1
    return parts[place] if len(parts) > place + 1 else ""


def _spoken(told: str) -> str:
    """ "15,000 CT confirmed" of "15000 CT confirmed"."""
    number, _, rest = told.partition(" ")
    try:
        return f"{words.plain(Decimal(number))} {rest}"
    except InvalidOperation:
        return told


def _named(line: LineView) -> str:
    """ "line 9 with SKU-77"; the number without what keeps it apart from the order's own."""
    number = line.line.split("/", maxsplit=1)[0]
    item = words.item(line.item)
    if number.startswith("+"):
        return item or "such line"
    return f"line {number} with {item}" if item else f"line {number}"
