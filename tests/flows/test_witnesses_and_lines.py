"""One fact, many witnesses; and which line a document means."""

from decimal import Decimal

import pytest
from lives import (
    SECOND,
    SKU,
    answer_line,
    answered,
    bill,
    change,
    changed,
    day,
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

from visibility.canonical.documents import Item

RECEIPT_WITNESSES = ["erp", "wms", "edi", "portal", "phone"]


@pytest.mark.parametrize("best", range(5))
def test_a_receipt_told_by_many_counts_once_by_the_best_witness(best):
    present = RECEIPT_WITNESSES[best:]
    facts = [
        received(f"R-{witness}", receipt("1", 60 + position), witness=witness)
        for position, witness in enumerate(present)
    ]
    for arrived in (facts, facts[::-1]):
        line = view_of(placed(), *arrived).lines[0]
        assert (line.received, line.receipts) == (60, 1)


def test_the_best_witness_is_chosen_line_by_line():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    wms = received("W1", receipt("1", 60), receipt("2", 40, item=SECOND), witness="wms")
    erp = received("E1", receipt("1", 59), witness="erp")
    assert [line.received for line in view_of(order, wms, erp).lines] == [59, 40]


def test_the_carriers_word_counts_only_where_no_ship_notice_is_there():
    tms = shipped("7764", ship("1", 55), witness="tms")
    asn = shipped("7764", ship("1", 60))
    assert view_of(placed(), tms).lines[0].shipped == 55
    assert view_of(placed(), tms, asn).lines[0].shipped == 60


def test_the_edi_invoice_counts_before_its_posting_in_the_erp():
    edi = invoiced("INV-1", bill("1", 60))
    erp = invoiced("INV-1", bill("1", 60), witness="erp")
    view = view_of(placed(), edi, erp)
    assert view.lines[0].invoiced == 60
    assert view.invoices == ["INV-1"]
    assert view.conflicts == []


def test_the_850_is_an_echo_of_the_erps_order_but_its_release_counts():
    erp = placed(
        order_line("10", 90, item=Item(buyer="SKU-1042")),
        witness="erp",
        at=day(1),
        released_at=None,
        kind="drop_ship",
    )
    edi = placed(order_line("1", 100), at=day(2), kind="stand_alone")
    for arrived in ((erp, edi), (edi, erp)):
        view = view_of(*arrived)
        line = only(view.lines)
        assert (line.line, line.ordered, line.item.vendor) == ("10", 90, "AC-42")
        assert (view.kind, view.released_at) == ("drop_ship", day(2))
        assert view.conflicts == []


def two_lines():
    return placed(order_line("0010", 100), order_line("20", 40, item=SECOND))


@pytest.mark.parametrize(
    ("number", "item", "expected"),
    [
        ("10", SKU, "0010"),
        ("00010", Item(), "0010"),
        ("20", SKU, "0010"),
        ("", SECOND, "20"),
        ("", Item(vendor="AC-51"), "20"),
        ("", Item(gtin="00012345678912"), "20"),
        ("7", SECOND, "20"),
        ("10", Item(gtin="99999999999999"), "0010"),
        ("10", Item(gtin="00012345678912"), "20"),
    ],
)
def test_a_line_is_found_by_number_unless_the_item_contradicts_then_by_item(number, item, expected):
    view = view_of(two_lines(), shipped("7764", ship(number, 5, item=item)))
    assert {line.line: line.shipped for line in view.lines if line.shipped} == {expected: Decimal(5)}
    assert len(view.lines) == 2


def test_a_line_of_an_unknown_item_is_a_stranger_not_a_guess():
    strange = Item(buyer="SKU-X")
    view = view_of(
        two_lines(),
        shipped("7764", ship("10", 5, item=strange)),
        received("R1", receipt("", 4, item=strange)),
    )
    assert [(line.line, line.known) for line in view.lines] == [("0010", True), ("20", True), ("10/2", False)]
    assert (view.lines[2].shipped, view.lines[2].received) == (5, 4)
    assert view.lines[0].shipped is None


def test_a_line_that_says_nothing_is_the_only_line_there_is():
    nameless = ship("", 5, item=Item())
    assert view_of(placed(), shipped("7764", nameless)).lines[0].shipped == 5
    strangers = view_of(two_lines(), shipped("7764", nameless)).lines
    assert [line.shipped for line in strangers] == [None, None, 5]


def test_two_lines_of_one_item_are_used_one_after_the_other_within_a_document():
    order = placed(order_line("1", 60), order_line("2", 40))
    view = view_of(order, shipped("7764", ship("", 60), ship("", 40)))
    assert [line.shipped for line in view.lines] == [60, 40]


def test_lines_without_numbers_get_their_ordinal():
    order = placed(order_line("", 100), order_line("", 40, item=SECOND))
    assert [line.line for line in view_of(order).lines] == ["1", "2"]


def test_every_line_has_a_name_of_its_own():
    order = placed(
        order_line("1", 100), order_line("1", 40, item=SECOND), order_line("", 5, item=Item(buyer="X"))
    )
    names = [line.line for line in view_of(order).lines]
    assert len(set(names)) == 3
    assert names[0] == "1"


def test_before_the_order_lines_are_made_from_what_others_say_whoever_came_first():
    asn = shipped("7764", ship("1", 60), ship("2", 40, item=SECOND))
    answer = answered(
        answer_line("", part("accepted", 60)), answer_line("", part("accepted", 40), item=SECOND)
    )
    for arrived in ((asn, answer), (answer, asn)):
        view = view_of(*arrived)
        assert [(line.known, line.confirmed, line.shipped) for line in view.lines] == [
            (False, 60, 60),
            (False, 40, 40),
        ]
    lines = view_of(asn, two_lines(), answer).lines
    assert [(line.known, line.confirmed, line.shipped) for line in lines] == [(True, 60, 60), (True, 40, 40)]


def test_lots_of_one_line_in_one_document_are_one_shipment():
    line = view_of(placed(), shipped("7764", ship("1", 30, lot="A"), ship("1", 30, lot="B"))).lines[0]
    assert (line.shipped, line.shipments, line.shipment_numbers) == (60, 1, ["7764"])


def test_credits_count_against_what_is_billed_at_their_price():
    wrong = invoiced("INV-1", bill("1", 60, "40.00"))
    credit = invoiced("CR-1", bill("1", 60, "40.00"), kind="credit", at=day(13))
    right = invoiced("INV-2", bill("1", 60), at=day(14))
    line = view_of(placed(), wrong, credit, right).lines[0]
    assert (line.invoiced, line.billed_prices) == (60, [Decimal("34.56")])
    negative = invoiced("CR-1", bill("1", -60, "40.00"), kind="credit", at=day(13))
    assert view_of(placed(), wrong, negative).lines[0].invoiced == 0


def test_of_changes_to_a_line_only_the_best_witness_counts():
    first = changed(change("1", 80), at=day(5), witness="erp")
    second = changed(change("1", 90), at=day(6), witness="erp")
    late_echo = changed(change("1", 80), at=day(7), witness="edi")
    assert view_of(placed(), late_echo, first, second).lines[0].ordered == 90
    assert view_of(placed(), late_echo).lines[0].ordered == 80
