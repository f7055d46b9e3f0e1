"""The terms of orders: whose calendar, whose hours, from which day on, for which documents."""

import datetime as dt
from collections.abc import Iterable, Sequence
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
from visibility.masterdata.deadlines import CLOCKS_OF_COMPANY, CLOCKS_OF_PARTNER
from visibility.masterdata.models import Company
from visibility.masterdata.resolve import LOCATION, PARTNER, find, party_codes
from visibility.triage.watching import Watch, watch_of

Parties = tuple[int, int | None, int | None]
"""Company, supplier and receiving place of an order."""
NOWHERE = PlaceClock(None, "")
AS_THE_COMPANY = PartnerTerms(None, None, None, True, True, True)


class AgreedTerms:
    """What is set for some partners and places of a company, read at once."""

    def __init__(
        self,
        *,
        company: Company,
        partners: Iterable[int],
        places: Iterable[int],
        ownership: Ownership | None = None,
    ) -> None:
        self._company = company
        self._ownership = ownership
        self._partners = terms_of_partners(ids=partners)
        self._places = clocks_of_places(ids=places)
        self._hours_of: dict[int, dict[str, int]] = {}
        named = [
            company.calendar_id,
            *(terms.calendar_id for terms in self._partners.values()),
            *(clock.calendar_id for clock in self._places.values()),
        ]
        self._calendars = calendars_of(ids=[each for each in named if each is not None])

    def terms(self, *, partner_id: int | None, place_id: int | None) -> Terms:
        """The terms of an order with this partner for this place; the company's where one is not known."""
        company = self._company
        partner = self._partners.get(partner_id or 0, AS_THE_COMPANY)
        own = self._calendars.get(partner.calendar_id or 0)
        here = self._at(self._places.get(place_id or 0, NOWHERE))
        return Terms(
            calendar=here,
            own_calendar=working(own, zone=own.time_zone or here.zone) if own else None,
            **self._hours(partner_id or 0),
            live_from=partner.live_from or company.live_from,
            not_sent=frozenset(_not_sent(partner)),
            answers_add=partner.answers_add,
            ownership=self._ownership,
        )

    def _hours(self, partner_id: int) -> dict[str, int]:
        """The hours of every clock: the partner's own, else the company's."""
        known = self._hours_of.get(partner_id)
        if known is None:
            partner = self._partners.get(partner_id, AS_THE_COMPANY)
            own = {clock: getattr(partner, clock) for clock in CLOCKS_OF_PARTNER}
            known = {
                clock: getattr(self._company, clock) if own.get(clock) is None else own[clock]
                for clock in CLOCKS_OF_COMPANY
            }
            self._hours_of[partner_id] = known
        return known

    def watch(self, *, partner_id: int | None, today: dt.date) -> Watch | None:
        """Which detectors are silent on orders with this partner; None: none is."""
        partner = self._partners.get(partner_id or 0, AS_THE_COMPANY)
        return watch_of(
            company=self._company.detectors,
            partner=partner.detectors,
            live_from=partner.live_from or self._company.live_from,
            today=today,
        )

    def _at(self, clock: PlaceClock) -> WorkingCalendar:
        """The calendar of a place, else the company's, else its opening hours; in the place's zone."""
        zone = clock.time_zone if is_zone(clock.time_zone) else self._company.time_zone
        stored = self._calendars.get(clock.calendar_id or self._company.calendar_id or 0)
        if stored is None:
            return office(zone, self._company.opens, self._company.closes)
        return working(stored, zone=stored.time_zone or zone)


class TermsBook:
    """The terms of a company's orders by (supplier, receiving place), as a chunk of documents names them."""

    def __init__(
        self,
        *,
        company: Company,
        parties: Iterable[tuple[Party, Party]],
        ownership: Ownership | None = None,
    ) -> None:
        pairs = set(parties)
        self._codes = find(
            company_id=company.pk,
            codes={(PARTNER, code) for supplier, _ in pairs for code in party_codes(supplier)}
            | {(LOCATION, code) for _, place in pairs for code in party_codes(place)},
        )
        self._agreed = AgreedTerms(
            company=company,
            partners={known.id for (kind, _), known in self._codes.items() if kind == PARTNER},
            places={known.id for (kind, _), known in self._codes.items() if kind == LOCATION},
            ownership=ownership,
        )
        self._terms: dict[tuple[Party, Party], Terms] = {}
        self._watches: dict[Party, Watch | None] = {}

    def terms(self, *, supplier: Party, place: Party) -> Terms:
        """The terms of an order with this supplier for this place; the company's where neither is known."""
        known = self._terms.get((supplier, place))
        if known is None:
            known = self._terms[supplier, place] = self._agreed.terms(
                partner_id=self._id(PARTNER, supplier), place_id=self._id(LOCATION, place)
            )
        return known

    def watch(self, *, supplier: Party, today: dt.date) -> Watch | None:
        """Which detectors are silent on this supplier's orders; None: none is."""
        if supplier not in self._watches:
            partner_id = self._id(PARTNER, supplier)
            self._watches[supplier] = self._agreed.watch(partner_id=partner_id, today=today)
        return self._watches[supplier]

    def _id(self, kind: str, party: Party) -> int | None:
        return next((self._codes[kind, c].id for c in party_codes(party) if (kind, c) in self._codes), None)


def terms_of_parties(*, parties: Iterable[Parties], known: Sequence[Company] = ()) -> dict[Parties, Terms]:
    """The terms that orders of these parties stand under, for pages that count their working time. No query
    for none; the companies among `known` are not read again.
    """
    pairs = set(parties)
    companies = [each for each in known if any(of == each.pk for of, _, _ in pairs)]
    missing = {of for of, _, _ in pairs} - {each.pk for each in companies}
    if missing:
        companies += Company.objects.filter(pk__in=missing)
    found: dict[Parties, Terms] = {}
    for company in companies:
        own = [each for each in pairs if each[0] == company.pk]
        agreed = AgreedTerms(
            company=company,
            partners={supplier for _, supplier, _ in own if supplier is not None},
            places={place for _, _, place in own if place is not None},
        )
        for each in own:
            found[each] = agreed.terms(partner_id=each[1], place_id=each[2])
    return found


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
