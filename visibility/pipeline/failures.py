"""What a failure means for the work: try the chunk again, give its messages back, wait for the database."""

import logging
import random
import time

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db import connection as database

from visibility.core.errors import MovedError
from visibility.inbox.work import Claim, put_back, release_work

log = logging.getLogger(__name__)

PASSING = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    # Somebody else named the same order at the same instant; the next try sees it.
    psycopg.errors.UniqueViolation,
)
OUTAGES = ("53", "57P01", "57P02", "57P03", "25006")
"""SQLSTATEs (or their classes) of a database that is full, going down, coming up or read-only for now."""
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0


def cause_of(error: Exception) -> BaseException:
    """What psycopg raised: Django's cursors wrap it, our set-wise cursor does not."""
    wrapped = isinstance(error, DatabaseError | InterfaceError)
    return error.__cause__ if wrapped and error.__cause__ is not None else error


def is_passing(error: Exception) -> bool:
    """Whether the same chunk may well commit when tried again at once."""
    return isinstance(cause_of(error), (*PASSING, MovedError))


def is_outage(error: Exception) -> bool:
    """Whether the database said that it cannot serve anybody now, which is no message's fault.

    A connection that merely broke says nothing: the message may be what breaks it.
    """
    state = getattr(cause_of(error), "sqlstate", None) or ""
    return state.startswith(OUTAGES)


def pause(*, attempt: int) -> None:
    """Wait before trying a chunk again, at random, so that those who met do not meet again."""
    time.sleep(random.uniform(0, min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)))


def check_connection() -> None:
    """Have this thread's connection looked at before it is used again: it may have been cut meanwhile."""
    if not database.in_atomic_block:
        database.close_if_unusable_or_obsolete()
        drop_broken_connection()


def drop_broken_connection() -> None:
    """Close this thread's connection if it is of no use any more; the next query opens another."""
    own = database.connection
    if own is not None and (own.closed or own.broken) and not database.in_atomic_block:
        database.close()


def give_back(*, claims: list[Claim], error: Exception) -> None:
    """Let others have these messages. While the database is away their leases run out by themselves."""
    said = f"{type(error).__name__}: {error}"
    drop_broken_connection()
    try:
        if is_outage(error):
            put_back(claims=claims, error=said)
        else:
            release_work(claims=claims, error=said)
    except (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError) as also:
        log.warning("%d messages could not be given back (%s); their leases run out", len(claims), also)
        drop_broken_connection()
