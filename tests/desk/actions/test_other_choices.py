"""The other choices: closing, re-sourcing, dates, receipts, claims, bills, leaving it."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from lives import (
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
    view_of,
)
from seeing import check_commands, see, seen_of, told

from visibility.accounts.models import Role
from visibility.canonical.documents import AnyDocument, Schedule
from visibility.core.errors import InputError
from visibility.desk.catalogue import ACTIONS
from visibility.triage.findings import Finding

ASKED = dt.date(2026, 11, 30)
ORDER = placed(order_line(quantity=100, requests=(Schedule(date=ASKED, basis="dock"),)))
SHORT = [ORDER, answered(answer_line("1", part("accepted", 60, date=ASKED, basis="dock")))]
REFUSED = [ORDER, answered(answer_line("1", part("rejected", 100)))]
CAME_SHORT = [ORDER, shipped("ASN-1", ship(quantity=100)), received("R-1", receipt(quantity=90))]
CAME_OVER = [ORDER, received("R-1", receipt(quantity=112))]
DAMAGED = [
    ORDER,
    shipped("ASN-1", ship(quantity=100)),
    received("R-1", receipt(quantity=100, damaged=Decimal(8))),
]
MERIDIAN = {
    "supplier": "Meridian Safety",
    "supplier_code": "MERID",
    "price": Decimal("37.06"),
    "date": dt.date(2026, 12, 2),
}


def test_the_draft_order_waits_until_the_first_supplier_confirms_the_cancellation():
    plan = ACTIONS["split_and_resource"].plan(seen=see("confirmed_short", SHORT), values=MERIDIAN)
    assert plan.words == "Accept 60, re-source 40 to Meridian Safety"
    assert told(plan) == [
        ("erp", (), "PO 4500001 line 1: 60 confirmed, 40 to be cancelled"),
        ("supplier", (1,), "Change order (860): line 1 from 100 to 60"),
        (
            "erp",
            (2,),
            "Draft order to Meridian Safety: 40 CA at $37.06 for Wed 2 Dec, $100.00 more than ordered",
        ),
        ("planning", (1,), "Supply −40 on Mon 30 Nov"),
        ("planning", (3,), "Supply +40 on Wed 2 Dec"),
        ("wms", (1,), "Dallas expects 60 on Mon 30 Nov"),
    ]
    assert [step.confirmed_by for step in plan.steps] == ["", "order.acknowledged", "", "", "", ""]
    assert plan.worth == Decimal("1482.40")
    assert plan.case == "waiting"
    check_commands(plan)


def test_what_the_supplier_refused_can_be_bought_elsewhere_at_once():
    plan = ACTIONS["split_and_resource"].plan(seen=see("line_rejected", REFUSED), values=MERIDIAN)
    assert [(role, after) for role, after, _ in told(plan)] == [
        ("erp", ()),
        ("erp", (1,)),
        ("planning", (1,)),
        ("planning", (2,)),
        ("wms", (1,)),
    ]
    assert [step.confirmed_by for step in plan.steps] == [""] * 5
    check_commands(plan)


@pytest.mark.parametrize(
    ("values", "where"),
    [
        (MERIDIAN | {"quantity": Decimal(41)}, "quantity"),
        (MERIDIAN | {"price": None}, "price"),
        (MERIDIAN | {"date": dt.date(2026, 11, 1)}, "date"),
    ],
)
def test_terms_of_a_second_source_must_fit(values, where):
    with pytest.raises(InputError) as caught:
        ACTIONS["split_and_resource"].plan(seen=see("confirmed_short", SHORT), values=values)
    assert caught.value.where == where


def test_the_last_price_of_a_second_source_stands_in_for_none():
    values = MERIDIAN | {"price": None, "last_price": Decimal("30.00")}
    plan = ACTIONS["split_and_resource"].plan(seen=see("confirmed_short", SHORT), values=values)
    assert plan.worth == Decimal(1200)
    assert "$182.40 less than ordered" in plan.steps[2].command.words


def test_a_short_close_is_a_fact_that_can_be_taken_back():
    plan = ACTIONS["short_close"].plan(seen=see("confirmed_short", SHORT), values={"reason": "end of life"})
    (told_,) = plan.facts
    assert (told_.type, told_.words) == ("order.line_closed", "PO 4500001 line 1 closed")
    assert told_.data["reason"] == "end of life"
    assert told_.undo == told_.data | {"reopened": True}
    assert told(plan)[0] == ("erp", (), "PO 4500001 line 1: closed, 40 given up")
    check_commands(plan)


def test_a_short_close_needs_a_reason():
    with pytest.raises(InputError) as caught:
        ACTIONS["short_close"].plan(seen=see("confirmed_short", SHORT), values={"reason": " "})
    assert caught.value.where == "reason"


def test_only_a_closed_line_can_be_reopened():
    facts = [*SHORT, closed("1")]
    finding = Finding(kind="shipped_over", line="1", summary="Acme shipped though the line is closed")
    seen = seen_of(finding, facts, as_of=day(21))
    plan = ACTIONS["reopen_line"].plan(seen=seen, values={})
    assert plan.facts[0].data["reopened"] is True
    assert told(plan)[0] == ("erp", (), "PO 4500001 line 1: open as ordered again")
    check_commands(plan)
    assert ACTIONS["reopen_line"].offer(seen=see("confirmed_short", SHORT)) is None


def test_another_day_reaches_planning_and_the_warehouse_after_the_erp():
    plan = ACTIONS["change_expected_date"].plan(
        seen=see("confirmed_short", SHORT), values={"date": dt.date(2026, 12, 4), "quantity": Decimal(40)}
    )
    assert told(plan) == [
        ("erp", (), "PO 4500001 line 1: 40 CA expected on Fri 4 Dec instead of Mon 30 Nov"),
        ("planning", (1,), "Supply −40 on Mon 30 Nov, +40 on Fri 4 Dec"),
        ("wms", (1,), "Dallas expects 40 on Fri 4 Dec"),
    ]
    check_commands(plan)


def test_an_answer_by_telephone_is_a_fact_of_the_order():
    record = ACTIONS["record_answer"]
    seen = see("confirmed_short", SHORT)
    values = {"said_by": "J. Kim", "how": "phone", "confirmed": Decimal(80), "backordered": Decimal(20)}
    with pytest.raises(InputError) as caught:
        record.plan(seen=seen, values=values)
    assert caught.value.where == "evidence"
    plan = record.plan(seen=seen, values=values | {"attached": ["acme-fill-line.eml"]})
    assert plan.case == "open"
    (told_,) = plan.facts
    assert told_.type == "order.acknowledged"
    assert told_.words == "Acme confirmed 80 CA, 20 CA backordered (J. Kim; acme-fill-line.eml)"
    assert told_.data["lines"][0]["parts"][0]["quantity"] == "80"
    assert told(plan) == [("erp", (), "PO 4500001 line 1: 80 CA, 20 CA backordered, as answered")]
    check_commands(plan)


def test_what_was_recorded_is_what_the_order_says_from_then_on():
    plan = ACTIONS["record_answer"].plan(
        seen=see("confirmed_short", SHORT),
        values={"said_by": "J. Kim", "how": "email", "confirmed": Decimal(100), "evidence": "her mail"},
    )
    moment = {"issued_at": day(4).isoformat()}
    document = msgspec.convert({"type": plan.facts[0].type, **plan.facts[0].data, **moment}, AnyDocument)
    (line,) = view_of(*SHORT, fact(document, witness="desk")).lines
    assert (line.ordered, line.confirmed) == (Decimal(100), Decimal(100))


def test_a_line_that_was_closed_in_a_plan_is_closed_in_the_order_and_open_once_taken_back():
    plan = ACTIONS["short_close"].plan(seen=see("confirmed_short", SHORT), values={"reason": "end of life"})
    (told_,) = plan.facts
    facts = [
        fact(
            msgspec.convert({"type": told_.type, **data, "issued_at": moment.isoformat()}, AnyDocument),
            witness="desk",
        )
        for data, moment in ((told_.data, day(4)), (told_.undo or {}, day(5)))
    ]
    assert view_of(*SHORT, facts[0]).lines[0].closed
    assert not view_of(*SHORT, *facts).lines[0].closed


@pytest.mark.parametrize(
    ("kind", "facts", "given_up"),
    [
        ("confirmed_short", SHORT, "40"),
        ("line_rejected", REFUSED, "100"),
        ("received_short", CAME_SHORT, "10"),
    ],
)
def test_only_what_does_not_come_any_more_is_given_up(kind, facts, given_up):
    plan = ACTIONS["short_close"].plan(seen=see(kind, facts, as_of=day(17)), values={"reason": "no need"})
    assert plan.words == f"Close line 1, give up {given_up}"


def test_a_whole_order_can_be_recorded_as_accepted():
    finding = Finding(kind="acknowledgement_overdue", summary="Acme has not answered")
    plan = ACTIONS["record_answer"].plan(
        seen=seen_of(finding, [ORDER], as_of=day(6)),
        values={"said_by": "J. Kim", "how": "phone", "reason": "called, all accepted"},
    )
    assert plan.facts[0].data["coverage"] == "accepted"
    assert plan.words == "Record that Acme confirmed as ordered"
    assert plan.steps == ()


def test_a_reminder_names_the_day_the_answer_is_wanted():
    finding = Finding(kind="acknowledgement_overdue", summary="Acme has not answered")
    plan = ACTIONS["ask_for_answer"].plan(seen=seen_of(finding, [ORDER], as_of=day(6)), values={})
    assert told(plan) == [
        ("supplier", (), "Reminder: PO 4500001 is not answered; answer due Mon 9 Nov 17:00")
    ]
    assert plan.case == "waiting"
    check_commands(plan)


def test_what_came_over_is_kept_for_what_it_costs():
    plan = ACTIONS["accept_over_receipt"].plan(seen=see("received_over", CAME_OVER, as_of=day(17)), values={})
    assert told(plan) == [
        ("erp", (), "PO 4500001 line 1: 12 CA more than ordered are kept"),
        ("planning", (1,), "Supply +12"),
    ]
    assert plan.worth == Decimal("414.72")
    check_commands(plan)


def test_the_excess_goes_back_and_the_supplier_is_told():
    plan = ACTIONS["return_excess"].plan(seen=see("received_over", CAME_OVER, as_of=day(17)), values={})
    assert told(plan) == [
        ("erp", (), "PO 4500001 line 1: return order of 12 CA"),
        ("wms", (1,), "Dallas sets 12 CA aside and ships them back"),
        ("supplier", (1,), "Message: 12 CA of line 1 come back"),
    ]
    check_commands(plan)


def test_a_wrong_receipt_is_taken_back_by_the_warehouse_itself():
    seen = see("received_over", CAME_OVER, as_of=day(17))
    plan = ACTIONS["reverse_receipt"].plan(seen=seen, values={"reason": "counted twice"})
    assert told(plan) == [("wms", (), "PO 4500001 line 1: receipt R-1 is taken back")]
    assert plan.steps[0].confirmed_by == "goods.received"
    assert plan.facts == ()
    check_commands(plan)
    with pytest.raises(InputError) as caught:
        ACTIONS["reverse_receipt"].plan(seen=seen, values={"reason": "counted twice", "receipt": "R-9"})
    assert caught.value.where == "receipt"


@pytest.mark.parametrize(("against", "role"), [("supplier", "supplier"), ("carrier", "tms")])
def test_damage_is_claimed_from_the_supplier_or_the_carrier(against, role):
    plan = ACTIONS["claim"].plan(
        seen=see("received_damaged", DAMAGED, as_of=day(17)), values={"against": against}
    )
    assert [each for each, _, _ in told(plan)] == ["erp", role]
    assert plan.steps[0].command.data["amount"] == "276.48"
    assert "8 CA for damage" in plan.words
    check_commands(plan)


def test_a_shortage_is_claimed_for_what_is_missing():
    plan = ACTIONS["claim"].plan(seen=see("received_short", CAME_SHORT, as_of=day(17)), values={})
    assert plan.words == "Claim 10 CA for shortage from Acme"


DEAR = [ORDER, invoiced("INV-1", bill(quantity=100, price=Decimal("36.56")))]


def test_a_disputed_bill_is_blocked_before_the_supplier_hears_of_it():
    plan = ACTIONS["dispute_invoice"].plan(seen=see("invoice_price", DEAR, as_of=day(13)), values={})
    assert told(plan) == [
        ("erp", (), "PO 4500001: invoice INV-1, $200.00 blocked for payment"),
        ("supplier", (1,), "Message: invoice INV-1, $200.00 is disputed"),
    ]
    assert plan.steps[0].undo is not None
    assert plan.steps[0].undo.type == "invoice.release"
    check_commands(plan)


def test_an_accepted_variance_is_worth_what_is_paid_more():
    seen = see("invoice_price", DEAR, as_of=day(13))
    plan = ACTIONS["accept_variance"].plan(seen=seen, values={"reason": "agreed by mail"})
    assert plan.worth == Decimal(200)
    assert plan.words == "Accept invoice INV-1, $200.00"
    check_commands(plan)


def test_credit_is_asked_for_and_waited_for():
    plan = ACTIONS["request_credit"].plan(seen=see("invoice_price", DEAR, as_of=day(13)), values={})
    assert plan.words == "Ask Acme for a credit of $200.00 for invoice INV-1"
    assert plan.case == "waiting"
    check_commands(plan)


def test_only_a_credit_memo_that_came_can_be_matched():
    seen = see("invoice_price", [*DEAR, invoiced("CM-1", bill(quantity=1), kind="credit")], as_of=day(13))
    plan = ACTIONS["match_credit"].plan(seen=seen, values={"credit": "CM-1"})
    assert told(plan) == [("erp", (), "PO 4500001: credit CM-1 set against invoice INV-1")]
    check_commands(plan)
    with pytest.raises(InputError) as caught:
        ACTIONS["match_credit"].plan(seen=seen, values={"credit": "CM-7"})
    assert caught.value.where == "credit"


def test_waiving_changes_nothing_and_is_worth_what_is_at_stake():
    plan = ACTIONS["waive"].plan(seen=see("confirmed_short", SHORT), values={"reason": "season is over"})
    assert (plan.words, plan.steps, plan.facts) == ("Waived: season is over", (), ())
    assert plan.worth == Decimal("1382.40")


def test_a_bill_is_not_waived_at_the_dock():
    waive = ACTIONS["waive"]
    assert not waive.allows(role=Role.WAREHOUSE, kind="invoice_price")
    assert waive.allows(role=Role.WAREHOUSE, kind="received_damaged")
