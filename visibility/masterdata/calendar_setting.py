"""Changing a working calendar day by day: holidays, short days, extra days of work."""

import datetime as dt

from django.db import transaction

from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.audit import keep_changes, need_reason
from visibility.masterdata.calendars import read_spans
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import CalendarDay, WorkCalendar
from visibility.masterdata.terms_changes import tell_change

ENTITY = "calendar"
MOST_NAME = 120
FIRST_YEAR, LAST_YEAR = 2000, 2100


def set_day(*, calendar: WorkCalendar, day: dt.date, name: str, hours: list[str], speaker: Speaker) -> bool:
    """Say what hours a day has instead of its weekday's; none: closed. Whether that changed anything.

    Deadlines of orders that run are worked out anew shortly. InputError says what is wrong.
    """
    need_reason(speaker)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputError("day_wrong", f"Write a day between {FIRST_YEAR} and {LAST_YEAR}.", "/day")
    if len(name) > MOST_NAME:
        raise InputError("name_long", f"A name has at most {MOST_NAME} characters.", "/name")
    try:
        read_spans(hours)
    except ValueError as error:
        raise InputError("hours_wrong", f"{str(error)[0].upper()}{str(error)[1:]}.", "/hours") from error
    with transaction.atomic():
        locked = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
        row = CalendarDay.objects.filter(calendar=locked, day=day).first()
        before = _values(row)
        after = {str(day): _said(name, hours)}
        if before == after:
            return False
        CalendarDay.objects.update_or_create(
            calendar=locked, day=day, defaults={"name": name, "hours": hours}
        )
        _keep(locked, before, after, speaker)
    return True


def remove_day(*, calendar: WorkCalendar, day: dt.date, speaker: Speaker) -> None:
    """Let a day be like its weekday again. NotFoundError where it was."""
    need_reason(speaker)
    with transaction.atomic():
        locked = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
        row = CalendarDay.objects.filter(calendar=locked, day=day).first()
        if row is None:
            raise NotFoundError("This day is like its weekday already.")
        _keep(locked, _values(row), {}, speaker)
        row.delete()


def _values(row: CalendarDay | None) -> dict[str, str]:
    return {} if row is None else {str(row.day): _said(row.name, row.hours)}


def _said(name: str, hours: list[str]) -> str:
    told = ", ".join(hours) or "closed"
    return f"{name}: {told}" if name else told


def _keep(calendar: WorkCalendar, before: dict[str, str], after: dict[str, str], speaker: Speaker) -> None:
    keep_changes(
        company_id=calendar.company_id,
        entity=ENTITY,
        entity_id=calendar.pk,
        subject=str(calendar),
        before=before,
        after=after,
        speaker=speaker,
    )
    tell_change(company_id=calendar.company_id)
