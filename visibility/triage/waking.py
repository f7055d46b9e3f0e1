"""Cases whose snooze is over come back to the desk: a chore."""

from functools import partial

from django.db import connection as database

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.triage.deskwork import (
    lock_flows_of_cases,
    lock_worked,
    recount_flows,
    save_worked,
    tell_events,
)
from visibility.triage.models import ExceptionCase
from visibility.triage.retrying import in_one_transaction

BATCH = 500


def wake_snoozed() -> int:
    """Wake what was snoozed until now or earlier; how many."""
    woken = 0
    while ids := _due():
        woken += in_one_transaction(partial(_wake, ids))
        if len(ids) < BATCH:
            break
    return woken


def _due() -> list[int]:
    due = ExceptionCase.objects.filter(state="snoozed", snoozed_until__lte=clock.now())
    return list(due.order_by("snoozed_until", "id").values_list("id", flat=True)[:BATCH])


def _wake(case_ids: list[int]) -> int:
    as_of = clock.now()
    with server_cursor(database) as cursor:
        lock_flows_of_cases(cursor=cursor, case_ids=case_ids)
        due = [
            case
            for case in lock_worked(cursor=cursor, case_ids=case_ids).values()
            if case.state == "snoozed" and case.snoozed_until is not None and case.snoozed_until <= as_of
        ]
        for case in due:
            case.put("in_progress")
        save_worked(cursor=cursor, rows=due, as_of=as_of)
        events = [(case.id, "woken", "The time it was put aside for is over") for case in due]
        tell_events(cursor=cursor, events=events, who="", as_of=as_of)
        recount_flows(cursor=cursor, flow_ids={case.flow_id for case in due})
    return len(due)
