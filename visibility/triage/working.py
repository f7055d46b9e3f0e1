"""What people do to cases, many at once: whose they are, until when they are parked, how severe they are.

Every function looks only at cases within the scope, writes each case's history, and answers what failed and
why, in words; it raises NotFoundError where none of the cases is there for this reader. What is said about
cases is in `discussing.py`, what was decided in `settling.py`; all of it can be had from here.
"""

import datetime as dt
from collections.abc import Sequence

from visibility.access.models import Grant
from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.errors import InputError
from visibility.triage.deskwork import Calendars, Cannot, Failed, Worked, change_cases
from visibility.triage.discussing import comment_cases, watch_cases
from visibility.triage.services import RANK
from visibility.triage.settling import settle_case, tell_case
from visibility.triage.sla import weigh_clock

SETTLED = "It is settled already."


def assign_cases(*, scope: Scope, user: User, case_ids: Sequence[int], assignee: User | None) -> list[Failed]:
    """Say whose these cases are; None: nobody's. Nobody gets a case that they may not see."""
    companies = companies_of(assignee) if assignee is not None else set()

    def deed(case: Worked, _calendars: Calendars, _as_of: dt.datetime) -> tuple[str, str]:
        _must_be_live(case)
        if assignee is not None and case.company_id not in companies:
            raise Cannot(f"{assignee} does not see this company's exceptions.")
        case.assignee_id = assignee.pk if assignee is not None else None
        if assignee is not None and case.is_open:
            case.put("in_progress")
        return "assigned", f"to {assignee}" if assignee is not None else "to nobody"

    return change_cases(scope=scope, user=user, case_ids=case_ids, deed=deed)


def snooze_cases(
    *,
    scope: Scope,
    user: User,
    case_ids: Sequence[int],
    until: dt.datetime | None,
    for_type: str = "",
    reason: str = "",
) -> list[Failed]:
    """Put cases aside until that time, or until an entry of that type joins their order, or both.

    Their clock goes on: nobody but us waits. Evidence that changes wakes them too.
    """
    if until is None and not for_type:
        raise InputError("until_missing", "Say until when, or what is to come first.", "/until")
    if until is not None and until <= clock.now():
        raise InputError("until_past", "That time is over already.", "/until")

    def deed(case: Worked, _calendars: Calendars, _as_of: dt.datetime) -> tuple[str, str]:
        _must_be_live(case)
        if case.state == "waiting":
            raise Cannot("A decision about it is under way.")
        if for_type and case.flow_id is None:
            raise Cannot("It stands on no order that something could join.")
        case.put("snoozed")
        case.snoozed_until, case.snoozed_for = until, for_type
        words = [f"until {until:%Y-%m-%d %H:%M} UTC"] if until is not None else []
        words += [f"until {for_type}"] if for_type else []
        return "snoozed", " or ".join(words) + (f": {reason}" if reason else "")

    return change_cases(scope=scope, user=user, case_ids=case_ids, deed=deed)


def wake_cases(*, scope: Scope, user: User, case_ids: Sequence[int]) -> list[Failed]:
    """Take parked cases back to the desk; a clock that stood goes on."""

    def deed(case: Worked, calendars: Calendars, as_of: dt.datetime) -> tuple[str, str]:
        if case.state not in ("snoozed", "waiting"):
            raise Cannot("It is not parked.")
        wake(case, calendars, as_of)
        return "woken", ""

    return change_cases(scope=scope, user=user, case_ids=case_ids, deed=deed)


def wake(case: Worked, calendars: Calendars, as_of: dt.datetime) -> None:
    """Back to the desk; a clock that stood because others were to act goes on."""
    if case.state == "waiting":
        calendars.resume(case, as_of)
    case.put("in_progress")


def pause_clock(*, scope: Scope, user: User, case_ids: Sequence[int], reason: str) -> list[Failed]:
    """Let the clocks of cases stand; it must be said why."""
    if not reason.strip():
        raise InputError("reason_missing", "Say why the clock is to stand.", "/reason")

    def deed(case: Worked, calendars: Calendars, as_of: dt.datetime) -> tuple[str, str]:
        _must_be_live(case)
        if not case.clock.runs:
            raise Cannot("Its clock does not run.")
        calendars.pause(case, as_of)
        return "clock_paused", reason.strip()

    return change_cases(scope=scope, user=user, case_ids=case_ids, deed=deed)


def resume_clock(*, scope: Scope, user: User, case_ids: Sequence[int], reason: str = "") -> list[Failed]:
    """Let the clocks of cases go on with what was left."""

    def deed(case: Worked, calendars: Calendars, as_of: dt.datetime) -> tuple[str, str]:
        _must_be_live(case)
        if case.sla_paused_at is None:
            raise Cannot("Its clock does not stand.")
        calendars.resume(case, as_of)
        return "clock_resumed", reason.strip()

    return change_cases(scope=scope, user=user, case_ids=case_ids, deed=deed)


def change_severity(
    *, scope: Scope, user: User, case_ids: Sequence[int], severity: str, reason: str
) -> list[Failed]:
    """Say how severe cases are; it stays so whatever they are weighed at. An empty severity: as weighed."""
    if severity and severity not in RANK:
        raise InputError("severity_unknown", "There is no such severity.", "/severity")
    if not reason.strip():
        raise InputError("reason_missing", "Say why.", "/reason")

    def deed(case: Worked, calendars: Calendars, _as_of: dt.datetime) -> tuple[str, str]:
        _must_be_live(case)
        if not severity:
            case.severity_by = ""
            return "severity", f"as weighed: {reason.strip()}"
        case.severity, case.rank, case.severity_by = severity, RANK[severity], str(user)
        case.clock = weigh_clock(
            clock=case.clock,
            opened_at=case.opened_at,
            service=calendars.clocks(case.company_id).service(severity=severity, kind=case.kind),
            calendar=calendars.of(case),
        )
        return "severity", f"{severity}: {reason.strip()}"

    return change_cases(scope=scope, user=user, case_ids=case_ids, deed=deed)


def companies_of(person: User) -> set[int]:
    """The companies whose exceptions somebody may work on."""
    if not person.is_active:
        return set()
    whole = Grant.objects.filter(user=person, partner__isnull=True)
    return set(whole.values_list("company_id", flat=True))


def _must_be_live(case: Worked) -> None:
    if not case.is_live:
        raise Cannot(SETTLED)


__all__ = [
    "Failed",
    "assign_cases",
    "change_severity",
    "comment_cases",
    "companies_of",
    "pause_clock",
    "resume_clock",
    "settle_case",
    "snooze_cases",
    "tell_case",
    "wake_cases",
    "watch_cases",
]
