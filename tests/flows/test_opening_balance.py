"""An opening balance is where an order stood; what came before is in it, what comes after counts on top."""

import datetime as dt
from decimal import Decimal

import pytest
from balances import amounts, balance, line_one, stood
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import (
    SECOND,
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
    milestone_of,
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
from owned import everywhere, mirror, primary, told_by, view_under
from whole_lives import LIVES

from visibility.canonical.documents import Schedule
from visibility.flows.history import standing
from visibility.flows.projector import derive
from visibility.flows.state import Terms, merge, pack_view
from visibility.triage.findings import Names
from visibility.triage.rules import NO_TOLERANCES, detect

OPEN = stood(confirmed=100, shipped=60, received=60, billed=40, price="34.56")


def told(*numbers):
    return tuple(None if number is None else Decimal(number) for number in numbers)


def kinds(view):
    names = Names(supplier="Acme Industries", ship_to="Dallas DC")
    return {each.kind for each in detect(view=view, as_of=day(29), names=names, tolerances=NO_TOLERANCES)}


def test_a_balance_alone_is_the_order_as_it_stood():
    view = view_of(balance(OPEN))
    assert (view.placed, view.number, amounts(view)) == (True, "4500001", told(100, 100, 60, 60, 40))
    assert kinds(view) == set()


def test_what_happens_after_the_balance_counts_on_top():
    view = view_of(
        balance(OPEN),
        shipped("ASN-9", ship(quantity=40), at=day(12)),
        received("R-9", receipt(quantity=40), at=day(16)),
        invoiced("INV-9", bill(quantity=60), at=day(16)),
    )
    assert amounts(view) == told(100, 100, 100, 100, 100)
    assert kinds(view) == set()
    came = milestone_of(line_one(view), "received")
    assert (came.done, came.actual_at) == (True, day(16))


def test_what_happened_before_the_balance_counts_no_more_in_any_quantity():
    before = [
        placed(order_line(quantity=120), at=day(2)),
        answered(answer_line("1", part("accepted", 120)), at=day(3)),
        changed(change(quantity=110), at=day(4), version="1"),
        shipped("ASN-1", ship(quantity=50), at=day(5)),
        received("R-1", receipt(quantity=50), at=day(6)),
        invoiced("INV-1", bill(quantity=50), at=day(7)),
    ]
    assert amounts(view_of(*before, balance(OPEN))) == amounts(view_of(balance(OPEN)))


def test_a_late_document_with_an_earlier_date_is_in_the_balance_by_any_witness():
    for witness in ("erp", "wms", "phone"):
        late = received("R-7", receipt(quantity=15), at=day(8), witness=witness)
        assert line_one(view_of(balance(OPEN), late)).received == 60


def test_a_better_witness_of_the_time_before_does_not_silence_what_comes_after():
    view = view_of(
        received("R-1", receipt(quantity=60), at=day(6), witness="erp"),
        balance(OPEN),
        received("R-2", receipt(quantity=40), at=day(16), witness="wms"),
    )
    assert line_one(view).received == 100


def test_what_the_balance_does_not_say_is_read_from_the_documents():
    view = view_of(
        placed(order_line(price="30.00"), at=day(2)),
        shipped("ASN-1", ship(quantity=50), at=day(5)),
        received("R-1", receipt(quantity=50), at=day(6)),
        balance(stood(received=60)),
    )
    line = line_one(view)
    assert (line.unit_price, line.shipped, line.received, line.confirmed) == (*told("30.00", 60, 60), None)


def test_what_came_in_before_the_balance_beyond_all_notices_had_left_once_there_are_notices():
    view = view_of(
        balance(stood(received=60)),
        shipped("ASN-9", ship(quantity=40), at=day(12)),
        received("R-9", receipt(quantity=40), at=day(16)),
    )
    assert (line_one(view).shipped, kinds(view)) == (Decimal(100), set())


def test_goods_on_their_way_at_the_balance_are_not_missing():
    under_way = balance(stood(confirmed=100, shipped=60, received=40))
    assert kinds(view_of(under_way)) == set()
    assert kinds(view_of(balance(stood(confirmed=100, received=40)))) == set()
    came = view_of(under_way, received("R-9", receipt(quantity=20), at=day(12)))
    assert (line_one(came).received, kinds(came)) == (Decimal(60), set())


def test_a_shipment_under_way_at_the_balance_that_comes_in_short_is_found():
    view = view_of(
        balance(stood(confirmed=100, shipped=60, received=40)),
        received("R-9", receipt(quantity=12), at=day(12)),
    )
    assert kinds(view) == {"received_short"}


def test_nothing_confirmed_by_then_is_no_answer_yet():
    line = line_one(view_of(balance(stood(confirmed=0))))
    assert (line.answered, line.confirmed) == (False, None)


def test_a_day_promised_without_a_quantity_is_for_all_that_was_ordered():
    promise = Schedule(date=dt.date(2026, 11, 20), basis="dock")
    line = line_one(view_of(balance(stood(promises=(promise,), requests=(wanted(18),)))))
    assert (line.confirmed, [each.date for each in line.promises]) == (100, [promise.date])
    assert "promised_late" in kinds(view_of(balance(stood(promises=(promise,), requests=(wanted(18),)))))


def test_an_answer_after_the_balance_takes_the_place_of_what_was_confirmed():
    view = view_of(balance(OPEN), answered(answer_line("1", part("accepted", 70)), at=day(11)))
    assert line_one(view).confirmed == 70


def test_a_change_after_the_balance_changes_what_was_ordered_and_waits_for_an_answer():
    line = line_one(view_of(balance(OPEN), changed(change(quantity=140), at=day(11), version="2")))
    assert (line.ordered, line.change_unanswered) == (140, True)


def test_when_what_the_balance_tells_happened_is_unknown():
    done = balance(stood(confirmed=100, shipped=100, received=100, billed=100), ordered_on=None)
    steps = {each.name: each for each in line_one(view_of(done)).milestones}
    assert [steps[n].done for n in ("ordered", "acknowledged", "shipped", "received", "invoiced")] == [
        True
    ] * 5
    assert {each.actual_at for each in steps.values()} == {None}


def test_the_last_part_dates_a_step_that_the_balance_had_begun():
    view = view_of(balance(OPEN), received("R-9", receipt(quantity=40), at=day(17)))
    assert milestone_of(line_one(view), "received").actual_at == day(17)


def test_a_later_balance_takes_the_place_of_the_earlier_one_line_by_line():
    second = balance(stood(received=80, confirmed=100), as_of=day(12))
    first = balance(OPEN, stood("2", 50, item=SECOND, received=10))
    view = view_of(first, second)
    assert [line.received for line in view.lines] == [80, 10]
    whole = view_of(
        first, structs.replace(second, document=structs.replace(second.document, purpose="replace"))
    )
    assert [line.received for line in whole.lines] == [80]


def test_lines_that_come_as_a_balance_each_are_one_order():
    view = view_of(balance(stood("20", 5, item=SECOND), name="b"), balance(stood("10", 7), name="a"))
    assert [(line.line, line.ordered) for line in view.lines] == [("10", 7), ("20", 5)]


def test_a_balance_that_is_cancelled_gives_back_what_the_documents_say():
    before = received("R-1", receipt(quantity=50), at=day(6))
    order = placed(order_line(quantity=120), at=day(2))
    taken = balance(purpose="cancel", name="cancelled")
    view = view_of(order, before, balance(OPEN), taken)
    assert pack_view(structs.replace(view, last_fact_at=None)) == pack_view(
        structs.replace(view_of(order, before), last_fact_at=None)
    )


def test_a_cancellation_that_names_a_line_takes_back_that_line_alone():
    first = balance(OPEN, stood("2", 50, item=SECOND, received=10))
    view = view_of(first, balance(stood("2", None, item=SECOND), purpose="cancel", name="cancelled"))
    assert [line.line for line in view.lines] == ["1"]


@pytest.mark.parametrize(
    ("correction", "received_by_now"),
    [
        (received("R-1", receipt(quantity=20), at=day(12), purpose="cancel"), 10),
        (received("R-1", receipt(quantity=65), at=day(12), purpose="replace"), 75),
        (received("RV-1", receipt(quantity=20), at=day(12), reverses="R-1"), 40),
        (received("RV-2", receipt(quantity=20), at=day(12), reverses="R-0"), 40),
        (received("RV-1", receipt(quantity=20), at=day(8), reverses="R-1"), 60),
    ],
    ids=["cancelled", "replaced", "reversed in part", "reversed, never told", "reversed before"],
)
def test_what_corrects_after_the_balance_a_receipt_from_before_counts_by_as_much_as_it_corrects(
    correction, received_by_now
):
    first = received("R-1", receipt(quantity=50), at=day(6))
    assert line_one(view_of(first, balance(OPEN), correction)).received == received_by_now


def test_a_credit_note_after_the_balance_counts_against_what_had_been_billed():
    known = invoiced("INV-1", bill(quantity=40), at=day(6))
    credit = invoiced("CR-1", bill(quantity=15), at=day(12), kind="credit", corrects="INV-1")
    assert line_one(view_of(known, balance(OPEN), credit)).invoiced == 25
    assert line_one(view_of(balance(OPEN), credit)).invoiced == 25


def test_an_order_cancelled_before_the_balance_is_open_and_one_cancelled_after_it_is_not():
    order = placed(order_line(), at=day(2))
    called_off = placed(order_line(), at=day(5), purpose="cancel")
    assert view_of(order, called_off, balance(OPEN)).cancelled is False
    assert (
        view_of(
            order,
            structs.replace(
                called_off,
                document=structs.replace(called_off.document, issued_at=day(12)),
                envelope_at=day(12),
            ),
            balance(OPEN),
        ).cancelled
        is True
    )


def test_a_line_given_up_before_the_balance_is_open_in_it():
    assert line_one(view_of(balance(OPEN), closed("1", at=day(8)))).closed is False
    assert line_one(view_of(balance(OPEN), closed("1", at=day(12)))).closed is True


def test_a_balance_of_a_day_holds_for_all_of_that_day_where_the_goods_are():
    of_the_day = balance(OPEN, as_of=dt.datetime(2026, 11, 9, tzinfo=dt.UTC))
    evening = received("R-9", receipt(quantity=5), at=dt.datetime(2026, 11, 10, 1, tzinfo=dt.UTC))
    chicago = structs.replace(TERMS, calendar=structs.replace(TERMS.calendar, zone="America/Chicago"))
    view = derive(facts=[of_the_day, evening], terms=chicago, units=TestUnits())
    assert line_one(view).received == 60
    assert line_one(view_of(of_the_day, received("R-9", receipt(quantity=5), at=day(10)))).received == 65


def test_documents_from_before_are_shown_as_being_in_the_balance():
    before, after = (received(n, receipt(quantity=5), at=day(d)) for n, d in (("R-1", 6), ("R-2", 12)))
    fates = {each.fact.id: each.how for each in standing([before, balance(OPEN), after], TestUnits())}
    assert (fates[before.id], fates[after.id]) == ("carried", None)


def test_clocks_run_for_an_order_from_before_go_live_that_was_brought_with_a_balance():
    promise = Schedule(date=dt.date(2026, 11, 20), basis="dock")
    opened = balance(stood(confirmed=100, promises=(promise,)), ordered_on=dt.date(2026, 10, 1))
    live = Terms(calendar=TERMS.calendar, live_from=dt.date(2026, 11, 10))
    steps = derive(facts=[opened], terms=live, units=TestUnits()).milestones
    assert next(each for each in steps if each.name == "arrived").due_at is not None
    long_live = Terms(calendar=TERMS.calendar, live_from=dt.date(2026, 11, 20))
    stopped = derive(facts=[opened], terms=long_live, units=TestUnits()).milestones
    assert next(each for each in stopped if each.name == "arrived").unclocked == "before_go_live"


def test_systems_are_compared_from_the_balance_on():
    own = everywhere(receipt=(primary("wms-dal"), mirror("erp-1", 9)))
    before = [
        told_by("wms-dal", received("R-1", receipt(quantity=50), at=day(6), witness="wms")),
        told_by("erp-1", received("R-1", receipt(quantity=45), at=day(6), witness="erp")),
    ]
    after = [
        told_by("wms-dal", received("R-2", receipt(quantity=40), at=day(16), witness="wms")),
        told_by("erp-1", received("R-2", receipt(quantity=40), at=day(16), witness="erp")),
    ]
    assert line_one(view_under(own, *before, *after)).mirrors[0].differs == (50, 45)
    line = line_one(view_under(own, balance(OPEN), *before, *after))
    assert (line.received, [each.differs for each in line.mirrors]) == (100, [None])
    assert not any(each.due_at or each.counted_due_at for each in line.mirrors)
    assert not line_one(view_under(own, balance(OPEN), *before)).mirrors


QUANTITIES = st.one_of(st.none(), st.sampled_from([0, 20, 40, 60, 100]))


@st.composite
def balances(draw):
    lines = [
        stood(
            number,
            draw(QUANTITIES),
            item=item,
            unit=draw(st.sampled_from(["CA", "CA", "EA", ""])),
            **{name: draw(QUANTITIES) for name in ("confirmed", "shipped", "received", "billed")},
        )
        for number, item in draw(
            st.lists(st.sampled_from([("1", OPEN.item), ("2", SECOND), ("", SECOND)]), max_size=2)
        )
    ]
    return balance(
        *lines,
        as_of=day(draw(st.sampled_from([4, 9, 14])), draw(st.sampled_from([0, 18]))),
        issued_at=draw(st.sampled_from([None, day(20)])),
        purpose=draw(st.sampled_from(["original", "original", "original", "replace", "cancel"])),
        name=draw(st.sampled_from(["", "b1", "b2"])),
    )


@settings(max_examples=300)
@given(life=LIVES, opened=st.lists(balances(), min_size=1, max_size=3), data=st.data())
def test_any_arrival_of_a_life_with_balances_gives_the_same_view(life, opened, data):
    facts = list({each.id: each for each in (*life, *opened)}.values())
    whole = pack_view(view_of(*facts))
    kept: list = []
    for each in data.draw(st.permutations(facts)):
        kept = merge(kept, [each])
    assert pack_view(derive(facts=kept, terms=TERMS, units=TestUnits())) == whole
    assert len(standing(facts, TestUnits())) == len(facts)
    assert kinds(view_of(*facts)) >= set()


@settings(max_examples=300)
@given(life=LIVES, opened=st.sampled_from([balance(OPEN), balance(OPEN, stood("2", 50, item=SECOND))]))
def test_a_life_that_was_over_before_the_balance_changes_none_of_its_quantities(life, opened):
    past = [
        structs.replace(each, document=_moved(each.document), envelope_at=day(2))
        for each in life
        if not each.document.replaces
    ]
    facts = list({each.id: each for each in (*past, opened)}.values())
    assert amounts(view_of(*facts)) == amounts(view_of(opened))


def _moved(document):
    """The same document of 2 November, the week before the balance."""
    names = ("issued_at", "received_at", "shipped_at", "occurred_at", "released_at")
    changes = {name: day(2) for name in names if getattr(document, name, None) is not None}
    if getattr(document, "invoiced_on", None):
        changes["invoiced_on"] = day(2).date()
    return structs.replace(document, **changes)
