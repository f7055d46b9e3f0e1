"""Who works on many cases and is locked out by somebody else begins again, and nothing is done by halves."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from factories import accepted, answer, answer_line, order, tell

from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_user
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage import deskwork, discussing, waking
from visibility.triage.models import CaseComment, CaseEvent, ExceptionCase
from visibility.triage.waking import wake_snoozed
from visibility.triage.working import assign_cases, comment_cases

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def maria(transactional_db: None) -> User:
    forget_kept()
    at = Connection.objects.get(name="trial")
    tell(at, order(), answer("4500001", answer_line("1", accepted(60))))
    maria = User.objects.create(username="maria", role=Role.BUYER)
    Grant.objects.create(user=maria, company=at.company)
    return maria


def locks_out_once(patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """What `name` of the module does is done, and then the database breaks the transaction: once."""
    real: Callable[..., Any] = getattr(module, name)
    calls: list[None] = []

    def breaking(**given: Any) -> Any:
        done = real(**given)
        calls.append(None)
        if len(calls) == 1:
            raise psycopg.errors.DeadlockDetected
        return done

    patch.setattr(module, name, breaking)


def all_of(user: User) -> tuple[Scope, list[int]]:
    return scope_of_user(user), list(ExceptionCase.objects.values_list("pk", flat=True))


def test_many_cases_are_assigned_once(maria: User, monkeypatch: pytest.MonkeyPatch) -> None:
    locks_out_once(monkeypatch, deskwork, "tell_events")
    scope, ids = all_of(maria)
    assert not assign_cases(scope=scope, user=maria, case_ids=ids, assignee=maria)
    assert set(ExceptionCase.objects.values_list("assignee", flat=True)) == {maria.pk}
    assert CaseEvent.objects.filter(what="assigned").count() == len(ids) > 1


def test_a_comment_is_written_once(maria: User, monkeypatch: pytest.MonkeyPatch) -> None:
    locks_out_once(monkeypatch, discussing, "tell_events")
    scope, ids = all_of(maria)
    assert not comment_cases(scope=scope, user=maria, case_ids=ids, text="Ask them")
    assert CaseComment.objects.count() == len(ids) > 1


def test_what_was_put_aside_wakes_once(maria: User, monkeypatch: pytest.MonkeyPatch) -> None:
    locks_out_once(monkeypatch, waking, "tell_events")
    ExceptionCase.objects.update(state="snoozed", is_open=False, snoozed_until=clock.now())
    assert wake_snoozed() == CaseEvent.objects.filter(what="woken").count() == ExceptionCase.objects.count()
    assert set(ExceptionCase.objects.values_list("state", flat=True)) == {"in_progress"}
