"""In whose working time a case's clock runs, and how many hours it has; read once for many cases."""

from collections.abc import Iterable
from functools import lru_cache

from visibility.flows.calendar import WorkingCalendar
from visibility.masterdata.calendars import (
    PlaceClock,
    StoredCalendar,
    calendars_of,
    clocks_of_places,
    is_zone,
    terms_of_partners,
)
from visibility.masterdata.models import Company
from visibility.masterdata.service_levels import Service, ServiceHours, service_hours

OF_THE_PARTNER = frozenset({"acknowledgement_overdue", "change_unanswered"})
"""Kinds that wait for the partner; the others wait for the receiving place."""


class Clocks:
    """A company's calendars and hours. What is asked for is read once and kept as long as this is."""

    def __init__(self, *, company_id: int) -> None:
        self._company = Company.objects.get(pk=company_id)
        self._hours: ServiceHours = service_hours(company_id=company_id)
        self._partners: dict[int, int | None] = {}
        self._places: dict[int, PlaceClock] = {}
        self._calendars: dict[int, StoredCalendar] = {}

    def learn(self, *, partners: Iterable[int | None], places: Iterable[int | None]) -> None:
        """Read what is not known yet of these partners and places, at once."""
        new_partners = {each for each in partners if each is not None} - self._partners.keys()
        new_places = {each for each in places if each is not None} - self._places.keys()
        if new_partners:
            terms = terms_of_partners(ids=new_partners)
            self._partners |= {
                each: terms[each].calendar_id if each in terms else None for each in new_partners
            }
        if new_places:
            known = clocks_of_places(ids=new_places)
            self._places |= {each: known.get(each, PlaceClock(None, "")) for each in new_places}
        named = {
            self._company.calendar_id,
            *(self._partners[each] for each in new_partners),
            *(self._places[each].calendar_id for each in new_places),
        }
        missing = {each for each in named if each is not None} - self._calendars.keys()
        if missing:
            self._calendars |= calendars_of(ids=missing)

    def calendar(self, *, kind: str, supplier_id: int | None, ship_to_id: int | None) -> WorkingCalendar:
        """The calendar that counts for a case: the partner's where it waits for them, else the place's."""
        self.learn(partners=[supplier_id], places=[ship_to_id])
        here = self._of_place(ship_to_id)
        if kind not in OF_THE_PARTNER or supplier_id is None:
            return here
        own = self._calendars.get(self._partners[supplier_id] or 0)
        return _working(own, own.time_zone or here.zone) if own else here

    def service(self, *, severity: str, kind: str) -> Service:
        """The working hours until such a case is to be resolved."""
        return self._hours.of(severity=severity, kind=kind)

    def _of_place(self, place_id: int | None) -> WorkingCalendar:
        """The calendar of a place, else the company's, else its opening hours; in the place's zone."""
        clock = self._places[place_id] if place_id is not None else PlaceClock(None, "")
        zone = clock.time_zone if is_zone(clock.time_zone) else self._company.time_zone
        stored = self._calendars.get(clock.calendar_id or self._company.calendar_id or 0)
        if stored is None:
            return _office(zone, self._company.opens, self._company.closes)
        return _working(stored, stored.time_zone or zone)


# The same calendar is the same object every time, so that what is kept of its days is found by identity.
@lru_cache(maxsize=1024)
def _working(stored: StoredCalendar, zone: str) -> WorkingCalendar:
    return WorkingCalendar(zone=zone, week=stored.week, days=stored.days)


@lru_cache(maxsize=256)
def _office(zone: str, opens: int, closes: int) -> WorkingCalendar:
    return WorkingCalendar.of_company(zone=zone, opens=opens, closes=closes)
