"""`migrate` as the owner of the tables, beside the work: it waits briefly for each lock, and often.

A statement that waits for a table's lock has everybody who comes after it wait, too. So none does for longer
than LOCK_SECONDS; in between the others go on. Indexes that are built beside the work stop nobody while they
wait for older transactions, and wait for as long as it takes.
"""

import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections

LOCK_SECONDS = 2.0
PAUSE_SECONDS = 1.0
TRIES = 60


class Command(Migrate):
    """Django's migrate, on the owner's connection unless told otherwise."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; what was rolled back because a lock was not to be had is begun again."""
        with connections[options["database"]].execute_wrapper(wait_briefly):
            again_if_locked(lambda: super(Command, self).handle(*args, **options))


def wait_briefly(
    execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]
) -> Any:
    """Execute a statement with a short time-out for locks; again, where it is a transaction of its own."""
    connection = context["connection"]
    seconds = 0.0 if "CONCURRENTLY" in str(sql).upper() else LOCK_SECONDS

    def run() -> Any:
        connection.connection.execute(f"SET lock_timeout = {int(seconds * 1000)}")
        return execute(sql, params, many, context)

    return run() if connection.in_atomic_block else again_if_locked(run)


def again_if_locked(run: Callable[[], Any]) -> Any:
    """Do something again and again while others have the locks it needs. OperationalError after TRIES."""
    for _ in range(TRIES - 1):
        try:
            return run()
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
        time.sleep(PAUSE_SECONDS)
    return run()
