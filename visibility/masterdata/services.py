"""Writing master data by file."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Model
from msgspec import UNSET

from visibility.core import clock
from visibility.masterdata.calendar_file import (
    CalendarEntry,
    CalendarFile,
    CalendarFileError,
    PartnerEntry,
    PlaceEntry,
    Problem,
)
from visibility.masterdata.models import (
    CalendarDay,
    Company,
    GoLiveWord,
    Location,
    TradingPartner,
    WorkCalendar,
)


def set_up_calendars(*, file: CalendarFile) -> tuple[Company, list[str]]:
    """Set what a calendar file says, all of it or nothing. The company, and what changed in words.

    CalendarFileError names every company, place, partner and calendar of the file that is not there.
    """
    with transaction.atomic():
        company = Company.objects.select_for_update().filter(code=file.company.code).first()
        if company is None:
            raise CalendarFileError([("company.code", f'there is no company "{file.company.code}"')])
        setting = _Setting(company)
        for code, calendar in file.calendars.items():
            setting.enter_calendar(code, calendar)
        setting.set_company(file)
        for code, place in file.places.items():
            setting.set_place(code, place)
        for code, partner in file.partners.items():
            setting.set_partner(code, partner)
        if setting.problems:
            raise CalendarFileError(setting.problems)
        GoLiveWord.objects.bulk_create(setting.words)
    return company, setting.changes


class _Setting:
    """One file being set."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.calendars = {each.code: each for each in WorkCalendar.objects.filter(company=company)}
        self.problems: list[Problem] = []
        self.changes: list[str] = []
        self.words: list[GoLiveWord] = []

    def enter_calendar(self, code: str, entry: CalendarEntry) -> None:
        calendar = self.calendars.get(code)
        if calendar is None:
            calendar = self.calendars[code] = WorkCalendar(company=self.company, code=code, week=None)
        values = {"name": entry.name, "time_zone": entry.time_zone, "week": entry.week}
        self._set(calendar, f"calendars.{code}", values)
        days = {day.date: (day.name, list(day.hours)) for day in entry.days}
        before = {
            day: (name, hours) for day, name, hours in calendar.days.values_list("day", "name", "hours")
        }
        if days != before:
            calendar.days.all().delete()
            CalendarDay.objects.bulk_create(
                CalendarDay(calendar=calendar, day=day, name=name, hours=hours)
                for day, (name, hours) in sorted(days.items())
            )
            self.changes.append(f"calendars.{code}.days")

    def set_company(self, file: CalendarFile) -> None:
        entry = file.company
        self._set(
            self.company,
            "company",
            {
                "calendar": self._calendar("company", entry.calendar),
                "live_from": _cleared(entry.live_from),
            },
        )

    def set_place(self, code: str, entry: PlaceEntry) -> None:
        where = f"places.{code}"
        place = Location.objects.filter(company=self.company, code=code).first()
        if place is None:
            self.problems.append((where, f'there is no place with the code "{code}"'))
            return
        self._set(
            place,
            where,
            {"calendar": self._calendar(where, entry.calendar), "time_zone": entry.time_zone},
        )

    def set_partner(self, code: str, entry: PartnerEntry) -> None:
        where = f"partners.{code}"
        partner = TradingPartner.objects.filter(company=self.company, code=code).first()
        if partner is None:
            self.problems.append((where, f'there is no partner with the code "{code}"'))
            return
        values: dict[str, object] = {
            "calendar": self._calendar(where, entry.calendar),
            "live_from": _cleared(entry.live_from),
            "acknowledgement_hours": _cleared(entry.acknowledgement_hours),
            "answers_add": entry.answers_add,
        }
        if entry.sends is not UNSET:
            values |= {f"sends_{kind}": kind in entry.sends for kind in _KINDS}
        self._set(partner, where, values)

    def _calendar(self, where: str, code: object) -> object:
        """The calendar of this code; None for none; UNSET where the file says nothing."""
        if code is UNSET:
            return UNSET
        if not code:
            return None
        found = self.calendars.get(str(code))
        if found is None:
            known = ", ".join(sorted(self.calendars)) or "none yet"
            self.problems.append((f"{where}.calendar", f'there is no calendar "{code}"; there are: {known}'))
        return found

    def _set(self, record: Model, where: str, values: Mapping[str, object]) -> None:
        changed = [
            name for name, value in values.items() if value is not UNSET and getattr(record, name) != value
        ]
        for name in changed:
            setattr(record, name, values[name])
        if "live_from" in changed:
            self.words.append(_word_of(self.company, record))
        if changed or record.pk is None:
            record.save()
            self.changes += [f"{where}.{name}" for name in changed] or [where]


def _word_of(company: Company, record: Model) -> GoLiveWord:
    assert isinstance(record, Company | TradingPartner)
    return GoLiveWord(
        company=company,
        partner=record if isinstance(record, TradingPartner) else None,
        what=GoLiveWord.What.LIVE_FROM,
        live_from=record.live_from,
        who="calendars file",
        said_at=clock.now(),
    )


_KINDS = ("acknowledgements", "ship_notices", "invoices")


def _cleared(value: dt.date | bool | int | object) -> object:
    """False in the file is none."""
    return None if value is False else value
