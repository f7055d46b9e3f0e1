"""A file that says when people work: calendars, who uses them, go-live dates, what partners send (TOML).

What the file names is set, what it does not name stays as it is; the days of a calendar are replaced as a
whole. Loading it again changes nothing. docs/calendars.md describes it.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from visibility.masterdata.calendars import is_zone, read_spans

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Problem = tuple[str, str]
"""Where, and what is wrong."""
MOST_CODE, MOST_NAME = 40, 120
Sent = Literal["acknowledgements", "ship_notices", "invoices"]


class CalendarFileError(Exception):
    """A file that cannot be taken: all that is wrong with it. Nothing of it was set."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{where}: {text}" for where, text in problems))
        self.problems = problems


class DayEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A day that is otherwise than its weekday; without hours it is closed."""

    date: dt.date
    name: str = ""
    hours: tuple[str, ...] = ()


class CalendarEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A calendar; a weekday that is not named is closed."""

    name: str = ""
    time_zone: str = ""
    monday: tuple[str, ...] = ()
    tuesday: tuple[str, ...] = ()
    wednesday: tuple[str, ...] = ()
    thursday: tuple[str, ...] = ()
    friday: tuple[str, ...] = ()
    saturday: tuple[str, ...] = ()
    sunday: tuple[str, ...] = ()
    days: tuple[DayEntry, ...] = ()

    @property
    def week(self) -> list[list[str]]:
        return [list(getattr(self, weekday)) for weekday in WEEKDAYS]


class CompanyEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose file it is. `live_from = false` and `calendar = ""`: none any more."""

    code: str
    calendar: str | UnsetType = UNSET
    live_from: dt.date | bool | UnsetType = UNSET


class PlaceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A place, by its code."""

    calendar: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET


class PartnerEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A partner, by its code. `sends` lists all that the partner's programme includes.

    `answers_add`: its later answers to a line add to the earlier ones.
    """

    calendar: str | UnsetType = UNSET
    live_from: dt.date | bool | UnsetType = UNSET
    acknowledgement_hours: int | bool | UnsetType = UNSET
    sends: tuple[Sent, ...] | UnsetType = UNSET
    answers_add: bool | UnsetType = UNSET


class CalendarFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What the whole file says."""

    company: CompanyEntry
    calendars: dict[str, CalendarEntry] = {}
    places: dict[str, PlaceEntry] = {}
    partners: dict[str, PartnerEntry] = {}


def read_calendar_file(text: bytes) -> CalendarFile:
    """What the file says; CalendarFileError with every place where it cannot be meant."""
    try:
        file = msgspec.toml.decode(text, type=CalendarFile)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise CalendarFileError([(where.strip("`").removeprefix("$.") or "file", what)]) from error
    except (msgspec.DecodeError, ValueError) as error:
        raise CalendarFileError([("file", f"this is no TOML: {error}")]) from error
    problems = [*_wrong_calendars(file), *_wrong_values(file)]
    if problems:
        raise CalendarFileError(problems)
    return file


def _wrong_calendars(file: CalendarFile) -> Iterator[Problem]:
    for code, calendar in file.calendars.items():
        where = f"calendars.{code}"
        yield from _wrong_zone(f"{where}.time_zone", calendar.time_zone)
        if (
            len(code) > MOST_CODE
            or max(map(len, (calendar.name, *(day.name for day in calendar.days)))) > MOST_NAME
        ):
            yield where, f"a code has at most {MOST_CODE} characters, a name {MOST_NAME}"
        for weekday in WEEKDAYS:
            yield from _wrong_hours(f"{where}.{weekday}", getattr(calendar, weekday))
        if not any(calendar.week):
            yield where, "no weekday has hours, so that no deadline would ever come; name at least one"
        seen: set[dt.date] = set()
        for number, day in enumerate(calendar.days):
            yield from _wrong_hours(f"{where}.days[{number}].hours", day.hours)
            if day.date in seen:
                yield f"{where}.days[{number}].date", f"{day.date} is there twice"
            seen.add(day.date)


def _wrong_hours(where: str, texts: tuple[str, ...]) -> Iterator[Problem]:
    try:
        read_spans(texts)
    except ValueError as error:
        yield where, str(error)


def _wrong_zone(where: str, zone: str | UnsetType) -> Iterator[Problem]:
    if isinstance(zone, str) and zone and not is_zone(zone):
        yield where, f'"{zone}" is no time zone; write it like "America/Chicago"'


def _wrong_values(file: CalendarFile) -> Iterator[Problem]:
    for code, place in file.places.items():
        yield from _wrong_zone(f"places.{code}.time_zone", place.time_zone)
    owners: list[tuple[str, CompanyEntry | PartnerEntry]] = [
        ("company", file.company),
        *((f"partners.{code}", own) for code, own in file.partners.items()),
    ]
    for where, owner in owners:
        if owner.live_from is True:
            yield f"{where}.live_from", "write a date, or false for none"
    for code, partner in file.partners.items():
        hours = partner.acknowledgement_hours
        if hours is True or (not isinstance(hours, bool | UnsetType) and not 0 < hours <= 2000):
            yield f"partners.{code}.acknowledgement_hours", "write 1 to 2000, or false for the company's"
