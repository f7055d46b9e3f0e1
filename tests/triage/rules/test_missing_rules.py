"""What nobody has told though it is time: when a rule speaks, what it says, what makes it fall silent."""

import datetime as dt
from decimal import Decimal

import pytest
from lives import (
    PO,
    SECOND,
    TERMS,
    TestUnits,
    answer_line,
    answered,
    bill,
    closed,
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
    wanted,
)
from msgspec.structs import replace

from visibility.canonical.documents import PaymentStatus, TransportStatus
from visibility.flows.projector import derive
from visibility.triage.findings import CLOCK_KINDS, Names
from visibility.triage.rules import AWAITING, NO_TOLERANCES, Everywhere, Tolerance, detect

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Chicago")
D = Decimal
LATER = day(29)
ORDER = placed(order_line(requests=(wanted(20),)))
ANSWER = answered(answer_line("1", part("accepted", 100, date=day(20).date(), basis="dock")))
NOTICE = shipped("A-1", ship())
ARRIVED = fact(
    TransportStatus(order=PO, status="arrived", occurred_at=day(19), shipment="A-1"), witness="tms"
)
TWO = placed(
    order_line("1", requests=(wanted(20),)), order_line("2", 40, item=SECOND, requests=(wanted(24),))
)
BOTH = answered(answer_line("1", part("accepted")), answer_line("2", part("accepted"), item=SECOND))


def found(*facts, as_of=LATER, terms=TERMS, tolerances=NO_TOLERANCES):
    view = derive(facts=list(facts), terms=terms, units=TestUnits())
    return detect(view=view, as_of=as_of, names=NAMES, tolerances=tolerances)


def kinds(*facts, **more):
    return [finding.kind for finding in found(*facts, **more)]


def soft(**more):
    return answered(answer_line("1", part("accepted", 100, soft=True, **more)))


def test_a_soft_acceptance_is_followed_up_after_the_partners_hours():
    assert kinds(placed(), soft(), as_of=day(5, 14)) == []
    (finding,) = found(placed(), soft(), as_of=day(5, 16))
    assert (finding.kind, finding.line, finding.due_at) == ("soft_accept_expired", "1", day(5))
    assert finding.summary == (
        "Acme Industries accepted 100 CA of SKU-1042 with price or date pending; "
        "a firm answer was due 5 Nov 09:00"
    )
    assert finding.next_action == "Ask Acme Industries for a firm answer to line 1"


@pytest.mark.parametrize(
    "closing",
    [
        answered(answer_line("1", part("accepted", 100)), at=day(6)),
        NOTICE,
        received("R-1", receipt()),
        closed("1", at=day(6)),
    ],
)
def test_a_firm_answer_or_the_goods_end_a_soft_acceptance(closing):
    assert "soft_accept_expired" not in kinds(placed(), soft(), closing)


def test_a_ship_notice_is_missed_when_the_partners_hours_after_the_ship_date_are_over():
    assert kinds(ORDER, ANSWER, as_of=day(23, 22)) == []  # the 20th is a Friday; nine hours of Monday follow
    (finding,) = found(ORDER, ANSWER, as_of=day(24, 1))
    assert (finding.kind, finding.line) == ("asn_overdue", "")
    assert finding.summary == (
        "Acme Industries has sent no ship notice for 100 CA of SKU-1042, to leave by 20 Nov"
    )
    assert (finding.money, finding.severity) == (D("3456.00"), "medium")
    assert finding.evidence == (("SKU-1042", "100 CA by 20 Nov", "none"),)


def test_all_lines_without_a_notice_are_one_case_of_the_order():
    (finding,) = found(TWO, BOTH, as_of=LATER)
    assert (
        finding.summary
        == "Acme Industries has sent no ship notice for 2 lines of order 4500001, to leave by 20 Nov"
    )
    (left,) = found(TWO, BOTH, shipped("A-1", ship()), as_of=LATER)[:1]
    assert left.summary.startswith("Acme Industries has sent no ship notice for 40 CA of SKU-1051")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([NOTICE], ["receipt_overdue"]),
        ([shipped("A-1", ship("1", 60))], ["shipped_short", "receipt_overdue"]),
        ([closed("1")], []),
        (
            [answered(answer_line("1", part(date=day(28).date(), basis="dock")), at=day(19))],
            ["promised_late"],
        ),
    ],
)
def test_a_notice_a_closed_line_or_a_later_promise_end_the_waiting_for_a_notice(more, expected):
    assert kinds(ORDER, ANSWER, *more) == expected


def test_before_the_answer_only_the_answer_is_missed():
    assert kinds(ORDER) == ["acknowledgement_overdue"]


def test_a_partner_who_sends_no_notices_is_not_asked_for_one_but_the_goods_are_waited_for():
    terms = replace(TERMS, not_sent=frozenset({"shipped"}))
    assert kinds(ORDER, ANSWER, terms=terms) == ["receipt_overdue"]
    assert kinds(ORDER, ANSWER, received("R-1", receipt()), terms=terms) == []


def test_what_is_left_within_the_tolerance_is_not_waited_for():
    agreed = Everywhere(Tolerance(quantity_under_percent=D(5)))
    notice, came = shipped("A-1", ship("1", 96)), received("R-1", receipt("1", 96))
    assert kinds(ORDER, ANSWER, notice, came, tolerances=agreed) == []
    assert kinds(ORDER, ANSWER, notice, came) == ["shipped_short"]
    nearly = received("R-1", receipt("1", 96))
    assert kinds(ORDER, ANSWER, NOTICE, ARRIVED, nearly, tolerances=agreed) == []
    assert "receipt_overdue" in kinds(ORDER, ANSWER, NOTICE, shipped("A-2", ship("1", 5)), nearly)


def test_goods_that_arrived_are_to_be_received_in_the_receivers_hours():
    assert kinds(ORDER, ANSWER, NOTICE, ARRIVED, as_of=day(20, 14)) == []
    (finding,) = found(ORDER, ANSWER, NOTICE, ARRIVED, as_of=day(20, 16))
    assert finding.kind == "receipt_overdue"
    assert finding.summary == "Dallas DC has not received 100 CA of SKU-1042, due 20 Nov"
    assert finding.next_action == "Find the goods at Dallas DC, and post the receipt"


def test_what_is_billed_of_goods_that_are_missing_is_evidence_and_no_second_case():
    (finding,) = found(ORDER, ANSWER, NOTICE, invoiced("I-1", bill()))
    assert finding.kind == "receipt_overdue"
    assert ("Billed of SKU-1042", "", "100 CA") in finding.evidence


def test_a_drop_ship_is_never_received_by_us():
    order = placed(order_line(requests=(wanted(20),)), kind="drop_ship")
    assert kinds(order, ANSWER, NOTICE) == []
    assert kinds(order, ANSWER, invoiced("I-1", bill())) == ["asn_overdue"]


def test_a_receipt_without_a_notice_is_told_after_some_hours_once_for_the_order():
    came = received("R-1", receipt())
    assert kinds(ORDER, ANSWER, came, as_of=day(17, 14)) == []
    (finding,) = found(ORDER, ANSWER, came)
    assert (finding.kind, finding.severity) == ("received_without_asn", "low")
    assert finding.summary == "Dallas DC received 100 CA of SKU-1042 on 16 Nov; no ship notice told of it"
    assert kinds(ORDER, ANSWER, came, NOTICE) == []


def test_a_bill_for_goods_of_which_nothing_was_heard_is_told():
    order = placed()
    (finding,) = found(order, answered(answer_line("1", part("accepted"))), invoiced("I-1", bill()))
    assert finding.kind == "invoice_without_receipt"
    assert finding.summary == (
        "Acme Industries billed 100 CA of SKU-1042 ($3,456.00) on invoice I-1; "
        "nothing was announced or received"
    )
    credit = invoiced("C-1", bill(), kind="credit", corrects="I-1")
    assert kinds(order, answered(answer_line("1", part("accepted"))), invoiced("I-1", bill()), credit) == []


def test_goods_that_arrived_without_a_notice_passed_a_step_over():
    there = fact(TransportStatus(order=PO, status="arrived", occurred_at=day(10)), witness="tms")
    missing = [f for f in found(ORDER, ANSWER, there, as_of=day(12)) if f.kind == "milestone_missing"]
    assert [(f.subject, f.summary) for f in missing] == [
        ("shipped", "100 CA of SKU-1042 arrived, but no ship notice told of it")
    ]


def test_what_is_paid_without_an_invoice_passed_a_step_over():
    paid = fact(PaymentStatus(order=PO, status="paid", occurred_at=day(18)), witness="erp")
    life = [ORDER, ANSWER, NOTICE, received("R-1", receipt()), paid]
    missing = [f for f in found(*life) if f.kind == "milestone_missing"]
    assert [f.subject for f in missing] == ["invoiced"]
    assert "milestone_missing" not in kinds(*life, invoiced("I-1", bill()))


def test_nothing_is_missed_of_orders_from_before_go_live_or_out_of_a_history():
    live = replace(TERMS, live_from=dt.date(2026, 12, 1))
    lives = [
        [ORDER, ANSWER],
        [ORDER, ANSWER, NOTICE],
        [placed(), soft()],
        [NOTICE],
        [placed(), answered(answer_line("1", part("accepted"))), invoiced("I-1", bill())],
    ]
    for life in lives:
        past = [
            fact(replace(each.document, history_as_of=dt.date(2026, 11, 28)), witness=each.witness)
            for each in life
        ]
        assert CLOCK_KINDS.isdisjoint(kinds(*life, terms=live))
        assert CLOCK_KINDS.isdisjoint(kinds(*past))
        assert not CLOCK_KINDS.isdisjoint(kinds(*life))


def test_a_sweep_looks_when_something_awaited_is_due():
    view = derive(facts=[placed(), soft()], terms=TERMS, units=TestUnits())
    assert view.look_at(swept=day(4)) == day(5)
    assert view.next_due_at() is None or view.next_due_at() > day(5)
    assert {rule.__name__ for rule in AWAITING} <= CLOCK_KINDS
