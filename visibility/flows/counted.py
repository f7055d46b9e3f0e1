"""What was counted of an order or a line, in words: "4 receipts, 1 taken back; quantities not told"."""

from collections.abc import Iterable

from visibility.flows import words
from visibility.flows.state import Count, CountKind, FlowView, LineView

_NAMES: dict[CountKind, tuple[str, str]] = {
    "requisition": ("requisition step", "requisition steps"),
    "confirmed": ("confirmation", "confirmations"),
    "changed": ("change", "changes"),
    "blocked": ("block", "blocks"),
    "received": ("receipt", "receipts"),
    "accepted": ("acceptance of work", "acceptances of work"),
    "issued": ("bill written", "bills written"),
    "invoiced": ("invoice", "invoices"),
    "adjusted": ("subsequent invoice", "subsequent invoices"),
    "payment_blocked": ("payment block", "payment blocks"),
    "payment_released": ("payment released", "payments released"),
    "paid": ("payment", "payments"),
}
_GOODS: tuple[CountKind, ...] = ("received", "accepted", "invoiced", "adjusted", "paid")


def told_count(count: Count) -> str:
    """ "4 receipts, 1 taken back"."""
    one, many = _NAMES[count.kind]
    text = f"{words.number(count.times)} {one if count.times == 1 else many}"
    if not count.times:
        text = f"no {one}"
    if count.taken_back:
        text += f", {words.number(count.taken_back)} {'lifted' if count.kind == 'blocked' else 'taken back'}"
    return text


def told_counts(counts: Iterable[Count], kinds: tuple[CountKind, ...] = tuple(_NAMES)) -> list[str]:
    """The counts in the order in which things happen."""
    return [told_count(count) for count in in_order(counts) if count.kind in kinds]


def in_order(counts: Iterable[Count]) -> list[Count]:
    """Counts in the order in which things happen."""
    found = {count.kind: count for count in counts}
    return [found[kind] for kind in _NAMES if kind in found]


def is_untold(view: FlowView) -> bool:
    """Whether nobody can say how much of an order is still to come, because no quantities were told."""
    if not view.counts and not view.by_line:
        return False
    wanted = [line for line in view.lines if line.known and not line.cancelled]
    if not wanted:
        return any(count.kind in _GOODS and count.times for count in view.counts)
    if any(line.counts and line.ordered is None for line in wanted):
        return True
    return view.by_line and all(line.ordered is None for line in wanted)


def oddities(line: LineView) -> list[str]:
    """What is strange about a line as it was counted, in words. Facts as they were told, no exceptions."""
    found = []
    for count in line.counts:
        if count.taken_back > count.times and count.kind != "blocked":
            one, many = _NAMES[count.kind]
            found.append(
                f"more {many} taken back than told" if count.times else f"a {one} taken back, none told"
            )
    if line.cancelled and any(count.kind == "received" and count.times for count in line.counts):
        found.append("deleted, and goods were received")
    ordered = next((step for step in line.milestones if step.name == "ordered"), None)
    if ordered is not None and ordered.actual_at is not None:
        early = [count for count in line.counts if count.first_at and count.first_at < ordered.actual_at]
        found += [
            f"first {_NAMES[count.kind][0]} before the order"
            for count in early
            if count.kind not in ("requisition", "changed")
        ]
    return found


def progress(view: FlowView) -> str:
    """How an order stands of which nobody told how much: what happened, and that the extent is not known."""
    lines = [line for line in view.lines if line.known]
    gone = sum(line.cancelled for line in lines)
    head = f"{words.number(len(lines))} {'line' if len(lines) == 1 else 'lines'} ordered" if lines else ""
    if gone:
        head += f", {words.number(gone)} deleted" if gone < len(lines) else ", deleted"
    told = told_counts(view.counts, _GOODS) or told_counts(view.counts)
    return f"{'; '.join([head, *told] if head else told)}; quantities not told."
