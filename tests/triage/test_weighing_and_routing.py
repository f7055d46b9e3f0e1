"""How much a case matters by its days, and where it goes by a company's rules."""

from decimal import Decimal

import pytest

from visibility.triage.causes import severity_of
from visibility.triage.findings import QUEUE_OF_KIND, QUEUES, Severity
from visibility.triage.routing import ROLE_OF_QUEUE, Routed, Rule, route
from visibility.triage.weighing import risk_of, weigh_in_time


@pytest.mark.parametrize(
    ("severity", "days", "weighed"),
    [
        ("low", None, "low"),
        ("low", 2, "medium"),
        ("medium", 3, "medium"),
        ("medium", 30, "medium"),
        ("medium", 31, "low"),
        ("low", 31, "low"),
        ("high", 0, "critical"),
        ("critical", -400, "critical"),
        ("critical", 31, "high"),
    ],
)
def test_what_hurts_soon_is_a_step_worse_and_what_is_far_off_a_step_milder(
    severity: Severity, days: int | None, weighed: Severity
):
    assert weigh_in_time(severity=severity, days=days) == weighed


@pytest.mark.parametrize(
    ("money", "days", "risk"),
    [(None, 3, None), ("900", 3, "300"), ("900", 0, "900"), ("900", -5, "900"), ("-900", None, "30")],
)
def test_risk_is_money_by_the_days_that_are_left(money: str | None, days: int | None, risk: str | None):
    found = risk_of(money=Decimal(money) if money else None, days=days)
    assert found == (Decimal(risk) if risk else None)


def test_a_cause_is_the_worse_the_more_wait_for_it_and_never_critical():
    assert [severity_of(kind="unknown_item", members=n) for n in (1, 9, 10, 100, 9999)] == [
        "low",
        "low",
        "medium",
        "high",
        "high",
    ]
    assert severity_of(kind="unreadable_document", members=9999) == "high"


def rule(**more: object) -> Rule:
    empty = {"kind": "", "supplier_id": None, "ship_to_id": None, "item": "", "money_from": None}
    return Rule(**{**empty, "queue": "", "owner_role": "", "assignee_id": None, **more})


def test_the_first_rule_that_fits_counts_and_what_it_leaves_empty_is_as_usual():
    rules = [
        rule(kind="confirmed_short", money_from=Decimal(5000), queue="big-shorts", assignee_id=7),
        rule(supplier_id=3, owner_role="supplier_manager"),
        rule(item="SKU-9", queue="family-nine"),
    ]
    short = {"rules": rules, "kind": "confirmed_short"}
    assert route(**short, money=Decimal(5000)) == Routed("big-shorts", "buyer", 7)
    assert route(**short, money=None, supplier_id=3).owner_role == "supplier_manager"
    assert route(**short, money=Decimal(10), supplier_id=3).queue == "quantity-mismatches"
    assert route(**short, item="SKU-99").queue == "family-nine"
    assert route(**short, item="SKU-10") == Routed("quantity-mismatches", "buyer")


def test_every_kind_has_a_queue_and_every_queue_an_owner():
    assert set(QUEUE_OF_KIND.values()) <= set(QUEUES) == set(ROLE_OF_QUEUE)
