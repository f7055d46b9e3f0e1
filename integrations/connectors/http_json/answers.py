"""What an answer means. Pure: status, headers and body to a Delivery or a page of changes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from visibility.core import clock
from visibility.sync.ports import ChangePage, Delivery, FailureKind, Result

TEXT = 500
SKEWED_SECONDS = 60
_MEANINGS: Mapping[int, tuple[Result, FailureKind]] = {
    400: ("refused", "invalid"),
    401: ("retry", "denied"),
    403: ("retry", "denied"),
    404: ("refused", "not_found"),
    408: ("retry", "unavailable"),
    409: ("unknown", "conflict"),  # the same command is being worked on: its other try may end either way
    413: ("refused", "invalid"),
    415: ("refused", "invalid"),
    422: ("refused", "refused"),
    425: ("retry", "unavailable"),
    429: ("retry", "throttled"),
    503: ("retry", "unavailable"),
}
"""Of a command that was sent. Other 4xx are refusals; a 5xx but 503 may have come after the effect."""


@dataclass(frozen=True)
class Got:
    """An answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def of_command(got: Got) -> Delivery:
    """What the answer to a command says."""
    told = _object(got.body)
    if got.status // 100 == 2:
        return _of_state(got, told)
    if got.status // 100 == 3:
        return _delivery(got, told, "refused", "invalid", "It sends elsewhere, which is not followed.")
    if got.status in _MEANINGS:
        result, failure = _MEANINGS[got.status]
    elif got.status // 100 == 4:
        result, failure = "refused", "refused"
    else:
        result, failure = "unknown", "unavailable"
    return _delivery(got, told, result, failure)


def of_read_back(got: Got) -> Delivery:
    """What became of a command. Only the system's own word that it never came lets it be sent again."""
    told = _object(got.body)
    if got.status == 404 and told is not None:
        return _delivery(got, told, "retry", "not_found", "No such command came.")
    if got.status == 422 or (told is not None and told.get("state") == "refused"):
        return _delivery(got, told, "refused", "refused")
    if got.status // 100 == 2:
        return _of_state(got, told)
    _, failure = _MEANINGS.get(got.status, ("unknown", "unavailable"))
    return _delivery(got, told, "unknown", failure if failure != "refused" else "invalid")


def _of_state(got: Got, told: dict[str, Any] | None) -> Delivery:
    """A 2xx. Without a body it is a yes; with one that cannot be read nobody knows what it was."""
    if told is None and got.body.strip():
        return _delivery(got, None, "unknown", "invalid", "Its answer could not be read.")
    state = (told or {}).get("state", "done")
    if state == "refused":
        return _delivery(got, told, "refused", "refused")
    if state in ("pending", "accepted") and got.status == 202:
        return _delivery(got, told, "unknown", "", "It is at it still.")
    return _delivery(got, told, "delivered", "")


def _delivery(
    got: Got, told: dict[str, Any] | None, result: Result, failure: FailureKind, text: str = ""
) -> Delivery:
    said = str((told or {}).get("text") or "")
    if failure == "denied":
        said = f"{said} {_skew(got.headers)}".strip()
    return Delivery(
        result=result,
        failure=failure,
        text=(said or text or f"It answered {got.status}.")[:TEXT],
        status=got.status,
        answer=told,
        retry_after=_retry_after(got.headers),
    )


def of_changes(got: Got, cursor: str) -> ChangePage | Delivery:
    """A page of changes; fields that are not known are left alone, and what is missing is said."""
    if got.status // 100 != 2:
        return of_read_back(got) if got.status != 404 else _delivery(got, None, "unknown", "not_found")
    try:
        page = msgspec.json.decode(got.body, type=_Page)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = f"Its changes could not be read: {error}"[:TEXT]
        return Delivery(result="unknown", failure="invalid", text=text, status=got.status)
    return ChangePage(
        events=tuple(bytes(event) for event in page.events), cursor=page.cursor or cursor, more=page.more
    )


class _Page(msgspec.Struct):
    events: list[msgspec.Raw]
    cursor: str = ""
    more: bool = False


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _retry_after(headers: Mapping[str, str]) -> dt.timedelta | None:
    """Seconds or a date, as RFC 9110 has it; a date by their clock, if they say what it shows."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return dt.timedelta(seconds=min(int(said), 10**6))
    at = _date(said)
    if at is None:
        return None
    return max(at - (_date(headers.get("Date", "")) or clock.now()), dt.timedelta())


def _skew(headers: Mapping[str, str]) -> str:
    """A signature is refused where clocks differ: then that is what has to be mended."""
    theirs = _date(headers.get("Date", ""))
    if theirs is None:
        return ""
    off = (theirs - clock.now()).total_seconds()
    return (
        f"Its clock is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} ours."
        if abs(off) > SKEWED_SECONDS
        else ""
    )


def _date(text: str) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
