"""Accepting what a supplier answered: what is said, what is asked of whom, and in which order."""

import datetime as dt
from decimal import Decimal

import pytest
from lives import answer_line, answered, order_line, part, placed
from seeing import check_commands, filled, see, told

from visibility.canonical.documents import Item, Schedule
from visibility.core.errors import InputError
from visibility.desk.catalogue import ACTIONS

ASKED = dt.date(2026, 11, 30)
WANTED = order_line(quantity=100, requests=(Schedule(date=ASKED, basis="dock"),))
ORDER = placed(WANTED)
SIXTY = part("accepted", 60, date=ASKED, basis="dock")
SHORT = [ORDER, answered(answer_line("1", SIXTY))]
LATER = part("backordered", 40, date=dt.date(2026, 12, 2), basis="dock")
DATED = [ORDER, answered(answer_line("1", SIXTY, LATER))]
REFUSED = [ORDER, answered(answer_line("1", SIXTY, part("rejected", 40)))]


def test_the_rest_stays_on_backorder_and_everybody_counts_on_sixty():
    plan = ACTIONS["accept_answer"].plan(seen=see("confirmed_short", SHORT), values={"rest": "backorder"})
    assert plan.words == "Accept 60, keep 40 on backorder"
    assert plan.case == "resolved"
    assert told(plan) == [
        ("erp", (), "PO 4500001 line 1: 60 confirmed, 40 on backorder"),
        ("planning", (1,), "Supply −40 on Mon 30 Nov"),
        ("wms", (1,), "Dallas expects 60 on Mon 30 Nov"),
        ("supplier", (1,), "Message: your answer to line 1 is accepted, 40 stay on backorder"),
    ]
    check_commands(plan)


def test_a_backorder_with_a_day_moves_supply_to_that_day():
    seen = see("confirmed_short", DATED)
    plan = ACTIONS["accept_answer"].plan(seen=seen, values={})
    assert told(plan)[:2] == [
        ("erp", (), "PO 4500001 line 1: 60 confirmed, 40 on backorder, until Wed 2 Dec"),
        ("planning", (1,), "Supply −40 on Mon 30 Nov, +40 on Wed 2 Dec"),
    ]
    assert plan.steps[1].undo is not None
    assert plan.steps[1].undo.words == "Supply again +40 on Mon 30 Nov, −40 on Wed 2 Dec"


def test_the_erp_is_told_of_what_is_confirmed_and_never_of_another_order():
    plan = ACTIONS["accept_answer"].plan(seen=see("confirmed_short", SHORT), values={"rest": "backorder"})
    assert plan.steps[0].command.type == "order.line.confirm"
    assert plan.steps[0].command.data["confirmed"] == "60"
    assert "quantity" not in plan.steps[0].command.data
    assert "ordered" not in plan.steps[0].command.data
    assert plan.facts == ()


def test_cancelling_the_rest_changes_the_order_at_the_supplier_after_the_erp():
    plan = ACTIONS["cancel_rest"].plan(seen=see("confirmed_short", SHORT), values={})
    assert plan.words == "Accept 60, cancel 40"
    assert told(plan) == [
        ("erp", (), "PO 4500001 line 1: 60 confirmed, 40 to be cancelled"),
        ("supplier", (1,), "Change order (860): line 1 from 100 to 60"),
        ("planning", (1,), "Supply −40 on Mon 30 Nov"),
        ("wms", (1,), "Dallas expects 60 on Mon 30 Nov"),
    ]
    assert plan.worth == Decimal("1382.40")
    assert plan.currency == "USD"
    assert plan.steps[0].undo is not None
    assert plan.steps[0].undo.words == "PO 4500001 line 1: 40 open again"
    check_commands(plan)


def test_what_the_supplier_refused_cannot_be_kept_on_backorder():
    seen = see("confirmed_short", REFUSED)
    with pytest.raises(InputError) as caught:
        ACTIONS["accept_answer"].plan(seen=seen, values={"rest": "backorder"})
    assert caught.value.where == "rest"
    offer = ACTIONS["accept_answer"].offer(seen=seen)
    assert offer is not None
    assert offer.label == "Accept 60, cancel 40"
    assert ACTIONS["cancel_rest"].offer(seen=seen) is None


@pytest.mark.parametrize(
    ("facts", "best", "why"),
    [
        (SHORT, "push_back", "Acme said nothing of the other 40"),
        (DATED, "accept_answer", "Acme gives Wed 2 Dec for the rest"),
        (REFUSED, "split_and_resource", "Acme will not deliver 40"),
    ],
)
def test_one_choice_is_recommended_with_its_reason(facts, best, why):
    seen = see("confirmed_short", facts)
    offers = [(action.name, offer) for action in ACTIONS.values() if "confirmed_short" in action.kinds
              for offer in [action.offer(seen=seen)] if offer is not None]  # fmt: skip
    name, offer = min(offers, key=lambda each: each[1].rank)
    assert (name, offer.why) == (best, why)
    assert sorted(each.rank for _, each in offers).count(offer.rank) == 1


def test_a_later_day_is_accepted_and_supply_moves_to_it():
    late = part("accepted", 100, date=dt.date(2026, 12, 3), basis="dock")
    plan = ACTIONS["accept_terms"].plan(
        seen=see("promised_late", [ORDER, answered(answer_line("1", late))]), values={}
    )
    assert plan.words == "Accept Thu 3 Dec instead of Mon 30 Nov"
    assert told(plan)[:3] == [
        ("erp", (), "PO 4500001 line 1: 100 confirmed, Thu 3 Dec instead of Mon 30 Nov"),
        ("planning", (1,), "Supply −100 on Mon 30 Nov, +100 on Thu 3 Dec"),
        ("wms", (1,), "Dallas expects 100 on Thu 3 Dec"),
    ]
    assert plan.worth is None
    check_commands(plan)


def test_a_ship_date_is_no_other_day_than_a_dock_date():
    ships = part("accepted", 60, date=dt.date(2026, 12, 3), basis="ship")
    seen = see("confirmed_short", [ORDER, answered(answer_line("1", ships))])
    assert ACTIONS["accept_terms"].offer(seen=seen) is None


def test_a_higher_price_is_worth_its_difference():
    dearer = answer_line("1", part("accepted", 100), price=Decimal("35.56"))
    plan = ACTIONS["accept_terms"].plan(seen=see("price_changed", [ORDER, answered(dearer)]), values={})
    assert plan.words == "Accept $35.56 instead of $34.56"
    assert plan.worth == Decimal(100)
    assert plan.steps[0].command.data["price"] == "35.56"
    check_commands(plan)


def test_more_than_ordered_is_worth_what_it_costs():
    seen = see("confirmed_over", [ORDER, answered(answer_line("1", part("accepted", 110)))])
    plan = ACTIONS["accept_terms"].plan(seen=seen, values={})
    assert plan.words == "Accept 110 instead of 100"
    assert plan.worth == Decimal("345.60")
    assert ("planning", (1,), "Supply +10 on Mon 30 Nov") in told(plan)


def test_another_item_is_named_to_the_erp():
    other = part("accepted", 100, substitute=Item(buyer="SKU-2000"))
    plan = ACTIONS["accept_terms"].plan(
        seen=see("item_substituted", [ORDER, answered(answer_line("1", other))]), values={}
    )
    assert plan.words == "Accept SKU-2000 instead of SKU-1042"
    assert plan.steps[0].command.data["substitute"] == {"buyer": "SKU-2000"}
    check_commands(plan)


def test_pushing_back_asks_for_the_order_as_it_stands_and_waits():
    seen = see("confirmed_short", SHORT)
    plan = ACTIONS["push_back"].plan(seen=seen, values=filled(answer_by=dt.date(2026, 11, 6)))
    assert plan.words == "Ask Acme again for all 100 CA"
    assert told(plan) == [
        (
            "supplier",
            (),
            "Change order (860): line 1, all 100 CA once more; answer due Fri 6 Nov 17:00",
        )
    ]
    assert (plan.case, plan.expects) == ("waiting", "Acme answers by Fri 6 Nov 17:00")
    assert plan.snooze_until == dt.datetime(2026, 11, 6, 23, tzinfo=dt.UTC)
    assert plan.steps[0].command.data["insist"] is True
    check_commands(plan)


def test_an_answer_is_due_on_the_next_day_of_the_week():
    friday = dt.datetime(2026, 11, 6, 15, tzinfo=dt.UTC)
    plan = ACTIONS["push_back"].plan(seen=see("confirmed_short", SHORT, as_of=friday), values={})
    assert plan.expects == "Acme answers by Mon 9 Nov 17:00"


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"quantity": Decimal(101)}, "quantity"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"answer_by": dt.date(2026, 11, 3)}, "answer_by"),
        ({"date": dt.date(2026, 11, 1)}, "date"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(values, where):
    with pytest.raises(InputError) as caught:
        ACTIONS["push_back"].plan(seen=see("confirmed_short", SHORT), values=values)
    assert caught.value.where == where


def test_a_line_of_an_unknown_unit_can_only_be_left_or_recorded_elsewhere():
    unitless = placed(order_line(unit="", requests=(Schedule(date=ASKED, basis="dock"),)))
    seen = see("confirmed_short", [unitless, answered(answer_line("1", part("accepted", 60), unit=""))])
    offered = {name for name, action in ACTIONS.items() if "confirmed_short" in action.kinds
               and action.offer(seen=seen) is not None}  # fmt: skip
    assert offered == {"waive"}
    with pytest.raises(InputError, match="not known yet"):
        ACTIONS["accept_answer"].plan(seen=seen, values={})


def test_the_day_of_the_week_is_the_receiving_places():
    evening = dt.datetime(2026, 11, 6, 2, tzinfo=dt.UTC)  # still Thursday in Dallas
    plan = ACTIONS["push_back"].plan(seen=see("confirmed_short", SHORT, as_of=evening), values={})
    assert plan.expects == "Acme answers by Fri 6 Nov 17:00"
