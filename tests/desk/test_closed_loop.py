"""A decision carried out in real systems over HTTP, and what comes back closing the case."""

from collections.abc import Iterator
from pathlib import Path

import counterparts
import factories as make
import pytest
from counterparts import Counterparts, until

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.desk.models import Effect, Resolution
from visibility.desk.services import resolve_case
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import OutboxMessage
from visibility.triage.models import CaseEvent, ExceptionCase

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "4500018277"


@pytest.fixture
def at(transactional_db: None) -> Connection:
    forget_kept()
    return make.connection(of=make.company("northgate", issuer=make.NORTHGATE))


@pytest.fixture
def systems(at: Connection, tmp_path: Path) -> Iterator[Counterparts]:
    with counterparts.connected(at.company, tmp_path) as found:
        found.books("erp").enter(
            [{"number": NUMBER, "line": "1", "item": "SKU-1042", "unit": "CA", "ordered": "100"}]
        )
        yield found


@pytest.fixture
def maria(at: Connection) -> User:
    user = User.objects.create_user("maria", first_name="Maria", last_name="Ortiz", role=Role.BUYER)
    Grant.objects.create(user=user, company=at.company)
    return user


@pytest.fixture
def case(at: Connection) -> ExceptionCase:
    asked = [{"date": "2026-12-20", "basis": "dock"}]
    make.tell(at, make.order(NUMBER, make.line(price="62.00", requests=asked)))
    make.tell(at, make.answer(NUMBER, make.answer_line("1", make.accepted(60))))
    return ExceptionCase.objects.get(kind="confirmed_short")


def decide(maria: User, case: ExceptionCase, action: str, **values: object) -> Resolution:
    return resolve_case(
        scope=scope_of_user(maria),
        user=maria,
        case_id=case.pk,
        action=action,
        values=values,
        seen_decisions=case.decisions,
    )


def told(case: ExceptionCase) -> list[str]:
    return [f"{event.what}: {event.text}" for event in CaseEvent.objects.filter(case=case).order_by("pk")]


def test_sixty_of_a_hundred_accepted_and_the_rest_cancelled_closes_the_case_by_what_the_erp_tells(
    systems: Counterparts, maria: User, case: ExceptionCase
) -> None:
    resolution = decide(maria, case, "cancel_rest")
    until(lambda: Resolution.objects.get(pk=resolution.pk).state == Resolution.State.DONE)
    until(lambda: Flow.objects.get(number=NUMBER).lines.get().ordered == 60)
    case.refresh_from_db()
    assert case.state in ("resolved", "closed"), told(case)
    assert systems.books("erp").line(number=NUMBER, line="1")["ordered"] == "60"
    assert "order.line.cancel" in systems.asked("erp")
    assert systems.asked("planning") == ["planning.supply_change"]
    assert systems.asked("wms") == ["wms.expect"]
    entries = LedgerEntry.objects.filter(type__in=("decision.taken", "command.outcome"))
    assert entries.filter(type="decision.taken").count() == 1
    assert entries.filter(type="command.outcome").count() == Effect.objects.count()
    assert OutboxMessage.objects.exclude(state="delivered").count() == 0


def test_the_rest_kept_on_backorder_leaves_the_order_at_a_hundred_and_the_case_resolved(
    systems: Counterparts, maria: User, case: ExceptionCase
) -> None:
    resolution = decide(maria, case, "accept_answer", rest="backorder")
    until(lambda: Resolution.objects.get(pk=resolution.pk).state == Resolution.State.DONE)
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("resolved", False)
    assert systems.books("erp").line(number=NUMBER, line="1")["ordered"] == "100"
    assert systems.books("erp").line(number=NUMBER, line="1")["confirmed"] == "60"


def test_a_refusal_of_the_system_of_record_stops_the_rest_and_brings_the_case_back_with_the_reason(
    systems: Counterparts, maria: User, case: ExceptionCase
) -> None:
    systems.books("erp").set_line(number=NUMBER, line="1", ordered="20")  # the ERP knows more than we do
    resolution = decide(maria, case, "cancel_rest")
    until(lambda: Resolution.objects.get(pk=resolution.pk).state == Resolution.State.STOPPED)
    until(lambda: not OutboxMessage.objects.filter(state__in=("ready", "held", "unknown")).exists())
    case.refresh_from_db()
    assert case.is_open
    assert systems.asked("planning") == systems.asked("wms") == []
    assert any("20 ordered; 40 cannot go" in each for each in told(case)), told(case)


@pytest.mark.parametrize("fault", ["throttled", "broken", "dropped"])
def test_whatever_fails_on_the_way_each_system_does_it_exactly_once(
    systems: Counterparts, maria: User, case: ExceptionCase, fault: str
) -> None:
    for role in ("erp", "planning", "wms"):
        systems.fail(role, fault, seconds=0)
    resolution = decide(maria, case, "cancel_rest")
    until(lambda: Resolution.objects.get(pk=resolution.pk).state == Resolution.State.DONE)
    assert systems.books("erp").line(number=NUMBER, line="1")["ordered"] == "60"
    for role in ("erp", "planning", "wms"):
        assert len(systems.asked(role)) == Effect.objects.filter(system__icontains=role).count(), role
