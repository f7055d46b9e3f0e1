"""What happened before an opening balance, taken out of the goods and bills that stand. Pure.

Of each document what stands today less what stood at the balance's date: nothing, unless something that came
after has corrected it.
"""

from collections.abc import Callable, Iterable, Sequence

from msgspec import structs

from visibility.canonical.documents import (
    Document,
    GoodsReceived,
    InvoiceReceived,
    Line,
    ShipmentNotified,
)
from visibility.canonical.keys import normalise
from visibility.flows.amounts import ZERO
from visibility.flows.carried import Opened, Told, happened, is_behind
from visibility.flows.counters import is_counted
from visibility.flows.identity import Ended, Settled, later, number_of
from visibility.flows.moments import Moment
from visibility.flows.settling import settle
from visibility.flows.sharing import share_out
from visibility.flows.state import Fact

MOVEMENTS: dict[type[Document], Told] = {
    ShipmentNotified: "shipped",
    GoodsReceived: "received",
    InvoiceReceived: "billed",
}
Own = Callable[[Line], bool]


def leave_behind(settled: Settled, opened: Sequence[Opened]) -> None:
    """Take what the balances hold for out of the documents that stand, and of those that are silenced."""
    silenced = {id(fact) for fact in settled.mirrored}
    told = [fact for fact in settled.every if type(fact.document) in MOVEMENTS]
    for until in dict.fromkeys(each.until for each in opened):
        lines = [each for each in opened if each.until == until]
        before = [fact for fact in told if is_behind(happened(fact), until, zone=lines[0].zone)]
        for standing, own in (
            (settled.standing, [fact for fact in before if id(fact) not in silenced]),
            (settled.silenced, [fact for fact in before if id(fact) in silenced]),
        ):
            then = settle(own)
            share_out(then)
            for kind, what in MOVEMENTS.items():
                meant = [each for each in lines if each.tells(what)]
                if meant and (standing.get(kind) or then.of(kind)):
                    standing[kind] = _less(standing.get(kind, []), then.of(kind), _names_any(meant))
        _count_late_corrections(settled, lines, until)


def names(opened: Line, line: Line, *, alone: bool) -> bool:
    """Whether a line of a document is that of a balance. `alone`: there is no other it could be."""
    pairs = (
        (opened.item.buyer, line.item.buyer),
        (opened.item.vendor, line.item.vendor),
        (opened.item.gtin, line.item.gtin),
    )
    said = [mine == other for mine, other in pairs if mine and other]
    if opened.line.strip() and line.line.strip():
        return opened.line.strip().lstrip("0") == line.line.strip().lstrip("0") and (not said or said[0])
    if said:
        return said[0]
    return alone and not line.line.strip() and not any(other for _, other in pairs)


def _names_any(opened: Sequence[Opened]) -> Own:
    return lambda line: any(names(each.line, line, alone=len(opened) == 1) for each in opened)


def _less(now: Sequence[Fact], then: Sequence[Fact], own: Own) -> list[Fact]:
    """What stands now less what stood then, of the lines that are meant; other lines stay as they are."""
    before = {(fact.id, fact.message): fact for fact in then}
    found: list[Fact] = []
    for fact in now:
        was = before.pop((fact.id, fact.message), None)
        if was is None:
            found.append(fact)
            continue
        lines = _lines(fact)
        kept, held = [line for line in lines if not own(line)], [line for line in lines if own(line)]
        held_then = [line for line in _lines(was) if own(line)]
        if held != held_then:
            kept += held
            found += _taken_back(was, held_then)
        found.append(_with(fact, kept) if len(kept) != len(lines) else fact)
    for was in before.values():
        found += _taken_back(was, [line for line in _lines(was) if own(line)])
    return sorted(found, key=later)


def _taken_back(fact: Fact, lines: Sequence[Line]) -> list[Fact]:
    """The document with these lines the other way round."""
    turned = [
        structs.replace(line, quantity=-line.quantity)
        for line in lines
        if line.quantity is not None and is_counted(line, fact.document)
    ]
    if not turned:
        return []
    back = _with(fact, turned)
    document = back.document
    if isinstance(document, InvoiceReceived) and document.kind == "credit":
        whole = tuple(structs.replace(line, quantity=abs(line.quantity or ZERO)) for line in document.lines)
        back = structs.replace(back, document=structs.replace(document, kind="invoice", lines=whole))
    return [back]


def _count_late_corrections(settled: Settled, lines: Sequence[Opened], until: Moment) -> None:
    """Reversals and credit notes of after the balance count, though nobody told what they take back.

    It is in the balance. One without lines does not say how much that was, and waits.
    """
    waiting: list[Ended] = []
    for ended in settled.ended:
        fact, document = ended.fact, ended.fact.document
        what = MOVEMENTS.get(type(document))
        if ended.how != "waiting" or what is None or is_behind(happened(fact), until, zone=lines[0].zone):
            waiting.append(ended)
            continue
        own = _names_any([each for each in lines if each.tells(what)])
        held = [line for line in _lines(fact) if own(line) and line.quantity]
        if not held or _is_told(settled.every, fact):
            waiting.append(ended)
            continue
        if isinstance(document, GoodsReceived):
            held = [structs.replace(line, quantity=-abs(line.quantity or ZERO)) for line in held]
        standing = settled.standing.setdefault(type(document), [])
        standing.append(_with(fact, held))
        standing.sort(key=later)
    settled.ended = waiting


def _is_told(every: Iterable[Fact], fact: Fact) -> bool:
    """Whether somebody told the document that this one takes back."""
    document = fact.document
    named = normalise(getattr(document, "reverses", "") or getattr(document, "corrects", ""))
    return any(
        each is not fact and type(each.document) is type(document) and number_of(each.document) == named
        for each in every
    )


def _lines(fact: Fact) -> tuple[Line, ...]:
    lines: tuple[Line, ...] = getattr(fact.document, "lines", ())
    return lines


def _with(fact: Fact, lines: Sequence[Line]) -> Fact:
    return structs.replace(fact, document=structs.replace(fact.document, lines=tuple(lines)))
