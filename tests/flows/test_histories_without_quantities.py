"""Orders of which nobody told how much: what happened is kept and counted, the quantities stay unknown."""

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lives import PO, TERMS, TestUnits, day, fact, order_line, placed, receipt, received, view_of
from msgspec import structs
from untold import (
    asked,
    bill,
    block,
    changed_line,
    confirmed,
    count_of,
    goods,
    ordered,
    paid,
    work,
    written,
)

from visibility.canonical.documents import GoodsReceived, LineChange, OrderChanged, OrderPlaced, ReceiptLine
from visibility.flows.counted import is_untold, oddities, progress
from visibility.flows.projector import derive
from visibility.flows.sentences import summarise
from visibility.flows.services import stage_of, state_of, value_of
from visibility.flows.state import Fact, FlowView, LineView, merge, pack_facts, pack_view, unpack_facts
from visibility.triage.findings import CLOCK_KINDS, Names
from visibility.triage.rules import NO_TOLERANCES, detect

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC")
LATER = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
QUANTITIES = ("ordered", "confirmed", "backordered", "rejected", "shipped", "received", "damaged", "invoiced")


def step(owner: FlowView | LineView, name: str):
    return next(each for each in owner.milestones if each.name == name)


def findings(view: FlowView):
    return detect(view=view, as_of=LATER, names=NAMES, tolerances=NO_TOLERANCES)


def test_quantities_nobody_told_stay_unknown_and_are_never_nought():
    view = view_of(ordered(2), confirmed(3), goods(4), goods(5), work(5), bill(6), paid(8))
    (line,) = view.lines
    assert [getattr(line, name) for name in QUANTITIES] == [None] * len(QUANTITIES)


def test_what_happened_is_counted_with_its_first_and_last_time():
    view = view_of(ordered(2), goods(4), goods(9), goods(6), work(5), bill(6), bill(7), paid(8))
    (line,) = view.lines
    receipts = count_of(line, "received")
    assert (receipts.times, receipts.taken_back) == (3, 0)
    assert (receipts.first_at, receipts.last_at) == (day(4), day(9))
    assert [count_of(line, kind).times for kind in ("accepted", "invoiced", "paid")] == [1, 2, 1]


def test_a_step_that_happened_in_unknown_extent_is_unknown_and_says_when():
    view = view_of(ordered(2), goods(4), goods(9), bill(6), paid(8))
    for owner in (view, view.lines[0]):
        received_step = step(owner, "received")
        assert received_step.state(LATER) == "unknown"
        assert (received_step.first_at, received_step.actual_at) == (day(4), day(9))
        assert {step(owner, name).state(LATER) for name in ("invoiced", "matched", "paid")} == {"unknown"}
    assert step(view, "ordered").actual_at == day(2)
    assert stage_of(view) == "paid"


def test_steps_before_the_last_one_told_are_not_waited_for():
    view = view_of(ordered(2), bill(6))
    assert {step(view, name).state(LATER) for name in ("acknowledged", "shipped", "arrived")} == {"unknown"}


def test_an_order_without_quantities_is_neither_open_nor_done():
    view = view_of(ordered(2), goods(4), bill(6), paid(8))
    assert state_of(view, to_decide=0) == "untold"
    assert state_of(view_of(ordered(2)), to_decide=0) == "untold"
    assert progress(view) == "1 line ordered; 1 receipt; 1 invoice; 1 payment; quantities not told."


def test_unknown_quantities_are_no_finding_however_late_it_is():
    view = view_of(
        ordered(2),
        ordered(3, line="20"),
        confirmed(3),
        goods(4),
        bill(6),
        bill(7),
        changed_line(8, "quantity"),
    )
    assert findings(view) == []


def test_lines_ordered_in_documents_of_their_own_stand_side_by_side():
    view = view_of(ordered(2, line="00010"), ordered(5, line="00020", worth="70.5"), ordered(5, line="00030"))
    assert [line.line for line in view.lines] == ["00010", "00020", "00030"]
    assert [step(line, "ordered").actual_at for line in view.lines] == [day(2), day(5), day(5)]
    assert view.ordered_on == dt.date(2026, 11, 2)
    assert step(view, "ordered").actual_at == day(2)
    assert view.conflicts == []


def test_a_line_told_again_replaces_that_line_alone():
    again = structs.replace(ordered(6).document, purpose="replace", lines=(order_line("10", 40),))
    view = view_of(ordered(2), ordered(3, line="20"), fact(again, witness="erp"))
    assert [(line.line, line.ordered) for line in view.lines] == [("10", Decimal(40)), ("20", None)]


def test_a_line_taken_back_leaves_the_order_standing():
    gone = structs.replace(ordered(6).document, purpose="cancel")
    view = view_of(ordered(2), ordered(3, line="20"), fact(gone, witness="erp"))
    assert [line.line for line in view.lines] == ["20"]
    assert not view.cancelled


def test_a_line_whose_order_document_is_still_to_come_is_no_stranger():
    view = view_of(ordered(2), goods(4, line="20"))
    assert findings(view) == []
    assert step(view.lines[1], "ordered").state(LATER) == "unknown"
    assert [line.known for line in view_of(ordered(2), goods(4, line="20"), ordered(3, line="20")).lines] == [
        True,
        True,
    ]


def test_the_worth_of_a_line_is_what_its_order_says():
    view = view_of(ordered(2, worth="848704.0"), ordered(3, line="20", worth="12.5"), bill(6))
    assert view.lines[0].worth == Decimal(848704)
    assert value_of(view) == Decimal("848716.5000")
    assert view.lines[0].invoiced_amount is None
    assert view.lines[0].unit_price is None
    assert value_of(view_of(ordered(2), changed_line(4, "price"))) is None


def test_price_and_quantity_go_before_what_somebody_says_a_line_is_worth():
    view = view_of(placed(order_line("1", 10, price="2.50", worth=Decimal(99))))
    assert value_of(view) == Decimal("25.0000")


def test_a_quantity_changed_to_something_unsaid_is_not_known_any_more():
    change = OrderChanged(
        order=PO, issued_at=day(5), lines=(LineChange(line="1", untold=("quantity", "price", "dates")),)
    )
    view = view_of(placed(order_line("1", 100)), fact(change, witness="erp"))
    (line,) = view.lines
    assert (line.ordered, line.unit_price, line.requests) == (None, None, [])
    assert count_of(line, "changed").times == 1


def test_a_receipt_without_a_quantity_makes_the_received_quantity_unknown():
    told = received("R-1", receipt("1", 60))
    untold = received("R-2", ReceiptLine(line="1"))
    view = view_of(placed(order_line("1", 100)), told, untold)
    assert view.lines[0].received is None
    assert count_of(view.lines[0], "received").times == 1
    assert [each.kind for each in findings(view)] == ["acknowledgement_overdue", "received_without_asn"]


def test_a_reversal_that_names_no_receipt_takes_its_quantity_back():
    back = GoodsReceived(order=PO, reversal=True, received_at=day(17), lines=(receipt("1", 20),))
    view = view_of(placed(order_line("1", 100)), received("R-1", receipt("1", 60)), fact(back, witness="wms"))
    assert view.lines[0].received == 40


def test_more_reversals_than_receipts_are_told_as_they_are():
    view = view_of(ordered(2), goods(4), goods(5, reversal=True), goods(6, reversal=True))
    (line,) = view.lines
    assert (count_of(line, "received").times, count_of(line, "received").taken_back) == (1, 2)
    assert line.received is None
    assert oddities(line) == ["more receipts taken back than told"]
    assert findings(view) == []
    assert oddities(view_of(ordered(2), goods(5, reversal=True)).lines[0]) == [
        "a receipt taken back, none told"
    ]


def test_goods_on_a_deleted_line_are_shown_on_the_deleted_line():
    view = view_of(ordered(2), changed_line(3, op="delete"), goods(4))
    (line,) = view.lines
    assert line.cancelled
    assert count_of(line, "received").times == 1
    assert step(line, "received").state(LATER) == "unknown"
    assert step(line, "invoiced").state(LATER) == "not_applicable"
    assert oddities(line) == ["deleted, and goods were received"]
    assert state_of(view, to_decide=0) == "untold"
    assert findings(view) == []


def test_an_order_whose_lines_are_all_deleted_is_cancelled():
    view = view_of(ordered(2), changed_line(3, op="delete"))
    assert state_of(view, to_decide=0) == "cancelled"


def test_a_deleted_line_can_be_wanted_again():
    deleted, again = changed_line(3, op="delete"), changed_line(4, op="reopen")
    assert not view_of(ordered(2), deleted, again).lines[0].cancelled
    assert view_of(ordered(2), again, changed_line(5, op="delete")).lines[0].cancelled


def test_of_equal_times_the_sequence_says_which_came_last():
    deleted = changed_line(3, op="delete", at=day(3), sequence=9)
    again = changed_line(4, op="reopen", at=day(3), sequence=10)
    assert not view_of(ordered(2), again, deleted).lines[0].cancelled
    deleted = changed_line(3, op="delete", at=day(3), sequence=11)
    assert view_of(ordered(2), again, deleted).lines[0].cancelled


def test_an_invoice_from_before_its_order_is_shown_and_hurts_nothing():
    early = written(1, at=dt.datetime(2001, 1, 23, 22, 59, tzinfo=dt.UTC))
    view = view_of(early, ordered(2), bill(6))
    (line,) = view.lines
    assert count_of(line, "issued").first_at == dt.datetime(2001, 1, 23, 12, tzinfo=dt.UTC)
    assert count_of(line, "issued").date_only
    assert view.ordered_on == dt.date(2026, 11, 2)
    assert oddities(line) == ["first bill written before the order"]
    assert findings(view) == []


def test_a_bill_written_is_not_a_bill_received():
    view = view_of(ordered(2), written(4))
    assert count_of(view.lines[0], "invoiced").times == 0
    assert step(view, "invoiced").first_at is None


def test_a_subsequent_bill_moves_no_quantity():
    view = view_of(ordered(2), bill(4), bill(5, kind="subsequent"), bill(6, kind="subsequent", reversal=True))
    (line,) = view.lines
    assert count_of(line, "invoiced").times == 1
    adjusted = count_of(line, "adjusted")
    assert (adjusted.times, adjusted.taken_back) == (1, 1)


def test_a_confirmation_of_unknown_content_is_an_answer_to_its_line_only():
    view = view_of(ordered(2), ordered(3, line="20"), confirmed(4))
    first, second = view.lines
    assert first.answered
    assert step(first, "acknowledged").actual_at == day(4)
    assert not second.answered
    assert first.confirmed is None
    assert findings(view) == []


def test_payments_are_blocked_released_and_made():
    view = view_of(ordered(2), bill(4), paid(5, "blocked"), paid(6, "released"), paid(7))
    (line,) = view.lines
    assert [count_of(line, kind).times for kind in ("payment_blocked", "payment_released", "paid")] == [
        1,
        1,
        1,
    ]
    assert step(line, "paid").actual_at == day(7)


def test_orders_nobody_told_a_payment_of_have_no_such_step():
    view = view_of(placed())
    assert "paid" not in {each.name for each in view.milestones}
    assert "accepted" not in {each.name for each in view.milestones}


def test_the_latest_word_says_whether_a_line_is_blocked():
    assert view_of(ordered(2), block(3)).lines[0].blocked
    assert not view_of(ordered(2), block(5, lifted=True), block(3)).lines[0].blocked


def test_consignment_is_told_line_by_line():
    view = view_of(ordered(2), ordered(3, line="20", kind="consignment"), bill(6), bill(7, line="20"))
    assert step(view.lines[0], "matched").applicable
    assert not step(view.lines[1], "matched").applicable


def test_two_witnesses_of_the_same_receipts_count_once():
    warehouse = [structs.replace(goods(n), witness="wms", id=goods(n + 10).id) for n in (4, 5, 6)]
    view = view_of(ordered(2), goods(4), goods(5), *warehouse)
    assert count_of(view.lines[0], "received").times == 2
    assert count_of(view, "received").times == 2


def test_a_document_about_several_lines_counts_once_for_the_order():
    both = GoodsReceived(order=PO, received_at=day(4), lines=(ReceiptLine(line="10"), ReceiptLine(line="20")))
    view = view_of(ordered(2), ordered(3, line="20"), fact(both, witness="erp"))
    assert [count_of(line, "received").times for line in view.lines] == [1, 1]
    assert count_of(view, "received").times == 1


def test_look_alikes_with_identities_of_their_own_are_all_counted():
    alike = [structs.replace(goods(4), id=goods(n).id) for n in range(10, 20)]
    assert count_of(view_of(ordered(2), *alike).lines[0], "received").times == 10


def test_what_is_told_reads_as_operations_say_it():
    said = {
        "Line 10 ordered from Acme Industries, worth €500.00": ordered(2),
        "Dallas DC received goods of line 10, how much not told": goods(4),
        "Dallas DC took back a receipt of line 10, how much not told": goods(4, reversal=True),
        "Work accepted for line 10, by user_002": work(5, who="user_002"),
        "Acme Industries wrote a debit memo for line 10": written(5, kind="debit"),
        "Invoice for line 10, how much not told": bill(6),
        "Invoice for line 10 taken back, how much not told": bill(6, reversal=True),
        "An invoice for line 10: payment block lifted": paid(7, "released"),
        "Requisition for line 10: waiting for approval": asked(1, "awaiting_approval"),
        "Order 4500001 changed: line 10: quantity changed, to what not told": changed_line(3, "quantity"),
        "Order 4500001 changed: line 10 wanted again": changed_line(3, op="reopen"),
        "Acme Industries answered line 10, what is not told": confirmed(3),
        "Line 10 blocked": block(3),
    }
    assert {summarise(document=each.document, names=NAMES) for each in said.values()} == set(said)


LINES = st.sampled_from(["10", "20", "30"])
NUMBERS = st.integers(2, 27)
EVENTS = st.one_of(
    st.builds(ordered, NUMBERS, line=LINES, worth=st.sampled_from([0, 5, 7])),
    st.builds(goods, NUMBERS, line=LINES, reversal=st.booleans()),
    st.builds(bill, NUMBERS, line=LINES, reversal=st.booleans()),
    st.builds(work, NUMBERS, line=LINES),
    st.builds(written, NUMBERS, line=LINES),
    st.builds(confirmed, NUMBERS, line=LINES),
    st.builds(paid, NUMBERS, st.sampled_from(["paid", "blocked", "released"]), line=LINES),
    st.builds(asked, NUMBERS, line=LINES),
    st.builds(block, NUMBERS, line=LINES, lifted=st.booleans()),
    st.builds(changed_line, NUMBERS, op=st.sampled_from(["delete", "reopen"]), line=LINES),
    st.builds(changed_line, NUMBERS, st.sampled_from(["quantity", "price", "terms"]), line=LINES),
)


def _identity(told: Fact) -> object:
    """A log orders each line once."""
    document = told.document
    return document.lines[0].line if isinstance(document, OrderPlaced) else told.id


LOGS = st.lists(EVENTS, min_size=1, max_size=14, unique_by=(lambda each: each.id, _identity))


@settings(max_examples=300)
@given(log=LOGS, data=st.data())
def test_every_order_of_arrival_and_every_split_of_a_log_gives_the_same_view(log, data):
    shuffled = data.draw(st.permutations(log))
    cut = data.draw(st.integers(0, len(log)))
    kept = unpack_facts(pack_facts(merge(unpack_facts(pack_facts(shuffled[:cut])), shuffled[cut:])))
    view = derive(facts=kept, terms=TERMS, units=TestUnits())
    assert pack_view(view) == pack_view(view_of(*log))


@settings(max_examples=200)
@given(log=LOGS)
def test_no_log_without_quantities_makes_a_finding_a_quantity_or_a_completed_order(log):
    view = view_of(*log)
    assert [each for each in findings(view) if each.kind not in CLOCK_KINDS] == []
    assert state_of(view, to_decide=0) != "done"
    for line in view.lines:
        assert all(getattr(line, name) is None for name in QUANTITIES if not line.answered)
        assert line.received is None
        assert line.invoiced is None
        assert [each.name for each in line.milestones] == [each.name for each in view.milestones]
    told = sum(isinstance(each.document, GoodsReceived) for each in log)
    assert count_of(view, "received").times + count_of(view, "received").taken_back == told
    placed_lines = {each.document.lines[0].line for each in log if isinstance(each.document, OrderPlaced)}
    assert {line.line for line in view.lines if line.known} >= placed_lines
    assert (
        is_untold(view)
        or not any(line.known and not line.cancelled for line in view.lines)
        or not view.placed
    )
