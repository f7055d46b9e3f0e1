"""Rules that compare are not asked about orders in which all that is told is one: they would find nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
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
from owned import everywhere, mirror, primary, told_by, view_under
from whole_lives import LIVES

from visibility.canonical.documents import Charge
from visibility.flows.projector import derive
from visibility.flows.state import Fact
from visibility.triage.findings import Names
from visibility.triage.rules import AWAITING, COMPARING, NO_TOLERANCES, RULES, detect
from visibility.triage.rules.agreeing import is_all_one
from visibility.triage.rules.seen import Seen

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Chicago")
LATER = day(29)
ORDER = placed(order_line(requests=(wanted(20),)))
ANSWER = answered(answer_line("1", part("accepted", 100, date=day(20).date(), basis="dock")))
FREIGHT = Charge(amount=Decimal(45), description="freight")
PRICE = bill(price="35").price
IN_TWO_PARTS = [
    part("accepted", size, date=day(on).date(), basis="dock") for size, on in ((60, 20), (40, 24))
]
WHOLE = [ORDER, ANSWER, shipped("A-1", ship()), received("R-1", receipt()), invoiced("I-1", bill())]


def asked_of_all(view, as_of: dt.datetime = LATER):
    """What all rules say, asked whether they can have anything to say or not."""
    seen = Seen(
        view=view,
        as_of=as_of,
        names=NAMES,
        tolerances=NO_TOLERANCES,
        ordered=[line for line in view.lines if line.known and not line.cancelled] if view.placed else [],
        mirrored=[line for line in view.lines if line.mirrors],
    )
    return [finding for rule in RULES for finding in rule(seen)]


@settings(max_examples=300)
@given(LIVES, st.sampled_from([day(4), LATER]))
def test_what_is_found_is_what_all_rules_find(facts: list[Fact], as_of: dt.datetime):
    view = derive(facts=facts, terms=TERMS, units=TestUnits())
    event(f"all one: {is_all_one(view)}")
    assert detect(view=view, as_of=as_of, names=NAMES, tolerances=NO_TOLERANCES) == asked_of_all(view, as_of)


@pytest.mark.parametrize("told", range(1, 6))
def test_a_life_without_a_difference_is_all_one_at_every_step(told):
    view = view_of(*WHOLE[:told])
    assert is_all_one(view)
    missed = {1: ["acknowledgement_overdue"], 2: ["asn_overdue"], 3: ["receipt_overdue"]}
    assert [finding.kind for finding in asked_of_all(view)] == missed.get(told, [])


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("confirmed_short", [ORDER, answered(answer_line("1", part("accepted", 60)))]),
        ("line_rejected", [ORDER, answered(answer_line("1", part("rejected", 100)))]),
        ("line_unanswered", [ORDER, answered(answer_line("1"))]),
        ("promised_late", [ORDER, answered(answer_line("1", part(date=day(24).date(), basis="dock")))]),
        ("price_changed", [ORDER, answered(answer_line("1", part(), price=PRICE))]),
        ("change_unanswered", [ORDER, ANSWER, changed(change("1", 120), at=day(5), version="1")]),
        ("change_unanswered", [ORDER, ANSWER, changed(change("1", price=PRICE), at=day(5), version="1")]),
        ("promised_late", [ORDER, answered(answer_line("1", *IN_TWO_PARTS))]),
        ("shipped_over", [ORDER, ANSWER, shipped("A-1", ship("1", 120))]),
        ("received_short", [*WHOLE[:3], received("R-1", receipt("1", 90))]),
        ("received_damaged", [*WHOLE[:3], received("R-1", receipt("1", 100, damaged=bill("1", 5).quantity))]),
        ("over_billed", [*WHOLE[:4], invoiced("I-1", bill("1", 120))]),
        ("invoice_quantity", [*WHOLE[:3], received("R-1", receipt("1", 90)), WHOLE[4]]),
        ("invoice_duplicate", [*WHOLE, invoiced("I-2", bill())]),
        ("invoice_extra_charge", [*WHOLE[:4], invoiced("I-1", bill(), charges=(FREIGHT,))]),
        ("promised_early", [ORDER, answered(answer_line("1", part(date=day(16).date(), basis="dock")))]),
        ("shipped_short", [ORDER, ANSWER, shipped("A-1", ship("1", 90))]),
        ("shipped_closed", [ORDER, ANSWER, closed("1", at=day(9)), shipped("A-1", ship())]),
        ("received_wrong_item", [*WHOLE[:3], received("R-1", receipt("7", 100, item=SECOND))]),
        ("invoice_price", [*WHOLE[:4], invoiced("I-1", bill(price="36"))]),
        ("unknown_line", [ORDER, shipped("A-1", ship("7", 100, item=SECOND))]),
        ("unit_not_convertible", [ORDER, shipped("A-1", ship("1", 2, unit="PL"))]),
    ],
)
def test_a_difference_of_any_kind_is_seen(kind, facts):
    view = view_of(*facts)
    assert not is_all_one(view)
    assert kind in [f.kind for f in detect(view=view, as_of=LATER, names=NAMES, tolerances=NO_TOLERANCES)]


def test_what_mirrors_say_is_looked_at():
    settings = everywhere(receipt=(primary("wms-dal"), mirror("erp-1", 8)))
    view = view_under(settings, ORDER, told_by("wms-dal", received("R-1", receipt())))
    assert not is_all_one(view)
    found = detect(view=view, as_of=LATER, names=NAMES, tolerances=NO_TOLERANCES)
    assert "mirror_late" in [finding.kind for finding in found]


def test_a_rule_that_does_not_compare_is_asked_about_every_order():
    assert {rule.__name__ for rule in RULES if rule not in COMPARING} == {
        "acknowledgement_overdue",
        "shipment_delayed",
        "document_refused",
        "tender_declined",
        "conflicting_duplicate",
        *(rule.__name__ for rule in AWAITING),
    }
