"""The terms of orders: whose calendar, whose hours, from which day on, for which documents."""

from collections.abc import Iterable
from functools import lru_cache

from visibility.canonical.documents import Party
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.ownership import Ownership
from visibility.flows.state import MilestoneName, Terms
from visibility.masterdata.calendars import (
    PartnerTerms,
    PlaceClock,
    StoredCalendar,
    calendars_of,
    clocks_of_places,
    is_zone,
    terms_of_partners,
)
from visibility.masterdata.models import Company
from visibility.masterdata.resolve import LOCATION, PARTNER, find, party_codes

NOWHERE = PlaceClock(None, "")
AS_THE_COMPANY = PartnerTerms(None, None, None, True, True, True)


class TermsBook:
    """The terms of a company's orders by (supplier, receiving place), read once for a chunk of them."""

    def __init__(
        self,
        *,
        company: Company,
        parties: Iterable[tuple[Party, Party]],
        ownership: Ownership | None = None,
    ) -> None:
        self._company = company
        self._ownership = ownership
        pairs = set(parties)
        self._codes = find(
            company_id=company.pk,
            codes={(PARTNER, code) for supplier, _ in pairs for code in party_codes(supplier)}
            | {(LOCATION, code) for _, place in pairs for code in party_codes(place)},
        )
        ids: dict[str, set[int]] = {PARTNER: set(), LOCATION: set()}
        for (kind, _), known in self._codes.items():
            ids[kind].add(known.id)
        self._partners = terms_of_partners(ids=ids[PARTNER])
        self._places = clocks_of_places(ids=ids[LOCATION])
        named = [
            company.calendar_id,
            *(terms.calendar_id for terms in self._partners.values()),
            *(clock.calendar_id for clock in self._places.values()),
        ]
        self._calendars = calendars_of(ids=[each for each in named if each is not None])
        self._terms: dict[tuple[Party, Party], Terms] = {}

    def terms(self, *, supplier: Party, place: Party) -> Terms:
        """The terms of an order with this supplier for this place; the company's where neither is known."""
        known = self._terms.get((supplier, place))
        if known is None:
            known = self._terms[supplier, place] = self._find(supplier, place)
        return known

    def _find(self, supplier: Party, place: Party) -> Terms:
        company = self._company
        partner = self._partners.get(self._id(PARTNER, supplier), AS_THE_COMPANY)
        hours = partner.acknowledgement_hours
        own = self._calendars.get(partner.calendar_id or 0)
        here = self._at(self._places.get(self._id(LOCATION, place), NOWHERE))
        return Terms(
            calendar=here,
            own_calendar=working(own, zone=own.time_zone or here.zone) if own else None,
            acknowledgement_hours=company.acknowledgement_hours if hours is None else hours,
            live_from=partner.live_from or company.live_from,
            not_sent=frozenset(_not_sent(partner)),
            ownership=self._ownership,
        )

    def _id(self, kind: str, party: Party) -> int:
        return next((self._codes[kind, c].id for c in party_codes(party) if (kind, c) in self._codes), 0)

    def _at(self, clock: PlaceClock) -> WorkingCalendar:
        """The calendar of a place, else the company's, else its opening hours; in the place's zone."""
        zone = clock.time_zone if is_zone(clock.time_zone) else self._company.time_zone
        stored = self._calendars.get(clock.calendar_id or self._company.calendar_id or 0)
        if stored is None:
            return office(zone, self._company.opens, self._company.closes)
        return working(stored, zone=stored.time_zone or zone)


def _not_sent(partner: PartnerTerms) -> Iterable[MilestoneName]:
    if not partner.sends_acknowledgements:
        yield "acknowledged"
    if not partner.sends_ship_notices:
        yield "shipped"
    if not partner.sends_invoices:
        yield "invoiced"
        yield "matched"


# The same calendar is the same object in all chunks, so that what is kept of its days is found by identity.
@lru_cache(maxsize=1024)
def working(stored: StoredCalendar, *, zone: str) -> WorkingCalendar:
    """A stored calendar to count with."""
    return WorkingCalendar(zone=zone, week=stored.week, days=stored.days)


@lru_cache(maxsize=256)
def office(zone: str, opens: int, closes: int) -> WorkingCalendar:
    """Monday to Friday, for who has no calendar."""
    return WorkingCalendar.of_company(zone=zone, opens=opens, closes=closes)
