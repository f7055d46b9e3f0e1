"""Which workers are up: each says so itself, through the database, whatever becomes of the broker."""

from collections.abc import Sequence

from django.db import connection as database

from visibility.core.db import server_cursor

ALIVE_SECONDS = 15
FORGOTTEN_SECONDS = 86_400


def say_alive(*, name: str, tiers: Sequence[str]) -> None:
    """This process takes work of these tiers now."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "INSERT INTO pipeline_workerbeat (name, tiers, seen_at) "
            "VALUES (%s, %b::text[], clock_timestamp()) "
            "ON CONFLICT (name) DO UPDATE SET tiers = EXCLUDED.tiers, seen_at = EXCLUDED.seen_at",
            [name, list(tiers)],
        )


def say_goodbye(*, name: str) -> None:
    """This process takes no more work."""
    with server_cursor(database) as cursor:
        cursor.execute("DELETE FROM pipeline_workerbeat WHERE name = %s", [name])


def tiers_alive() -> set[str]:
    """Tiers that somebody was able to work on in the last ALIVE_SECONDS."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(tiers) FROM pipeline_workerbeat "
            "WHERE seen_at > clock_timestamp() - make_interval(secs => %s)",
            [ALIVE_SECONDS],
        )
        return {row[0] for row in cursor.fetchall()}


def forget_dead() -> int:
    """Drop what workers that are long gone have left; how many."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "DELETE FROM pipeline_workerbeat WHERE seen_at < clock_timestamp() - make_interval(secs => %s)",
            [FORGOTTEN_SECONDS],
        )
        return cursor.rowcount
