"""Taking everything back gives what was there without it, in whatever life of an order it happens."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import (
    SECOND,
    answer_line,
    answered,
    bill,
    change,
    changed,
    closed,
    day,
    fact,
    invoiced,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
)
from msgspec import structs
from whole_lives import DAYS, LIVES, QUANTITIES, orders

from visibility.canonical.documents import GoodsReceived, InvoiceReceived, ShipmentNotified, TransportStatus
from visibility.flows.state import Fact, FlowView, pack_view

# What is taken back is told after everything else in these lives, under numbers that nothing else has.
LAST, AFTER = day(26), day(27)
SIZES = st.sampled_from([1, 10, 60, 120])
_COUNTED = {ShipmentNotified: ("edi", "portal"), GoodsReceived: ("wms",), InvoiceReceived: ("edi",)}


def of_one_witness(facts: list[Fact]) -> list[Fact]:
    """Without the movements of other witnesses: one who takes back what he told still silences worse ones."""
    return [each for each in facts if each.witness in _COUNTED.get(type(each.document), (each.witness,))]


ORDERED = st.tuples(orders(), LIVES).map(lambda told: of_one_witness([told[0], *told[1]]))


def seen(*facts: Fact) -> bytes:
    """The view without when anything was last told, which a cancellation changes, too."""
    view: FlowView = view_of(*facts)
    view.last_fact_at = None
    return pack_view(view)


def told(kind: str, quantity: int) -> tuple[Fact, Fact]:
    """A document that nobody else speaks of, and its cancellation."""
    lines: dict[str, Any] = {
        "ship": lambda **more: shipped("U1", ship("1", quantity), ship("", 5, item=SECOND), **more),
        "receipt": lambda **more: received("U1", receipt("1", quantity), receipt("", 5, item=SECOND), **more),
        "invoice": lambda **more: invoiced("U1", bill("1", quantity), **more),
        "answer": lambda **more: answered(answer_line("1", part("accepted", quantity)), version="U|", **more),
        "change": lambda **more: changed(change("1", quantity), version="U", **more),
        "status": lambda **more: fact(
            TransportStatus(shipment="N1", status="arrived", occurred_at=LAST, issued_at=more["at"], **more),
            witness="phone",
        ),
    }
    if kind == "status":
        status = TransportStatus(shipment="N1", status="arrived", occurred_at=LAST, issued_at=LAST)
        undone = structs.replace(status, issued_at=AFTER, purpose="cancel")
        return fact(status, witness="phone"), fact(undone, witness="phone")
    return lines[kind](at=LAST), lines[kind](at=AFTER, purpose="cancel")


@settings(max_examples=150)
@given(
    life=ORDERED,
    kind=st.sampled_from(["ship", "receipt", "invoice", "answer", "change", "status"]),
    quantity=SIZES,
)
def test_what_is_told_and_cancelled_leaves_everything_as_it_was(life, kind, quantity):
    document, undone = told(kind, quantity)
    assert seen(*life, document, undone) == seen(*life)
    assert seen(undone, *life, document) == seen(*life)


@settings(max_examples=150)
@given(life=ORDERED, quantity=SIZES, sign=st.sampled_from([1, -1]), lines=st.booleans())
def test_a_receipt_reversed_by_name_was_never_received(life, quantity, sign, lines):
    there = received("U1", receipt("1", quantity), at=LAST)
    back = [receipt("1", sign * quantity)] if lines else []
    counter = received("U2", *back, at=AFTER, reverses="U1")
    assert seen(*life, there, counter) == seen(*life)


@settings(max_examples=100)
@given(life=ORDERED, quantity=SIZES, part_of_it=st.integers(1, 120))
def test_a_receipt_reversed_in_part_is_a_smaller_receipt(life, quantity, part_of_it):
    there = received("U1", receipt("1", quantity), at=LAST)
    counter = received("U2", receipt("1", part_of_it), at=AFTER, reverses="U1")
    left = [received("U1", receipt("1", quantity - part_of_it), at=LAST)] if part_of_it < quantity else []
    assert seen(*life, there, counter) == seen(*life, *left)


@settings(max_examples=100)
@given(life=ORDERED, quantity=SIZES)
def test_a_ship_notice_replaced_under_another_number_is_the_new_one(life, quantity):
    first = shipped("U1", ship("1", 7), at=LAST)
    second = shipped("U2", ship("1", quantity), at=AFTER, replaces="U1")
    alone = shipped("U2", ship("1", quantity), at=AFTER)
    assert seen(*life, first, second) == seen(*life, alone)


@settings(max_examples=150)
@given(life=ORDERED, quantity=SIZES, price=st.sampled_from(["34.56", "40"]), named=st.booleans())
def test_an_invoice_credited_in_full_bills_nothing(life, quantity, price, named):
    wrong = invoiced("U1", bill("1", quantity, price), at=LAST)
    credit = invoiced(
        "U2", bill("1", quantity, price), kind="credit", at=AFTER, corrects="U1" if named else ""
    )
    before, after = view_of(*life), view_of(*life, wrong, credit)
    billed = {line.line: line for line in before.lines}
    for line in after.lines:
        was = billed.get(line.line)
        assert (line.invoiced or 0) == ((was.invoiced if was else 0) or 0)
        assert sorted(line.billed_prices) == sorted(was.billed_prices if was else [])


@settings(max_examples=150)
@given(life=ORDERED, size=st.integers(1, 50))
def test_a_change_and_its_counter_change_order_what_was_ordered(life, size):
    up = changed(change("1", delta=Decimal(size)), version="U", at=LAST)
    down = changed(change("1", delta=Decimal(-size)), version="V", at=AFTER)
    before = {line.line: (line.ordered, line.confirmed) for line in view_of(*life).lines}
    after = {line.line: (line.ordered, line.confirmed) for line in view_of(*life, up, down).lines}
    assert after == before


@settings(max_examples=100)
@given(life=ORDERED, quantity=QUANTITIES, on=DAYS)
def test_an_order_called_off_and_told_anew_starts_from_what_is_told_anew(life, quantity, on):
    life = [each for each in life if type(each.document) not in _COUNTED]
    undone = placed(at=LAST, purpose="cancel", witness="erp")
    new = placed(at=AFTER, witness="erp")
    line = view_of(*life, undone, new).lines[0]
    assert (line.ordered, line.answered, line.cancelled) == (100, False, False)
    assert view_of(*life, undone).cancelled


@pytest.mark.parametrize("reopened", [False, True])
def test_a_closing_cancelled_is_as_if_nobody_had_said_it(reopened):
    before = [placed(), closed("1", at=day(19), reopened=not reopened)]
    word = closed("1", at=day(20), reopened=reopened)
    undone = fact(structs.replace(word.document, purpose="cancel", issued_at=day(21)), witness="desk")
    assert seen(*before, word, undone) == seen(*before)
