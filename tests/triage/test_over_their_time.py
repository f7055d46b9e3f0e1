"""How many are over their time, as the rail says it, is what the list shows that is narrowed to them."""

import datetime as dt

import pytest

from tests.factories import company, connection, order, tell
from visibility.access.scopes import Scope, scope_of_company
from visibility.core import clock
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.sweep import sweep_due
from visibility.triage.lists import list_cases
from visibility.triage.models import ExceptionCase
from visibility.triage.selectors import queue_counts

pytestmark = pytest.mark.django_db
LATER = dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC)
MUCH_LATER = LATER + dt.timedelta(days=40)


@pytest.fixture
def scope() -> Scope:
    """Four orders whose answer is overdue: each a case with a clock."""
    forget_kept()
    northgate = company()
    with clock.at(LATER):
        tell(connection(of=northgate), *(order(f"45{n:05}") for n in range(4)))
        sweep_due(as_of=LATER)
    return scope_of_company(northgate.pk)


def told(scope: Scope) -> dict[str, int]:
    return {queue: over for queue, (_n, over) in queue_counts(scope=scope).items() if over}


def listed(scope: Scope) -> dict[str, int]:
    rows = list_cases(scope=scope, sla="over").rows
    return {queue: sum(row.queue == queue for row in rows) for queue in {row.queue for row in rows}}


def test_the_rail_counts_the_clocks_that_ran_out_and_the_list_shows_them(scope: Scope) -> None:
    with clock.at(LATER):  # the deadlines are over already; the clocks have just begun
        assert ExceptionCase.objects.filter(due_at__lt=LATER).count() >= 4
        assert told(scope) == listed(scope) == {}
    with clock.at(MUCH_LATER):
        assert told(scope) == listed(scope)
        assert sum(told(scope).values()) >= 4


def test_a_clock_that_stands_is_not_over(scope: Scope) -> None:
    with clock.at(MUCH_LATER):
        before = sum(told(scope).values())
        standing = ExceptionCase.objects.filter(is_open=True).earliest("id")
        ExceptionCase.objects.filter(pk=standing.pk).update(sla_paused_at=LATER)
        assert sum(told(scope).values()) == sum(listed(scope).values()) == before - 1


def test_readers_of_one_partner_s_part_are_told_of_its_deadlines(scope: Scope) -> None:
    supplier = ExceptionCase.objects.exclude(supplier_id=None).latest("id").supplier_id
    assert supplier is not None
    theirs = Scope(companies=scope.companies, partners=(supplier,))
    with clock.at(LATER):
        due = ExceptionCase.objects.filter(is_open=True, supplier_id=supplier, due_at__lt=LATER).count()
        assert sum(told(theirs).values()) == due >= 4
