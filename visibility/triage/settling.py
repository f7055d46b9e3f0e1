"""What a decision makes of its case. For the desk, in its transaction, with the case's row locked by it."""

import datetime as dt
from typing import Literal

import psycopg

from visibility.triage.deskwork import Calendars, Worked, lock_worked, recount_flows, save_worked, tell_events
from visibility.triage.grouping import GATHERED_KINDS
from visibility.triage.reconcile import BY_ITSELF

Settled = Literal["resolved", "waiting", "open"]
TOLD: dict[str, str] = {"resolved": "resolved", "waiting": "decided", "open": "decided"}


def settle_case(
    *,
    cursor: psycopg.Cursor,
    case_id: int,
    decisions: int,
    who: str,
    words: str,
    state: Settled,
    as_of: dt.datetime,
) -> bool:
    """Write a decision into its case; False if somebody else decided since `decisions`, or it is settled.

    resolved: settled; waiting: parked until its effects are done, the clock stands; open: on the desk.
    """
    case = lock_worked(cursor=cursor, case_ids=[case_id]).get(case_id)
    if case is None or case.decisions != decisions or not case.is_live:
        return False
    was_open = case.is_open
    _put(case, state, who, as_of)
    case.decisions += 1
    case.touched_at = case.touched_at or as_of
    case.resolution = words
    _write(cursor, case, (TOLD[state], words), was_open=was_open, who=who, as_of=as_of)
    return True


def tell_case(
    *,
    cursor: psycopg.Cursor,
    case_id: int,
    what: str,
    text: str,
    who: str,
    as_of: dt.datetime,
    resolution: str | None = None,
    state: Settled | None = None,
) -> None:
    """Add to a case's history, and say how far its decision got. A settled case keeps its state,

    but for a decision that is taken back: "open" puts what a person had resolved on the desk again, if
    anything is left of it.
    """
    case = lock_worked(cursor=cursor, case_ids=[case_id]).get(case_id)
    if case is None:
        return
    was_open = case.is_open
    if resolution is not None:
        case.resolution = resolution
    if state is not None and (case.is_live or (state == "open" and case.state == "resolved")):
        _put(case, state, who, as_of)
        if state == "open" and case.kind in GATHERED_KINDS and not _has_findings(cursor, case):
            case.put("closed")
            case.closed_at, case.close_reason = as_of, BY_ITSELF
    _write(cursor, case, (what, text), was_open=was_open, who=who, as_of=as_of)


def _has_findings(cursor: psycopg.Cursor, case: Worked) -> bool:
    """Whether something is open of a cause: its last finding closes it, and there may be none to come."""
    if case.flow_id is not None:  # from before findings of one cause were gathered
        return True
    cursor.execute("SELECT members > 0 FROM triage_exceptioncase WHERE id = %s", [case.id])
    row = cursor.fetchone()
    return row is not None and bool(row[0])


def _put(case: Worked, state: Settled, who: str, as_of: dt.datetime) -> None:
    calendars = Calendars()
    if state == "waiting":
        calendars.pause(case, as_of)
        case.put("waiting")
    elif state == "resolved":
        case.put("resolved")
        case.resolved_at, case.resolved_by, case.closed_at = as_of, who, as_of
        case.resolved_as = case.summary
        return
    else:
        if case.state in ("waiting", "resolved"):
            calendars.resume(case, as_of)
        case.put("in_progress")
        case.resolved_at, case.resolved_by, case.closed_at = None, "", None
    case.resolved_as = None


def _write(
    cursor: psycopg.Cursor,
    case: Worked,
    event: tuple[str, str],
    *,
    was_open: bool,
    who: str,
    as_of: dt.datetime,
) -> None:
    save_worked(cursor=cursor, rows=[case], as_of=as_of)
    tell_events(cursor=cursor, events=[(case.id, *event)], who=who, as_of=as_of)
    if case.is_open != was_open:
        recount_flows(cursor=cursor, flow_ids=[case.flow_id])
