"""Control numbers of what we send: from a range of the partner's own, in order, never one that is in use."""

from collections.abc import Callable

from django.db import connection

from visibility.core.db import server_cursor
from visibility.core.errors import InputError
from visibility.masterdata.models import ControlRange

MOST_TAKEN = 10_000
"""Numbers in a row that may be in use; a range that is full to that degree is too small."""


def take_control(*, profile_id: int, kind: str, in_use: Callable[[int], bool] = lambda _number: False) -> int:
    """The next number of a partner's range, in the caller's transaction; others wait for its end.

    `in_use` is asked from the second lap on: what was sent under the number and is not answered yet keeps
    it. InputError where all numbers are in use.
    """
    ControlRange.objects.get_or_create(profile_id=profile_id, kind=kind)
    begun_with: int | None = None
    for _try in range(MOST_TAKEN):
        number, laps = _next(profile_id, kind)
        if not laps or not in_use(number):
            return number
        if number == begun_with:
            break
        begun_with = number if begun_with is None else begun_with
    raise InputError(
        "range_exhausted",
        f"All control numbers of the range are in use ({kind}): give the partner a wider one.",
        "/ranges",
    )


def _next(profile_id: int, kind: str) -> tuple[int, int]:
    with server_cursor(connection) as cursor:
        cursor.execute(
            "UPDATE masterdata_controlrange SET "
            "  taken = CASE WHEN taken >= first AND taken < last THEN taken + 1 ELSE first END, "
            "  laps = laps + CASE WHEN taken >= last THEN 1 ELSE 0 END "
            "WHERE profile_id = %s AND kind = %s RETURNING taken, laps",
            [profile_id, kind],
        )
        row = cursor.fetchone()
    assert row is not None  # made above, and ranges are never taken away alone
    return int(row[0]), int(row[1])
