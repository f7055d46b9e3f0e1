"""Lines of which the same is told share their milestones: they are those that each would have by itself."""

from decimal import Decimal
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from lives import (
    SECOND,
    SKU,
    TERMS,
    TestUnits,
    answer_line,
    answered,
    bill,
    change,
    changed,
    closed,
    day,
    invoiced,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
    wanted,
)
from msgspec import structs
from whole_lives import LIVES

from visibility.flows import projector
from visibility.flows.state import Fact, FlowView, Terms

ITEMS = (("1", SKU), ("2", SECOND))
SHARES = st.sampled_from([None, 0, Decimal("0.5"), 1, 1, 1, 2])
"""Of what is ordered, mostly all."""
SIZES = st.sampled_from([(10, 10), (10, 30), (10, 30), (10, 0)])
CLASSES = st.sampled_from(["accepted", "accepted", "accepted", "backordered", "rejected"])


def mostly(draw, common, strategy):
    """What both lines have, once in five something else."""
    return draw(strategy) if draw(st.integers(0, 4)) == 0 else common


def both(draw, make, sizes, **more):
    """A line of a document for each line of the order, mostly of the same share of it and otherwise alike."""
    common = {name: draw(strategy) for name, strategy in more.items()}
    share_of_both = draw(SHARES)
    lines = []
    for (number, item), size in zip(ITEMS, sizes, strict=True):
        share = mostly(draw, share_of_both, SHARES)
        own = {name: mostly(draw, common[name], strategy) for name, strategy in more.items()}
        lines.append(make(number, None if share is None else size * share, item=item, **own))
    return lines[: mostly(draw, 2, st.just(1))]


def answer(number, quantity, *, item, told, on, basis):
    """One part, or two of a half each for days of their own."""
    dates = [None if each is None else day(each).date() for each in on]
    sizes = [None if quantity is None else quantity / len(on) for _ in on]
    parts = [part(told, size, date=date, basis=basis) for size, date in zip(sizes, dates, strict=True)]
    return answer_line(number, *parts, item=item)


@st.composite
def lives(draw) -> list[Fact]:
    sizes = draw(SIZES)
    basis = draw(st.sampled_from(["dock", "ship", "available"]))
    asked = draw(st.sampled_from([(), (20,), (20, 24)]))
    requests = [tuple(wanted(on, None if len(asked) == 1 else 5, basis) for on in asked)] * 2
    if draw(st.integers(0, 4)) == 0:
        requests[1] = (wanted(22, basis=basis),)
    lines = [
        order_line(number, size, item=item, requests=dates)
        for (number, item), size, dates in zip(ITEMS, sizes, requests, strict=True)
    ]
    facts = [placed(*lines[: mostly(draw, 2, st.just(1))])] if draw(st.integers(0, 5)) else []
    promised = st.sampled_from([(None,), (20,), (23,), (20, 24)])
    said = {"told": CLASSES, "on": promised, "basis": st.just(basis)}
    if draw(st.integers(0, 4)):
        facts.append(answered(*both(draw, answer, sizes, **said)))
    facts.append(shipped("A-1", *both(draw, ship, sizes)))
    if draw(st.integers(0, 3)) == 0:
        facts.append(answered(*both(draw, answer, sizes, **said), at=day(11)))
    if draw(st.booleans()):
        facts.append(shipped("A-2", *both(draw, ship, sizes), at=day(12)))
    facts.append(received("R-1", *both(draw, receipt, sizes)))
    if draw(st.booleans()):
        facts.append(received("R-2", *both(draw, receipt, sizes), at=day(18)))
    prices = st.sampled_from(["34.56", "34.56", "40"])
    facts.append(invoiced("I-1", *both(draw, bill, sizes, price=prices)))
    if draw(st.integers(0, 3)) == 0:
        told = change("2", 30, draw(st.sampled_from(["change", "delete"])), item=SECOND)
        facts.append(changed(told, at=day(draw(st.sampled_from([4, 14])))))
    if draw(st.integers(0, 3)) == 0:
        facts.append(closed("2"))
    return facts[: draw(st.integers(1, len(facts)))]


TERMS_OF_PARTNERS = st.sampled_from(
    [
        TERMS,
        structs.replace(TERMS, not_sent=frozenset({"shipped"})),
        structs.replace(TERMS, not_sent=frozenset({"acknowledged"})),
        structs.replace(TERMS, live_from=day(20).date()),
    ]
)


def each_by_itself(monkeypatch: pytest.MonkeyPatch, facts: list[Fact], terms: Terms) -> FlowView:
    """The same order with nothing shared."""
    with monkeypatch.context() as patch:
        patch.setattr(projector, "told_of", lambda *_: (object(),))
        return projector.derive(facts=facts, terms=terms, units=TestUnits())


@settings(max_examples=1000)
@given(st.one_of(lives(), lives(), LIVES), TERMS_OF_PARTNERS)
def test_shared_milestones_are_those_of_each_line(
    monkeypatch: pytest.MonkeyPatch, facts: list[Fact], terms: Terms
):
    view = projector.derive(facts=facts, terms=terms, units=TestUnits())
    if len(view.lines) > 1:
        event(f"shared: {view.lines[0].milestones is view.lines[1].milestones}")
    assert view == each_by_itself(monkeypatch, facts, terms)


PARTS = list(product(("", "half", "all"), repeat=4))
"""How much of a line is confirmed, shipped, received and billed."""


def line_of(make, index: int, told: str, *, confirmed: bool = False):
    (number, item), size = ITEMS[index], (10, 30)[index]
    quantity = size // 2 if told == "half" else size
    if not told:
        return []
    return [
        make(number, part("accepted", quantity), item=item)
        if confirmed
        else make(number, quantity, item=item)
    ]


def life_of(first: tuple[str, ...], second: tuple[str, ...]) -> list[Fact]:
    """Two lines of other sizes, each confirmed, shipped, received and billed to some part."""
    confirmed, sent, came, billed = (
        line_of(make, 0, mine, confirmed=make is answer_line)
        + line_of(make, 1, other, confirmed=make is answer_line)
        for make, mine, other in zip((answer_line, ship, receipt, bill), first, second, strict=True)
    )
    facts = [placed(order_line("1", 10), order_line("2", 30, item=SECOND))]
    facts += [answered(*confirmed)] if confirmed else []
    facts += [shipped("A-1", *sent)] if sent else []
    facts += [received("R-1", *came)] if came else []
    return facts + ([invoiced("I-1", *billed)] if billed else [])


def test_lines_are_alike_only_where_the_same_part_of_each_was_told(monkeypatch: pytest.MonkeyPatch):
    shared = set()
    for first, second in combinations_with_replacement(PARTS, 2):
        facts = life_of(first, second)
        view = projector.derive(facts=facts, terms=TERMS, units=TestUnits())
        assert view == each_by_itself(monkeypatch, facts, TERMS)
        if view.lines[0].milestones is view.lines[1].milestones:
            shared.add((first, second))
    assert {(each, each) for each in PARTS if "half" not in each} == shared


def test_lines_told_in_full_by_the_same_documents_share_their_milestones():
    view = view_of(
        placed(order_line("1", 10), order_line("2", 30, item=SECOND)),
        shipped("A-1", ship("1", 10), ship("2", 30, item=SECOND)),
    )
    assert view.lines[0].milestones is view.lines[1].milestones


def test_a_line_that_is_short_has_milestones_of_its_own():
    view = view_of(
        placed(order_line("1", 10), order_line("2", 30, item=SECOND)),
        shipped("A-1", ship("1", 10), ship("2", 20, item=SECOND)),
    )
    assert [line.milestones[3].done for line in view.lines] == [True, False]


TWO = placed(order_line("1", 10), order_line("2", 30, item=SECOND))


def test_a_line_that_left_with_another_shipment_has_a_day_of_its_own():
    view = view_of(
        TWO, shipped("A-1", ship("1", 10), at=day(10)), shipped("A-2", ship("2", 30, item=SECOND), at=day(12))
    )
    assert [line.milestones[3].actual_at for line in view.lines] == [day(10), day(12)]


def test_a_line_that_is_billed_at_another_price_does_not_match():
    view = view_of(
        TWO,
        shipped("A-1", ship("1", 10), ship("2", 30, item=SECOND)),
        received("R-1", receipt("1", 10), receipt("2", 30, item=SECOND)),
        invoiced("I-1", bill("1", 10), bill("2", 30, price="40", item=SECOND)),
    )
    assert [line.milestones[-1].done for line in view.lines] == [True, False]


def test_a_line_that_was_answered_later_was_answered_then():
    first = answered(answer_line("1", part("accepted", 10)), at=day(3))
    second = answered(answer_line("2", part("accepted", 30), item=SECOND), at=day(4))
    assert [line.milestones[2].actual_at for line in view_of(TWO, first, second).lines] == [day(3), day(4)]
