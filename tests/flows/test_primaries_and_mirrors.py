"""Where a system is primary only its word counts; mirrors are put beside it, and change nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import (
    DALLAS,
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
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
)
from msgspec import structs
from owned import RENO, at_places, echo, everywhere, mirror, primary, told_by, view_under
from whole_lives import LIVES

from visibility.canonical.documents import Item, TransportStatus
from visibility.flows.projector import derive
from visibility.flows.state import pack_view

WMS_COUNTS = everywhere(receipt=(primary("wms-dal"), mirror("erp-1", 8)))


def by_wms(number="R-1", quantity=60, at=None, **more):
    return told_by("wms-dal", received(number, receipt("1", quantity), at=at or day(16), **more))


def by_erp(number="E-1", quantity=60, at=None, **more):
    return told_by(
        "erp-1", received(number, receipt("1", quantity), at=at or day(16, 17), witness="erp", **more)
    )


def line_of(*facts, ownership=WMS_COUNTS):
    return view_under(ownership, placed(), *facts).lines[0]


def only_mirror(*facts, ownership=WMS_COUNTS):
    (found,) = line_of(*facts, ownership=ownership).mirrors
    return found


# Who counts


@pytest.mark.parametrize("wms", [60, 70])
def test_only_the_primary_counts_though_another_would_rank_better(wms):
    line = line_of(by_wms(quantity=wms), by_erp(quantity=60))
    assert (line.received, line.receipts) == (wms, 1)
    assert view_of(placed(), by_wms(quantity=wms), by_erp(quantity=60)).lines[0].received == 60


def test_what_a_mirror_told_is_not_received_while_the_primary_is_silent():
    line = line_of(by_erp(quantity=60))
    assert (line.received, line.receipts) == (None, 0)
    assert [each.name for each in line.milestones if each.done] == ["ordered", "released"]
    (told,) = line.mirrors
    assert (told.name, told.quantity, told.counted, told.silent) == ("ERP", 60, "WMS", True)


def test_a_system_that_the_settings_do_not_name_is_a_mirror_of_the_primary():
    phone = told_by("phone-1", received("P-1", receipt("1", 59), witness="phone"))
    line = line_of(by_wms(), phone)
    assert line.received == 60
    assert [(each.system, each.role, each.due_at) for each in line.mirrors if each.told] == [
        ("phone-1", "mirror", None)
    ]


@pytest.mark.parametrize(("role", "counted"), [("primary", 55), ("mirror", 60), ("echo", 60), (None, 55)])
def test_without_a_primary_a_declared_mirror_counts_only_where_nobody_else_told(role, counted):
    erp = {"primary": primary, "mirror": mirror, "echo": echo}.get(role)
    own = everywhere(receipt=(erp("erp-1"),)) if erp else everywhere(invoice=(primary("erp-1"),))
    assert line_of(by_wms(quantity=60), by_erp(quantity=55), ownership=own).received == counted
    if role != "primary":
        assert line_of(by_erp(quantity=55), ownership=own).received == 55


def test_two_warehouses_with_one_receipt_number_each_count_at_their_place():
    own = at_places(dallas={"receipt": (primary("wms-dal"),)}, reno={"receipt": (primary("wms-rno"),)})
    dallas = told_by("wms-dal", received("1", receipt("1", 60), ship_to=DALLAS))
    reno = told_by("wms-rno", received("1", receipt("1", 30), ship_to=RENO))
    stray = told_by("wms-rno", received("2", receipt("1", 5), ship_to=DALLAS))
    line = line_of(dallas, reno, stray, ownership=own)
    assert (line.received, line.receipts) == (90, 2)
    assert [(each.system, each.quantity) for each in line.mirrors] == [("wms-rno", 5)]


def test_what_is_set_for_one_place_says_nothing_of_another():
    own = at_places(dallas={"receipt": (primary("wms-dal"),)}, reno={})
    dallas = told_by("wms-dal", received("1", receipt("1", 60), ship_to=DALLAS))
    reno = told_by("wms-rno", received("2", receipt("1", 30), ship_to=RENO))
    reno_erp = told_by("erp-1", received("3", receipt("1", 29), ship_to=RENO, witness="erp"))
    assert line_of(dallas, reno, ownership=own).received == 90
    assert line_of(dallas, reno, reno_erp, ownership=own).received == 89


def test_a_document_that_names_no_place_is_of_the_place_the_order_goes_to():
    own = at_places(dallas={"receipt": (primary("wms-dal"),)})
    assert line_of(by_wms(), by_erp(quantity=55), ownership=own).received == 60


def test_what_was_told_before_a_connection_named_its_system_still_counts_as_that_systems():
    own = everywhere(receipt=(primary("wms-dal", None, "wms"), mirror("erp-1", None, "erp")))
    before = received("R-1", receipt("1", 60))
    assert line_of(before, ownership=own).received == 60
    reversal = told_by("wms-dal", received("R-1", receipt("1", 60), at=day(17), purpose="cancel"))
    assert line_of(before, reversal, ownership=own).received is None
    assert line_of(before, reversal, ownership=None).received is None


@pytest.mark.parametrize("kinds", [(), ("erp",)])
def test_a_mirrors_account_is_one_whether_its_connection_had_named_it_or_not(kinds):
    own = everywhere(receipt=(primary("wms-dal"), mirror("erp-1", 8, *kinds)))
    before = received("E-1", receipt("1", 20), at=day(16, 16), witness="erp")
    told = only_mirror(by_wms(), before, by_erp("E-2", 40), ownership=own)
    assert (told.system, told.quantity, told.differs, told.due_at) == ("erp-1", 60, None, None)


def test_what_a_mirror_takes_back_takes_nothing_back():
    gone = by_erp(at=day(17), purpose="cancel")
    line = line_of(by_wms(), by_erp(), gone)
    assert line.received == 60
    assert not any(each.told for each in line.mirrors)
    order = told_by("erp-1", placed(witness="erp"))
    cancelled = told_by("acme-edi", placed(at=day(9), purpose="cancel"))
    own = everywhere(order=(primary("erp-1"), echo("acme-edi")))
    assert view_under(own, order, cancelled).cancelled is False
    assert view_under(None, order, cancelled).cancelled is True


def test_the_850_echoes_the_erps_order_and_lends_it_only_codes():
    own = everywhere(order=(primary("erp-1"), echo("acme-edi")))
    erp = told_by("erp-1", placed(order_line("10", 90, item=Item(buyer="SKU-1042")), witness="erp"))
    edi = told_by("acme-edi", placed(order_line("1", 100), order_line("2", 7, item=SECOND)))
    answer = answered(answer_line("", part("accepted", 90), item=Item(vendor="AC-42")))
    for arrived in ((erp, edi, answer), (answer, edi, erp)):
        view = view_under(own, *arrived)
        (line,) = view.lines
        assert (line.ordered, line.item.vendor, line.confirmed) == (90, "AC-42", 90)
        assert line.mirrors == []


def test_an_order_only_the_echo_told_is_not_placed_yet():
    own = everywhere(order=(primary("erp-1"), echo("acme-edi")))
    view = view_under(own, told_by("acme-edi", placed()))
    assert (view.placed, view.number) == (False, "4500001")
    assert view.supplier.name == "Acme Industries"
    (told,) = view.lines[0].mirrors
    assert (told.role, told.quantity, told.silent) == ("echo", 100, True)
    assert (told.due_at, told.counted_due_at) == (None, None)


def test_the_carriers_account_of_a_ship_notice_is_a_mirror_that_lends_its_numbers():
    own = everywhere(shipment=(primary("acme-edi"), mirror("tms-1")))
    asn = told_by("acme-edi", shipped("7764", ship("1", 60)))
    tms = told_by("tms-1", shipped("7764", ship("1", 55), witness="tms", bill_of_lading="BOL-9"))
    there = fact(
        TransportStatus(bill_of_lading="BOL-9", status="arrived", occurred_at=day(14)), witness="tms"
    )
    line = line_of(asn, tms, there, ownership=own)
    assert (line.shipped, line.shipment_numbers) == (60, ["7764"])
    assert next(each for each in line.milestones if each.name == "arrived").estimated_at is None
    assert only_mirror(asn, tms, ownership=own).differs == (60, 55)


def test_only_the_primarys_status_moves_a_shipment():
    asn = shipped("7764", ship("1", 100))
    late = TransportStatus(shipment="7764", occurred_at=day(11), estimated_at=day(20))
    later = TransportStatus(shipment="7764", occurred_at=day(12), estimated_at=day(25))
    late, other = told_by("tms-1", fact(late, witness="tms")), told_by("x", fact(later, witness="other"))
    own = everywhere(status=(primary("tms-1"),))
    arrived = next(m for m in line_of(asn, late, other, ownership=own).milestones if m.name == "arrived")
    assert arrived.estimated_at == day(20)
    arrived = next(m for m in line_of(asn, late, other, ownership=None).milestones if m.name == "arrived")
    assert arrived.estimated_at == day(25)


def test_answers_posted_elsewhere_give_way_to_the_suppliers_own():
    own = answered(answer_line("1", part("accepted", 60)), at=day(3))
    posted = answered(answer_line("1", part("accepted", 50)), at=day(4), witness="erp")
    assert view_of(placed(), own, posted).lines[0].confirmed == 60
    assert view_of(placed(), posted).lines[0].confirmed == 50


def test_a_ship_notice_told_twice_under_one_number_counts_once():
    edi = shipped("7764", ship("1", 60))
    portal = shipped("7764", ship("1", 60), witness="portal", supplier=DALLAS)
    second = shipped("7765", ship("1", 40), witness="portal")
    assert view_of(placed(), edi, portal, second).lines[0].shipped == 100


# What mirrors say beside it


@pytest.mark.parametrize(
    ("wms", "erp", "differs"),
    [
        ([60], [60], None),
        ([60], [40], (60, 40)),
        ([60], [70], (60, 70)),
        ([60, 40], [60], None),
        ([60, 40], [40], None),
        ([60, 40], [100], None),
        ([60, 40], [60, 40], None),
        ([60, 40], [60, 30], (100, 90)),
        ([60], [60, 40], None),
        ([60, 40], [50], (60, 50)),
        ([60, -60], [], None),
        ([100], [60, 40], None),
    ],
)
def test_a_mirror_differs_where_both_speak_of_the_same(wms, erp, differs):
    own = everywhere(receipt=(primary("wms-dal"), mirror("erp-1")))
    facts = [by_wms(f"R-{n}", quantity, day(16 + n)) for n, quantity in enumerate(wms)]
    facts += [by_erp(f"E-{n}", quantity, day(16 + n, 17)) for n, quantity in enumerate(erp)]
    found = [each.differs for each in line_of(*facts, ownership=own).mirrors]
    assert found == ([differs] if erp else [])


@pytest.mark.parametrize("reference", ["number", "shipment", "bill_of_lading"])
def test_documents_that_name_the_same_are_compared_with_each_other(reference):
    first, second = (
        by_wms(f"R-{n}", quantity, day(16 + n), **_named(reference, n)) for n, quantity in ((1, 60), (2, 40))
    )
    number = "R-2" if reference == "number" else "E-9"
    # By the sums alone 60 would be the first receipt, and the second still to be posted.
    wrong = by_erp(number, 60, day(19), **_named(reference, 2))
    assert only_mirror(first, second, wrong).differs == (40, 60)
    right = by_erp(number, 40, day(19), **_named(reference, 2))
    assert only_mirror(first, second, right).differs is None


def _named(reference, number):
    return {} if reference == "number" else {reference: f"N-{number}"}


def test_documents_of_different_shipments_do_not_differ():
    late = by_erp(quantity=40, shipment="7765")
    assert only_mirror(by_wms(shipment="7764"), late).differs is None


def test_an_invoices_posting_is_compared_with_the_invoice_of_its_number():
    own = everywhere(invoice=(primary("acme-edi"), mirror("erp-1", 8)))
    told = [told_by("acme-edi", invoiced(f"INV-{n}", bill("1", 30), at=day(11 + n))) for n in (1, 2)]
    posted = told_by("erp-1", invoiced("INV-2", bill("1", 20), at=day(13, 20), witness="erp"))
    view = view_under(own, placed(), *told, posted)
    assert (view.lines[0].invoiced, view.conflicts) == (60, [])
    assert view.lines[0].mirrors[0].differs == (30, 20)


def test_an_order_in_a_mirror_differs_after_its_last_word_only():
    own = everywhere(
        order=(primary("erp-1"), mirror("wms-dal")), change=(primary("erp-1"), mirror("wms-dal"))
    )
    erp = told_by("erp-1", placed(witness="erp"))
    copy = told_by("wms-dal", placed(witness="wms", at=day(3)))
    more = told_by("erp-1", changed(change("1", 80), at=day(5)))
    more_copied = told_by("wms-dal", changed(change("1", 80), at=day(6), witness="wms"))
    wrongly = told_by("wms-dal", changed(change("1", 70), at=day(6), witness="wms"))
    for facts, differs in (((copy,), None), ((more, copy, more_copied), None), ((more, copy), None)):
        assert view_under(own, erp, *facts).lines[0].mirrors[0].differs == differs
    assert view_under(own, erp, more, copy, wrongly).lines[0].mirrors[0].differs == (80, 70)


def test_an_answer_in_a_mirror_is_compared_by_what_it_confirms():
    own = everywhere(answer=(primary("acme-edi"), mirror("erp-1")))
    told = told_by("acme-edi", answered(answer_line("1", part("accepted", 60))))
    posted = told_by("erp-1", answered(coverage="accepted", at=day(4), witness="erp"))
    line = line_of(told, posted, ownership=own)
    assert line.confirmed == 60
    assert line.mirrors[0].differs == (60, 100)


def test_what_a_mirror_tells_in_a_unit_nobody_can_convert_is_no_difference_and_no_case():
    odd = told_by("erp-1", received("E-1", receipt("1", 2, unit="PL"), witness="erp"))
    line = line_of(by_wms(), odd)
    assert (line.received, line.unconvertible, line.mirrors[0].differs) == (60, [], None)


def test_without_settings_the_witness_that_is_not_believed_is_still_compared():
    view = view_of(
        placed(), received("R-1", receipt("1", 60)), received("E-1", receipt("1", 40), witness="erp")
    )
    assert view.lines[0].received == 40
    (told,) = view.lines[0].mirrors
    assert (told.name, told.counted, told.differs, told.due_at) == ("WMS", "ERP", (40, 60), None)


# By when


def test_a_mirror_is_due_in_working_hours_after_the_primary_told():
    # Monday the 16th 09:00 in Chicago and 8 working hours end the same day at 17:00.
    told = only_mirror(by_wms())
    assert (told.told, told.due_at) == (False, day(16, 23))
    assert line_of(by_wms(), by_erp()).mirrors[0].due_at is None


def test_a_mirror_that_is_behind_is_due_after_the_first_receipt_it_lacks():
    first, second = by_wms("R-1", 60), by_wms("R-2", 40, day(17))
    assert only_mirror(first, second, by_erp(quantity=60)).due_at == day(17, 23)
    assert only_mirror(first, second, by_erp(quantity=40)).due_at == day(16, 23)


def test_a_mirror_without_hours_and_an_echo_are_not_waited_for():
    own = everywhere(receipt=(primary("wms-dal"), mirror("erp-1"), echo("tms-1")))
    assert line_of(by_wms(), ownership=own).mirrors == []


@pytest.mark.parametrize(
    ("settings", "due"),
    [
        ((primary("wms-dal"), mirror("erp-1")), day(17, 17)),
        ((primary("wms-dal"), mirror("erp-1", 4)), day(16, 21)),
        ((primary("wms-dal", 2), mirror("erp-1", 4)), day(16, 19)),
    ],
)
def test_a_silent_primary_is_due_after_the_mirror_told(settings, due):
    found = line_of(by_erp(), ownership=everywhere(receipt=settings)).mirrors
    assert [each.counted_due_at for each in found] == [due]


def test_a_mirror_that_counts_for_want_of_others_does_not_wait_for_itself():
    line = line_of(by_erp(), ownership=everywhere(receipt=(mirror("erp-1", 4),)))
    assert (line.received, line.mirrors) == (60, [])


def test_the_view_knows_when_to_look_for_a_mirror_again():
    facts = [
        placed(released_at=None),
        answered(answer_line("1", part("accepted", 60))),
        by_wms(quantity=60),
        invoiced("INV-1", bill("1", 60)),
    ]
    with_mirror, without = view_under(WMS_COUNTS, *facts), view_under(None, *facts)
    assert day(16, 23) in with_mirror.deadlines()
    assert day(16, 23) not in without.deadlines()


# Whatever came first

SYSTEMS = st.sampled_from(["", "", "wms-dal", "wms-rno", "erp-1", "acme-edi", "tms-1"])
PLACES = st.sampled_from([None, None, DALLAS, RENO])
ROLES = st.sampled_from([primary, mirror, echo])
KIND_NAMES = ["order", "change", "answer", "shipment", "status", "receipt", "invoice"]


@st.composite
def ownerships(draw):
    def of_a_place():
        found = {}
        for kind in draw(st.lists(st.sampled_from(KIND_NAMES), unique=True, max_size=4)):
            systems = draw(st.lists(SYSTEMS.filter(bool), unique=True, min_size=1, max_size=3))
            hours = st.sampled_from([None, 0, 4, 20])
            head = draw(ROLES)
            own = [echo(systems[0]) if head is echo else head(systems[0], draw(hours), "wms")]
            own += [mirror(system, draw(hours)) for system in systems[1:]]
            found[kind] = tuple(own)
        return found

    own = at_places(dallas=of_a_place(), reno=of_a_place())
    return structs.replace(own, company=of_a_place())


@st.composite
def owned_lives(draw):
    facts = []
    for each in draw(LIVES):
        place = draw(PLACES)
        document = each.document if place is None else structs.replace(each.document, ship_to=place)
        facts.append(structs.replace(each, system=draw(SYSTEMS), document=document))
    return facts


@settings(max_examples=300)
@given(facts=owned_lives(), ownership=ownerships(), data=st.data())
def test_under_any_settings_every_order_of_arrival_gives_the_same_view(facts, ownership, data):
    whole = view_under(ownership, *facts)
    assert pack_view(view_under(ownership, *data.draw(st.permutations(facts)))) == pack_view(whole)
    for line in whole.lines:
        assert len({(each.fact, each.system) for each in line.mirrors}) == len(line.mirrors)
        assert all(each.due_at is None for each in line.mirrors if each.role == "echo")


@settings(max_examples=200)
@given(facts=owned_lives(), ownership=ownerships())
def test_what_is_silenced_changes_no_quantity_and_no_milestone(facts, ownership):
    """Taking away all that is not primary where one is primary leaves the order as it was."""
    kinds = {kind for kind, own in ownership.company.items() if own[0].role == "primary"}
    only_company = structs.replace(ownership, places={})
    whole = view_under(only_company, placed(), *facts)
    left = [
        each
        for each in (placed(), *facts)
        if _kind(each) not in kinds or each.system == ownership.company[_kind(each)][0].system
        if each.system
    ]
    alone = view_under(only_company, *left)
    named = [each for each in (placed(), *facts) if each.system]
    whole = view_under(only_company, *named)
    told = {line.line: line for line in alone.lines}
    for line in whole.lines:
        if line.line in told and whole.placed and line.known:
            mine, theirs = structs.replace(line, mirrors=[]), structs.replace(told[line.line], mirrors=[])
            assert (mine.received, mine.shipped, mine.invoiced) == (
                theirs.received,
                theirs.shipped,
                theirs.invoiced,
            )


def _kind(each):
    return {
        "OrderPlaced": "order",
        "OrderChanged": "change",
        "OrderAcknowledged": "answer",
        "ShipmentNotified": "shipment",
        "TransportStatus": "status",
        "GoodsReceived": "receipt",
        "InvoiceReceived": "invoice",
    }.get(type(each.document).__name__, "")


def test_a_zero_hour_mirror_is_due_at_once():
    own = everywhere(receipt=(primary("wms-dal"), mirror("erp-1", 0)))
    due = only_mirror(by_wms(), ownership=own).due_at
    assert due is not None
    assert due - day(16) == dt.timedelta()
    assert Decimal(60) == line_of(by_wms(), ownership=own).received


def test_answers_that_add_do_not_add_to_what_somebody_else_posted_of_them():
    terms = structs.replace(TERMS, answers_add=True)
    told = [answered(answer_line("1", part("accepted", n)), at=day(n // 10)) for n in (30, 60)]
    posted = [answered(answer_line("1", part("accepted", n)), at=day(20), witness="erp") for n in (30, 60)]
    view = derive(facts=[placed(), *told, *posted], terms=terms, units=TestUnits())
    assert view.lines[0].confirmed == 90
