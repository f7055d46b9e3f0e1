"""One business document counts once; purposes reverse, supersede and repeat."""

import pytest
from lives import (
    ACME,
    PO,
    SECOND,
    TERMS,
    TestUnits,
    answer_line,
    answered,
    bill,
    change,
    changed,
    day,
    fact,
    invoiced,
    only,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
)

from visibility.canonical.documents import GoodsReceived, OrderRef, ReceiptLine, ShipLine, ShipmentNotified
from visibility.flows.projector import derive
from visibility.flows.state import merge


def test_the_same_document_under_another_envelope_counts_once():
    first = invoiced("INV-1", bill("1", 60), at=day(12))
    again = fact(first.document, envelope_at=day(13), control="000000099")
    view = view_of(placed(), first, again)
    assert view.lines[0].invoiced == 60
    assert view.conflicts == []


def test_other_content_under_one_key_is_a_conflict_and_the_later_counts():
    first = invoiced("INV-1", bill("1", 60), at=day(12))
    other = invoiced("INV-1", bill("1", 55), at=day(13))
    view = view_of(other, placed(), first)
    assert view.lines[0].invoiced == 55
    assert view.conflicts == ["invoice INV-1"]


def test_an_invoice_and_a_credit_note_of_one_number_are_two_documents():
    view = view_of(
        placed(), invoiced("1", bill("1", 60)), invoiced("1", bill("1", 10), kind="credit", at=day(14))
    )
    assert view.lines[0].invoiced == 50
    assert view.conflicts == []


@pytest.mark.parametrize(
    ("later", "shipments", "conflicts"),
    [
        ([("cancel", 60, 12)], None, []),
        ([("replace", 50, 12)], 50, []),
        ([("duplicate", 60, 12)], 60, []),
        ([("duplicate", 50, 12)], 60, []),
        ([("confirm", 60, 12)], 60, []),
        ([("original", 60, 12)], 60, []),
        ([("original", 50, 12)], 50, ["ship notice 7764"]),
        ([("cancel", 60, 12), ("original", 40, 13)], 40, []),
        ([("cancel", 60, 12), ("original", 60, 13)], 60, []),
        ([("cancel", 60, 12), ("duplicate", 60, 13)], None, []),
        ([("replace", 50, 12), ("replace", 60, 13)], 60, []),
        ([("replace", 50, 12), ("original", 60, 13)], 50, []),
        ([("cancel", 60, 8)], 60, []),
    ],
)
def test_the_purpose_of_a_document_says_what_becomes_of_the_one_before(later, shipments, conflicts):
    facts = [placed(), shipped("7764", ship("1", 60), at=day(10))]
    facts += [
        shipped("7764", ship("1", quantity), at=day(at), shipped_at=day(10), purpose=purpose)
        for purpose, quantity, at in later
    ]
    for arrived in (facts, facts[::-1]):
        view = view_of(*arrived)
        assert view.lines[0].shipped == shipments
        assert view.conflicts == conflicts


def test_an_old_document_sent_again_after_its_cancellation_stays_cancelled():
    first = shipped("7764", ship("1", 60), at=day(10))
    undone = shipped("7764", ship("1", 60), at=day(12), purpose="cancel")
    again = fact(first.document, envelope_at=day(14), control="000000099")
    assert view_of(placed(), first, undone, again).lines[0].shipped is None


def test_a_duplicate_counts_as_the_original_where_there_is_none():
    view = view_of(placed(), shipped("7764", ship("1", 60), purpose="duplicate"))
    assert view.lines[0].shipped == 60


def test_documents_without_a_number_but_with_event_ids_are_never_merged_by_content():
    twin = GoodsReceived(order=PO, received_at=day(16), lines=(receipt("1", 10),))
    facts = [fact(twin, name=f"event {n}", witness="phone", explicit=True) for n in range(3)]
    assert view_of(placed(), *facts).lines[0].received == 30


def test_documents_without_number_and_event_id_are_told_apart_by_their_envelope():
    twin = GoodsReceived(order=PO, received_at=day(16), lines=(receipt("1", 10),))
    facts = [fact(twin, witness="wms", control=str(n), envelope_at=day(16)) for n in (1, 2)]
    again = fact(twin, name="resent", witness="wms", control="2", envelope_at=day(16))
    assert view_of(placed(), *facts, again).lines[0].received == 20


def test_answers_without_number_or_date_are_told_apart_by_their_envelope():
    line = answer_line("1", part("accepted", 60))
    other = answer_line("1", part("accepted", 90))
    first = answered(line, version="|", at=day(3), control="1", envelope_at=day(3))
    second = answered(other, version="|", at=day(3), control="2", envelope_at=day(4))
    view = view_of(second, placed(), first)
    assert view.lines[0].confirmed == 90
    assert view.conflicts == []


def test_one_answer_told_twice_with_other_content_is_a_conflict():
    first = answered(answer_line("1", part("accepted", 60)), version="S1|20261103", envelope_at=day(3))
    second = answered(answer_line("1", part("accepted", 90)), version="S1|20261103", envelope_at=day(4))
    view = view_of(placed(), first, second)
    assert view.lines[0].confirmed == 90
    assert len(view.conflicts) == 1


def test_a_cancelled_answer_leaves_the_line_unanswered():
    line = answer_line("1", part("accepted", 60))
    first = answered(line, version="S1|20261103", at=day(3))
    undone = answered(line, version="S1|20261103", at=day(4), purpose="cancel")
    view = view_of(placed(), first, undone)
    assert not view.answered
    assert not view.lines[0].answered


def test_a_cancelled_order_keeps_its_lines_and_is_cancelled():
    view = view_of(placed(), placed(at=day(5), purpose="cancel"))
    assert view.placed
    assert view.cancelled
    assert [(line.ordered, line.cancelled) for line in view.lines] == [(100, True)]


def test_of_a_replaced_order_the_lines_that_are_gone_are_deleted():
    first = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    view = view_of(placed(order_line("1", 70), at=day(5), purpose="replace"), first)
    assert [(line.line, line.ordered, line.cancelled) for line in view.lines] == [
        ("1", 70, False),
        ("2", 40, True),
    ]
    assert view.conflicts == []


def test_an_order_sent_as_a_change_names_only_what_changes():
    first = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    view = view_of(first, placed(order_line("2", 50, item=SECOND), at=day(5), purpose="change"))
    assert [(line.line, line.ordered, line.original_ordered) for line in view.lines] == [
        ("1", 100, 100),
        ("2", 50, 40),
    ]


def test_a_change_older_than_the_order_that_replaced_everything_does_not_count_again():
    first = placed(order_line("1", 100))
    old = changed(change("1", 80), at=day(4))
    replacement = placed(order_line("1", 70), at=day(5), purpose="replace")
    assert view_of(replacement, old, first).lines[0].ordered == 70


def test_only_the_latest_translation_of_a_message_counts():
    first = shipped("7764", ship("1", 60))
    mapped = fact(
        ShipmentNotified(order=PO, number="7765", supplier=ACME, lines=(ship("1", 50),)),
        message="m",
        translation=2,
    )
    old = fact(first.document, message="m", translation=1)
    assert view_of(placed(), old, mapped).lines[0].shipped == 50
    assert merge([old], [mapped]) == merge([mapped], [old]) == [mapped]


def test_a_document_of_many_orders_gives_each_only_its_own_lines():
    other = OrderRef(number="4500002")
    notice = ShipmentNotified(
        number="7764",
        supplier=ACME,
        lines=(ship("1", 60, order=PO), ShipLine(line="1", quantity=ship("1", 9).quantity, order=other)),
    )
    slip = GoodsReceived(
        number="R1",
        lines=(
            receipt("1", 60, order=PO),
            ReceiptLine(line="1", quantity=ship("1", 9).quantity, order=other),
        ),
    )
    line = only(view_of(placed(), fact(notice), fact(slip, witness="wms")).lines)
    assert (line.shipped, line.received) == (60, 60)


def test_a_ship_notice_of_two_orders_before_either_is_placed_is_read_for_the_order_asked_about():
    other = OrderRef(number="4500002")
    notice = fact(
        ShipmentNotified(
            number="7764", lines=(ship("1", 60, order=PO), ship("1", 9, item=SECOND, order=other))
        )
    )
    for order, quantity in ((PO, 60), (other, 9)):
        view = derive(facts=[notice], terms=TERMS, units=TestUnits(), order=order)
        assert (view.number, only(view.lines).shipped) == (order.number, quantity)


def test_receipts_of_one_number_by_one_witness_are_one_receipt():
    assert (
        view_of(placed(), received("R1", receipt("1", 60)), received("R1", receipt("1", 60)))
        .lines[0]
        .received
        == 60
    )
