"""Policies: tested over what was, switched on by a person, deciding within their limits and no further."""

import factories as make
import pytest

from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_user
from visibility.accounts.models import Role, User
from visibility.core.errors import ForbiddenError, InputError, NotFoundError
from visibility.desk import policies
from visibility.desk.models import Policy, Resolution
from visibility.desk.services import resolve_case, reverse_resolution
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at(transactional_db: None) -> Connection:
    forget_kept()
    return make.connection(of=make.company("northgate", issuer=make.NORTHGATE))


def person(at: Connection, name: str, role: Role, **more) -> User:
    user = User.objects.create_user(name, first_name=name.title(), role=role)
    Grant.objects.create(user=user, company=at.company, **more)
    return user


def answered(at: Connection, *confirmed: int) -> list[ExceptionCase]:
    """One order of 100 for each quantity, answered with it."""
    for n, quantity in enumerate(confirmed):
        number = f"45{n:05}"
        make.tell(at, make.order(number, make.line(price="10.00")))
        make.tell(at, make.answer(number, make.answer_line("1", make.accepted(quantity))))
    return list(ExceptionCase.objects.filter(kind="confirmed_short").order_by("order_number"))


def keep_backorder(jin: User, **limits: object) -> Policy:
    return policies.save_policy(
        scope=scope_of_user(jin),
        user=jin,
        name="Small shorts wait",
        kind="confirmed_short",
        action="accept_answer",
        values={"rest": "backorder"},
        limits=limits,
    )


def test_a_policy_decides_what_is_within_its_limits_and_leaves_the_rest_to_people(at: Connection) -> None:
    jin = person(at, "jin", Role.SUPPLIER_MANAGER)
    small, large = answered(at, 97, 60)
    policy = keep_backorder(jin, percent="5")
    assert policies.apply_policies() == 0, "it is off"
    with pytest.raises(InputError):
        policies.switch_policy(scope=scope_of_user(jin), user=jin, policy_id=policy.pk, on=True)
    tested = policies.run_backtest(scope=scope_of_user(jin), user=jin, policy_id=policy.pk)
    assert tested.backtest["closed"] == {"count": 1, "cases": [small.pk]}
    assert tested.backtest["left"] == {"count": 1, "cases": [large.pk]}
    policies.switch_policy(scope=scope_of_user(jin), user=jin, policy_id=policy.pk, on=True)
    assert policies.apply_policies() == 1
    assert policies.apply_policies() == 0
    decided = Resolution.objects.get()
    assert (decided.case_id, decided.decided_by, decided.policy) == (small.pk, None, policy)
    small.refresh_from_db()
    large.refresh_from_db()
    assert (small.is_open, large.is_open) == (False, True)
    assert "Small shorts wait" in small.resolved_by


def test_what_a_policy_decided_is_taken_back_by_a_person_and_not_decided_again(at: Connection) -> None:
    jin, maria = person(at, "jin", Role.SUPPLIER_MANAGER), person(at, "maria", Role.BUYER)
    (case,) = answered(at, 97)
    policy = keep_backorder(jin, percent="5")
    policies.run_backtest(scope=scope_of_user(jin), user=jin, policy_id=policy.pk)
    policies.switch_policy(scope=scope_of_user(jin), user=jin, policy_id=policy.pk, on=True)
    policies.apply_policies()
    reverse_resolution(
        scope=scope_of_user(maria), user=maria, resolution_id=Resolution.objects.get().pk, reason="too early"
    )
    case.refresh_from_db()
    assert case.is_open
    assert policies.apply_policies() == 0, "a person has touched it"


def test_the_backtest_tells_agreed_wrong_and_missed_apart(at: Connection) -> None:
    jin, maria = person(at, "jin", Role.SUPPLIER_MANAGER), person(at, "maria", Role.BUYER)
    agreed, wrong, missed, undecided = answered(at, 98, 97, 60, 96)
    for case, action, values in (
        (agreed, "accept_answer", {"rest": "backorder"}),
        (wrong, "waive", {"reason": "the season is over"}),
        (missed, "accept_answer", {"rest": "backorder"}),
    ):
        resolve_case(
            scope=scope_of_user(maria),
            user=maria,
            case_id=case.pk,
            action=action,
            values=values,
            seen_decisions=0,
        )
    policy = keep_backorder(jin, percent="5")
    found = policies.run_backtest(scope=scope_of_user(jin), user=jin, policy_id=policy.pk).backtest
    told = {name: found[name]["cases"] for name in ("agreed", "wrong", "missed", "undecided")}
    assert told == {
        "agreed": [agreed.pk],
        "wrong": [wrong.pk],
        "missed": [missed.pk],
        "undecided": [undecided.pk],
    }
    assert (found["closed"]["count"], found["seen"]) == (3, 4)


def test_a_changed_policy_is_off_until_it_is_tested_again(at: Connection) -> None:
    jin = person(at, "jin", Role.SUPPLIER_MANAGER)
    policy = keep_backorder(jin, percent="5")
    policies.run_backtest(scope=scope_of_user(jin), user=jin, policy_id=policy.pk)
    policies.switch_policy(scope=scope_of_user(jin), user=jin, policy_id=policy.pk, on=True)
    changed = policies.save_policy(
        scope=scope_of_user(jin),
        user=jin,
        policy_id=policy.pk,
        name=policy.name,
        kind=policy.kind,
        action=policy.action,
        values=policy.values,
        limits={"percent": "50"},
    )
    assert (changed.is_on, changed.backtest) == (False, None)


def test_only_those_who_answer_for_suppliers_or_supply_make_policies(at: Connection) -> None:
    maria = person(at, "maria", Role.BUYER)
    with pytest.raises(ForbiddenError):
        keep_backorder(maria, percent="5")
    assert policies.list_policies(scope=scope_of_user(maria)) == []
    with pytest.raises(NotFoundError):
        policies.list_policies(scope=Scope(companies=(at.company_id,), partners=(1,)))


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"action": "make_coffee"}, "action"),
        ({"kind": "invoice_price"}, "action"),
        ({"name": " "}, "name"),
        ({"limits": {}}, "gap"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_its_field(at: Connection, more, where) -> None:
    jin = person(at, "jin", Role.SUPPLIER_MANAGER)
    given = {"name": "x", "kind": "confirmed_short", "action": "accept_answer", "limits": {"gap": "1"}}
    with pytest.raises(InputError) as refused:
        policies.save_policy(scope=scope_of_user(jin), user=jin, values={}, **{**given, **more})
    assert refused.value.where == where


def test_date_changes_up_to_two_days_are_taken_for_items_that_are_not_critical(at: Connection) -> None:
    jin = person(at, "jin", Role.SUPPLIER_MANAGER)
    asked = [{"date": "2026-12-21", "basis": "dock"}]
    for number, sku, promised in (
        ("4500001", "SKU-1042", "2026-12-23"),
        ("4500002", "SKU-1042", "2026-12-24"),
        ("4500003", "SKU-9900", "2026-12-22"),
    ):
        part = {**make.accepted(100), "date": promised, "basis": "dock"}
        make.tell(at, make.order(number, make.line(sku=sku, price="10.00", requests=asked)))
        make.tell(at, make.answer(number, make.answer_line("1", part, sku=sku)))
    late = ExceptionCase.objects.filter(kind="promised_late").order_by("order_number")
    assert [(case.gap, case.unit) for case in late] == [(2, "d"), (3, "d"), (1, "d")]
    policy = policies.save_policy(
        scope=scope_of_user(jin),
        user=jin,
        name="Two days do not matter",
        kind="promised_late",
        action="accept_terms",
        values={},
        limits={"gap": "2", "not_items": "SKU-99"},
    )
    policies.run_backtest(scope=scope_of_user(jin), user=jin, policy_id=policy.pk)
    policies.switch_policy(scope=scope_of_user(jin), user=jin, policy_id=policy.pk, on=True)
    assert policies.apply_policies() == 1
    assert list(late.values_list("order_number", "is_open")) == [
        ("4500001", False),
        ("4500002", True),
        ("4500003", True),
    ]
