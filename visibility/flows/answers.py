"""What the supplier has answered, line by line.

An answer is compared with the order as it stands, never with the copy of it in the answer. Parts are
summed by class. A later document that names a line replaces the earlier answer to it; lines it does not
name keep theirs, unless its coverage says what silence means.
"""

from collections.abc import Container
from decimal import Decimal

from visibility.canonical.documents import (
    AnswerClass,
    AnswerLine,
    AnswerPart,
    Coverage,
    OrderAcknowledged,
)
from visibility.canonical.quantities import UnitScheme
from visibility.flows.amounts import ZERO, tidy
from visibility.flows.changes import is_answered, ordered_for
from visibility.flows.identity import Settled, later
from visibility.flows.lines import Book, sorted_dates
from visibility.flows.matching import Answer, Draft
from visibility.flows.state import Dated, Fact

WHOLE: dict[Coverage, AnswerClass] = {"accepted": "accepted", "rejected": "rejected", "held": "held"}

# "Quantity changed" without saying to what is not "as ordered".
CHANGED_QUANTITY_CODES = frozenset({"IQ"})

_VERBS: dict[AnswerClass, str] = {
    "accepted": "confirmed",
    "backordered": "backordered",
    "held": "held",
    "rejected": "rejected",
    "deleted": "deleted",
}
_FIELDS: dict[AnswerClass, str] = {
    "accepted": "confirmed",
    "backordered": "backordered",
    "held": "held",
    "rejected": "rejected",
    "deleted": "deleted",
}
_PROMISED: tuple[AnswerClass, ...] = ("accepted", "backordered")
_REASONED: tuple[AnswerClass, ...] = ("rejected", "deleted", "held")


def read_answers(book: Book, settled: Settled, *, adds: bool = False) -> None:
    """Answers from the earliest to the latest, so that the last word on a line is what stays.

    Those of worse witnesses go before, so that on each line they give way to the better ones. `adds`: of
    this partner an answer that names a line adds to what he answered before.
    """
    for fact in _worst_first(settled):
        document = fact.document
        assert isinstance(document, OrderAcknowledged)
        named = _named_lines(book, document)
        if document.coverage == "untold":
            for draft in _answered_untold(book, named):
                _set(draft, fact, _untold_answer())
            continue
        whole = WHOLE.get(document.coverage)
        if whole is not None:
            _answer_all(book, fact, whole, named)
            if document.change and whole == "rejected":
                _end_wait(book, document.change)
            continue
        for draft, lines in named.values():
            if [line for line in lines if line.parts]:
                former = draft.answer_by if adds else None
                more = former is not None and not _outranks(settled, fact, former)
                _set(draft, fact, _answer(book, draft, lines, fact), adds=more)
            elif document.coverage == "exceptions" and draft.known:
                _set(draft, fact, _whole_answer(draft, "accepted", lines, book, fact))
        if document.coverage == "exceptions":
            _accept_by_silence(book, fact, named)


def _answered_untold(book: Book, named: dict[int, tuple[Draft, list[AnswerLine]]]) -> list[Draft]:
    """The lines of an answer of which only that it came is known: those it names, else all."""
    if named:
        return [draft for draft, _ in named.values()]
    return [draft for draft in book.lines if draft.known or not book.placed]


def _untold_answer() -> Answer:
    return Answer(confirmed=None, backordered=None, held=None, rejected=None, deleted=None, named=True)


def _worst_first(settled: Settled) -> list[Fact]:
    facts = settled.of(OrderAcknowledged)
    if len(facts) < 2:
        return facts
    return sorted(facts, key=lambda fact: -settled.hearing.rank("answer", fact))


def _outranks(settled: Settled, fact: Fact, other: Fact) -> bool:
    """Whether what this one tells replaces what the other one told, however much answers add."""
    return settled.hearing.rank("answer", fact) < settled.hearing.rank("answer", other)


def lines_answered(book: Book, fact: Fact, answered: Container[int]) -> list[Draft]:
    """The lines an answer speaks of. `answered`: ids of those that earlier ones spoke of."""
    document = fact.document
    assert isinstance(document, OrderAcknowledged)
    named = _named_lines(book, document)
    if document.coverage in WHOLE:
        return _meant(book, document, named, answered)
    if document.coverage == "untold":
        return _answered_untold(book, named)
    if document.coverage == "exceptions":
        return [draft for draft in book.lines if draft.known or id(draft) in named or not book.placed]
    return [draft for draft, lines in named.values() if any(line.parts for line in lines)]


def confirmed_by(book: Book, fact: Fact) -> list[tuple[Draft, Decimal | None]]:
    """What a mirror's answer confirms of each line it speaks of; None: it does not say how much."""
    document = fact.document
    assert isinstance(document, OrderAcknowledged)
    named: dict[int, tuple[Draft, list[AnswerLine]]] = {}
    used: set[int] = set()
    for line in document.lines:
        draft = book.index.find(line, used) if book.concerns(line, document.order) else None
        if draft is not None:
            named.setdefault(id(draft), (draft, []))[1].append(line)
    whole = WHOLE.get(document.coverage)
    if document.change and whole is not None:
        spoken = _meant(book, document, named, {id(draft) for draft in book.lines})
    else:
        spoken = [
            draft
            for draft in book.lines
            if id(draft) in named
            or (draft.known and (whole is not None or document.coverage == "exceptions"))
        ]
    told: list[tuple[Draft, Decimal | None]] = []
    for draft in spoken:
        lines = [line for line in named.get(id(draft), (draft, []))[1] if line.parts]
        if document.coverage == "untold":
            told.append((draft, None))
        elif whole is not None:
            told.append((draft, draft.ordered if whole == "accepted" else ZERO))
        elif lines:
            told.append((draft, _answer(book, draft, lines, fact).confirmed))
        elif document.coverage == "exceptions":
            told.append((draft, draft.ordered))
    return told


def _named_lines(book: Book, document: OrderAcknowledged) -> dict[int, tuple[Draft, list[AnswerLine]]]:
    used: set[int] = set()
    named: dict[int, tuple[Draft, list[AnswerLine]]] = {}
    for line in book.own_lines(document.lines, document.order):
        draft = book.match(line, used, document.units)
        if id(draft) in named:
            named[id(draft)][1].append(line)
        else:
            named[id(draft)] = draft, [line]
        for part in line.parts:
            if part.substitute is not None:
                book.index.learn(draft, part.substitute)
    return named


def _set(draft: Draft, fact: Fact, answer: Answer, *, adds: bool = False) -> None:
    if draft.opened is not None and draft.opened.holds("confirmed", fact):
        return
    draft.answer = _sum_of(draft.answer, answer) if adds and draft.answer is not None else answer
    if draft.asked is not None and is_answered(draft, fact, change_named(fact)):
        draft.asked = None
    draft.answer_by = fact
    first = draft.first_answer
    if not isinstance(first, Fact) or later(fact) < later(first):
        draft.first_answer = fact


def _answer_all(
    book: Book, fact: Fact, whole: AnswerClass, named: dict[int, tuple[Draft, list[AnswerLine]]]
) -> None:
    """The whole order, or change, is accepted, rejected or held, whatever lines are named."""
    document = fact.document
    assert isinstance(document, OrderAcknowledged)
    answered = {id(draft) for draft in book.lines if draft.answer is not None}
    for draft in _meant(book, document, named, answered):
        lines = named[id(draft)][1] if id(draft) in named else []
        _set(draft, fact, _whole_answer(draft, whole, lines, book, fact))


def _meant(
    book: Book, document: OrderAcknowledged, named: Container[int], answered: Container[int]
) -> list[Draft]:
    """The lines that get their answer from a word about the whole order or, where it names one, a change.

    A change accepted is so with all the lines it touched, and with those nobody had answered (`answered`:
    ids of the others). One rejected or on hold leaves what was answered before; a line it added has nothing
    to fall back on.
    """
    lines = [draft for draft in book.lines if draft.known or id(draft) in named or not book.placed]
    change = document.change
    if not change:
        return lines
    if document.coverage != "accepted":
        return [each for each in lines if each.added is not None and each.added.document.version == change]
    return [each for each in lines if change in each.changes or id(each) in named or id(each) not in answered]


def _end_wait(book: Book, change: str) -> None:
    """A change that was rejected is answered."""
    for draft in book.lines:
        if draft.asked is not None and draft.asked.document.version == change:
            draft.asked = None


def _accept_by_silence(book: Book, fact: Fact, named: dict[int, tuple[Draft, list[AnswerLine]]]) -> None:
    """Only exceptions were named: the other lines are accepted, but silence never undoes a named answer."""
    for draft in book.lines:
        silent = id(draft) not in named and (draft.known or not book.placed)
        if not silent or draft.cancelled:
            continue
        changed = draft.asked is not None and is_answered(draft, fact, change_named(fact))
        if draft.answer is None or not draft.answer.named or changed:
            _set(draft, fact, _whole_answer(draft, "accepted", [], book, fact))


def _sum_of(known: Answer, more: Answer) -> Answer:
    """Both answers to a line together, the later one's price and item."""
    return Answer(
        confirmed=_plus(known.confirmed, more.confirmed),
        backordered=_plus(known.backordered, more.backordered),
        held=_plus(known.held, more.held),
        rejected=_plus(known.rejected, more.rejected),
        deleted=_plus(known.deleted, more.deleted),
        named=True,
        classes=list(dict.fromkeys((*known.classes, *more.classes))),
        codes=list(dict.fromkeys((*known.codes, *more.codes))),
        promises=sorted_dates([*known.promises, *more.promises]),
        backorders=sorted_dates([*known.backorders, *more.backorders]),
        soft=known.soft or more.soft,
        substitute=more.substitute or known.substitute,
        reason=more.reason or known.reason,
        price=known.price if more.price is None else more.price,
    )


def _plus(known: Decimal | None, more: Decimal | None) -> Decimal | None:
    """The sum; a part of unknown size leaves what is known standing."""
    if known is None or more is None:
        return more if known is None else known
    return known + more


def change_named(fact: Fact) -> str:
    """The version of the order change that an answer names."""
    return fact.document.change if isinstance(fact.document, OrderAcknowledged) else ""


def _ordered(draft: Draft, fact: Fact) -> Decimal | None:
    """What an answer can have known to be ordered."""
    return ordered_for(draft, fact, change_named(fact)) if draft.told else draft.ordered


def _whole_answer(
    draft: Draft, answer: AnswerClass, lines: list[AnswerLine], book: Book, fact: Fact
) -> Answer:
    """All of what is ordered is in one class; dates of that class still promise something."""
    ordered, scheme = _ordered(draft, fact), fact.document.units
    parts = [(part, line) for line in lines for part in line.parts if part.answer == answer]
    promises = [
        Dated(
            quantity=ordered
            if part.quantity is None
            else book.quantity(draft, part.quantity, part.unit or line.unit, scheme, _VERBS[answer]),
            date=part.date,
            basis=part.basis,
        )
        for part, line in parts
        if part.date is not None and answer in _PROMISED
    ]
    result = Answer(
        classes=[answer],
        codes=list(dict.fromkeys(part.code for part, _ in parts if part.code)),
        promises=sorted_dates(promises),
        soft=any(part.soft for part, _ in parts),
        price=_price(book, draft, lines, scheme),
    )
    _store(result, {answer: ordered})
    return result


def _answer(book: Book, draft: Draft, lines: list[AnswerLine], fact: Fact) -> Answer:
    """The named answer of one document to one line."""
    scheme = fact.document.units
    if len(lines) == 1 and len(lines[0].parts) == 1:
        (part,) = lines[0].parts
        if part.quantity is not None and part.rest is None:
            return _answer_of_one_part(book, draft, lines[0], part, scheme)
    ordered = _ordered(draft, fact)
    result = Answer(named=True, price=_price(book, draft, lines, scheme))
    sums: dict[AnswerClass, Decimal | None] = {}
    as_ordered: list[AnswerPart] = []
    rest: AnswerClass | None = None
    promised: list[tuple[AnswerPart, Decimal | None]] = []
    for line in lines:
        for part in line.parts:
            _describe(result, part)
            rest = rest or part.rest
            quantity = book.quantity(
                draft, part.quantity, part.unit or line.unit, scheme, _VERBS[part.answer]
            )
            if _is_as_ordered(part):
                as_ordered.append(part)
            else:
                _add(sums, part.answer, quantity)
            if part.date is not None and part.answer in _PROMISED:
                promised.append((part, quantity))
    if as_ordered:
        _accept_as_ordered(ordered, sums)
    if rest is not None:
        _put_rest(ordered, sums, rest, result)
    for part, quantity in promised:
        own = sums.get("accepted") if quantity is None and part in as_ordered else quantity
        promise = Dated(quantity=own, date=part.date, basis=part.basis)
        result.promises.append(promise)
        if part.answer == "backordered":
            result.backorders.append(promise)
    if len(promised) > 1:
        result.promises = sorted_dates(result.promises)
        result.backorders = sorted_dates(result.backorders)
    _store(result, sums)
    return result


def _answer_of_one_part(
    book: Book, draft: Draft, line: AnswerLine, part: AnswerPart, scheme: UnitScheme
) -> Answer:
    """The same of a line that is all in one class, told with its quantity: the usual answer."""
    told = part.answer
    price = _price(book, draft, [line], scheme)
    quantity = book.quantity(draft, part.quantity, part.unit or line.unit, scheme, _VERBS[told])
    result = Answer(
        named=True,
        classes=[told],
        codes=[part.code] if part.code else [],
        soft=part.soft,
        substitute=part.substitute,
        reason=part.reason if told in _REASONED else "",
        price=price,
    )
    if part.date is not None and told in _PROMISED:
        promise = Dated(quantity, part.date, part.basis)
        result.promises = [promise]
        if told == "backordered":
            result.backorders = [promise]
    setattr(result, _FIELDS[told], None if quantity is None else tidy(quantity))
    return result


def _describe(result: Answer, part: AnswerPart) -> None:
    if part.answer not in result.classes:
        result.classes.append(part.answer)
    if part.code and part.code not in result.codes:
        result.codes.append(part.code)
    result.soft = result.soft or part.soft
    result.substitute = part.substitute or result.substitute
    if part.reason and part.answer in _REASONED:
        result.reason = result.reason or part.reason


def _is_as_ordered(part: AnswerPart) -> bool:
    return (
        part.quantity is None
        and part.answer == "accepted"
        and part.rest is None
        and part.code not in CHANGED_QUANTITY_CODES
    )


def _add(sums: dict[AnswerClass, Decimal | None], answer: AnswerClass, quantity: Decimal | None) -> None:
    """Add a part; a part of unknown size leaves what is known of its class standing."""
    known = sums.get(answer)
    if quantity is not None:
        sums[answer] = quantity if known is None else known + quantity
    else:
        sums[answer] = known


def _total(sums: dict[AnswerClass, Decimal | None]) -> Decimal:
    return sum((each for each in sums.values() if each is not None), ZERO)


def _accept_as_ordered(ordered: Decimal | None, sums: dict[AnswerClass, Decimal | None]) -> None:
    """Accepted without a quantity: as ordered, which is what the other parts have left of the order."""
    if ordered is None:
        sums.setdefault("accepted", None)
        return
    left = max(ordered - _total(sums), ZERO)
    sums["accepted"] = (sums.get("accepted") or ZERO) + left


def _put_rest(
    ordered: Decimal | None, sums: dict[AnswerClass, Decimal | None], rest: AnswerClass, result: Answer
) -> None:
    """What the order has beyond the accepted quantity goes to the class that the answer names."""
    if rest not in result.classes:
        result.classes.append(rest)
    if ordered is None or sums.get("accepted") is None:
        sums.setdefault(rest, None)
        return
    sums[rest] = (sums.get(rest) or ZERO) + max(ordered - _total(sums), ZERO)


def _store(result: Answer, sums: dict[AnswerClass, Decimal | None]) -> None:
    """Classes of unknown size stay unknown."""
    for name, value in sums.items():
        setattr(result, _FIELDS[name], None if value is None else tidy(value))


def _price(book: Book, draft: Draft, lines: list[AnswerLine], scheme: UnitScheme) -> Decimal | None:
    for line in lines:
        if line.price is not None:
            return book.price(draft, line, scheme, "confirmed")
    return None
