"""A decision about a cause is taken back when none of its findings is left: nothing comes to the desk."""

import pytest
from django.db import connection as database
from django.db import transaction
from factories import order, tell

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.inbox.models import Connection
from visibility.masterdata.models import Item
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.counters import find_differences
from visibility.pipeline.sweep import rebuild
from visibility.triage.models import ExceptionCase
from visibility.triage.settling import settle_case, tell_case


def decide(case: ExceptionCase) -> None:
    with transaction.atomic(), server_cursor(database) as cursor:
        assert settle_case(
            cursor=cursor,
            case_id=case.pk,
            decisions=0,
            who="maria",
            words="It is ours",
            state="resolved",
            as_of=clock.now(),
        )


def take_back(case: ExceptionCase) -> None:
    with transaction.atomic(), server_cursor(database) as cursor:
        tell_case(
            cursor=cursor,
            case_id=case.pk,
            what="taken_back",
            text="",
            who="maria",
            as_of=clock.now(),
            state="open",
        )
    case.refresh_from_db()


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_a_decision_taken_back_opens_the_case_of_a_cause_that_has_findings_only(
    trial: Connection, is_known: bool
) -> None:
    forget_kept()
    tell(trial, order())
    case = ExceptionCase.objects.get(kind="unknown_item")
    decide(case)
    if is_known:
        Item.objects.update(provisional=False)
        list(rebuild(check=False))
    take_back(case)
    assert (case.members, case.is_open) == ((0, False) if is_known else (1, True))
    assert case.state == ("closed" if is_known else "in_progress")
    assert find_differences() == []
