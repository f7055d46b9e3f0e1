"""One transaction, begun again where it and another locked each other out."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from django.db import DatabaseError, transaction
from django.db import connection as database

T = TypeVar("T")
TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0


def is_lockout(error: Exception) -> bool:
    """Whether the database broke one of several transactions that could not all go on."""
    cause = error.__cause__ if isinstance(error, DatabaseError) and error.__cause__ is not None else error
    return isinstance(cause, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure)


def in_one_transaction(work: Callable[[], T], *, passing: Callable[[Exception], bool] = is_lockout) -> T:
    """Do all of it in one transaction; what is `passing` begins it again, after a pause of random length.

    Inside of a transaction it is done once: what failed there can only be begun again as a whole.
    """
    tries = 1 if database.in_atomic_block else TRIES
    for attempt in range(tries):
        try:
            with transaction.atomic():
                return work()
        except Exception as error:
            if attempt == tries - 1 or not passing(error):
                raise
            time.sleep(random.uniform(0, min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)))
    raise AssertionError("the loop above returns or raises")
