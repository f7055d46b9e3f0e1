"""What has to be done now and then, by whoever comes first: beat, a worker's own loop, the sweeper.

One process at a time, under an advisory lock of PostgreSQL; the time of the last run stands in the database,
so that three triggers do it no more often than one. The lock goes with its connection: nothing waits for a
process that was killed.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection as database
from django.utils.module_loading import import_string

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.counters.services import compact_all
from visibility.ledger.seal import seal_ledger
from visibility.masterdata.profiles_parts import apply_due_standings
from visibility.pipeline import beats, wake
from visibility.pipeline.changed_terms import look_after_changes
from visibility.pipeline.deliveries import look_after_deliveries
from visibility.pipeline.failures import check_connection
from visibility.pipeline.mapping_runs import go_on_with_runs
from visibility.pipeline.reweigh import weigh_anew
from visibility.pipeline.silence import look_for_silence
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.switching import mark_newly_live
from visibility.pipeline.unanswered_997 import look_for_997
from visibility.triage.waking import wake_snoozed

log = logging.getLogger(__name__)

LOCK = 0x7468726F75676801


@dataclass(frozen=True)
class Task:
    """A chore: what to call, and how many seconds apart."""

    name: str
    seconds: float
    run: Callable[[], object]


def sweep_deadlines() -> None:
    """Look again at flows whose deadline has passed."""
    sweep_due(as_of=clock.now(), announce=wake.announce, unless_waiting=True)


def ensure_partitions() -> None:
    """Make the ledger's partitions for the months to come."""
    with database.cursor() as cursor:
        cursor.execute("SELECT ledger_ensure_partitions(3)")


TASKS: tuple[Task, ...] = (
    Task("deadlines", 30.0, sweep_deadlines),
    Task("counters", 5.0, compact_all),
    Task("seals", 20.0, seal_ledger),
    Task("changed terms", 2.0, look_after_changes),
    Task("mended causes", 2.0, go_on_with_runs),
    Task("snoozed cases", 15.0, wake_snoozed),
    Task("days at risk", 6 * 3600.0, weigh_anew),
    Task("go live", 60.0, mark_newly_live),
    Task("failed deliveries", 20.0, look_after_deliveries),
    Task("silent feeds", 60.0, look_for_silence),
    Task("missing 997s", 60.0, look_for_997),
    Task("days of standings", 600.0, apply_due_standings),
    Task("partitions", 6 * 3600.0, ensure_partitions),
    Task("forget workers", 3600.0, beats.forget_dead),
)


@cache
def all_tasks() -> tuple[Task, ...]:
    """The pipeline's chores, and those of other rooms (settings.CHORES)."""
    others = (each for dotted in settings.CHORES for each in import_string(dotted))
    return (*TASKS, *(Task(*each) for each in others))


def run_due(*, tasks: tuple[Task, ...] | None = None, grace: float = 0.0) -> list[str]:
    """Do what is due, unless somebody else is at it; the names of what was done.

    With `grace`, only what has been due for so many seconds: who has urgent work lets others go first.
    """
    check_connection()
    if not _lock():
        return []
    try:
        return [task.name for task in tasks or all_tasks() if _run(task, grace)]
    finally:
        _unlock()


@contextmanager
def paused() -> Iterator[None]:
    """Nobody does any chore within the block: while history is brought in, say, of which more is to come.

    The lock has a connection of its own: the block's may be changed for another at any time.
    """
    own = database.copy()
    try:
        with server_cursor(own) as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        own.close()


def _lock() -> bool:
    with server_cursor(database) as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        row = cursor.fetchone()
        return bool(row and row[0])


def _unlock() -> None:
    """Let go. If that cannot be said the connection is closed, and the lock goes with it."""
    try:
        with server_cursor(database) as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    except Exception as error:
        log.warning("the chores' lock could not be let go (%s); the connection is closed", error)
        database.close()


def _run(task: Task, grace: float) -> bool:
    """Do a chore if its time has come. One that fails is tried again when its time comes again."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "INSERT INTO pipeline_chore AS c (name, ran_at) VALUES (%s, clock_timestamp()) "
            "ON CONFLICT (name) DO UPDATE SET ran_at = EXCLUDED.ran_at "
            "WHERE c.ran_at <= clock_timestamp() - make_interval(secs => %s) RETURNING 1",
            [task.name, task.seconds + grace],
        )
        if cursor.fetchone() is None:
            return False
    try:
        task.run()
    except Exception:  # the other chores must be done
        log.exception("the chore %s failed", task.name)
    return True
