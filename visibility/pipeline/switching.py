"""Switching detectors on and off, and going live: what was found silently and is true still becomes cases."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db import connection as database
from django.db import transaction

from visibility.access.scopes import scope_of_company
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.flows.services import look_again, look_at_these_again
from visibility.masterdata.calendars import PartnerTerms, terms_of_partners
from visibility.masterdata.golive import Mode, Speaker, say_detectors, say_live_from
from visibility.masterdata.models import Company, TradingPartner
from visibility.pipeline.project import assess_flows
from visibility.pipeline.sweep import SWEEP_FLOWS, Announce, lock_projected
from visibility.pipeline.terms import AS_THE_COMPANY
from visibility.triage.silent import count_silent, flows_to_open
from visibility.triage.watching import Watch, watch_of

BATCH_FLOWS = 1000


def switch_detectors(
    *, company: Company, partner: TradingPartner | None, kind: str, mode: Mode, speaker: Speaker
) -> int:
    """Make detectors silent or live. So many orders the next sweeps look at, to open what is true still."""
    changed = say_detectors(company=company, partner=partner, kind=kind, mode=mode, speaker=speaker)
    return mark_what_is_live(company=Company.objects.get(pk=company.pk)) if changed else 0


def set_live_from(
    *, company: Company, partner: TradingPartner | None, live_from: dt.date | None, speaker: Speaker
) -> int:
    """Set the day of go-live. So many open orders the next sweeps look at: their deadlines may be others."""
    if not say_live_from(company=company, partner=partner, live_from=live_from, speaker=speaker):
        return 0
    return look_at_all_again(company_id=company.pk)


def mark_what_is_live(*, company: Company) -> int:
    """Have sweeps look at the orders of which something was found silently that no detector is silent about
    any more: it was switched on, or the day of go-live has come. How many."""
    marked = 0
    for flow_ids in _to_open(company):
        with transaction.atomic(), server_cursor(database) as cursor:
            look_at_these_again(cursor=cursor, flow_ids=flow_ids)
        marked += len(flow_ids)
    return marked


def open_what_is_live(*, company: Company, announce: Announce = lambda _: None) -> int:
    """Look at those orders now instead, batch by batch. How many."""
    opened = 0
    for flow_ids in _to_open(company):
        with transaction.atomic(), server_cursor(database) as cursor:
            flows = lock_projected(cursor=cursor, flow_ids=flow_ids)
            changed = assess_flows(cursor=cursor, flows=flows, as_of=clock.now(), sweeping=True)
        announce(changed)
        opened += len(flow_ids)
    return opened


def mark_newly_live() -> None:
    """The same for all companies: a chore, for the days of go-live that come by themselves."""
    for company in Company.objects.all():
        mark_what_is_live(company=company)


def _to_open(company: Company) -> Iterator[list[int]]:
    kinds = _live_kinds(company)
    last = 0
    while kinds:
        ids = flows_to_open(company_id=company.pk, kinds=kinds, after=last, limit=SWEEP_FLOWS)
        if not ids:
            return
        yield ids
        last = ids[-1]


def _live_kinds(company: Company) -> dict[int, set[str]]:
    """Of each partner (0: not known) the kinds found silently of which no detector is silent any more."""
    found = [each for each in count_silent(scope=scope_of_company(company.pk)) if each.still]
    watches = watches_of(company=company, partners={each.supplier_id or 0 for each in found})
    kinds: dict[int, set[str]] = {}
    for each in found:
        watch = watches[each.supplier_id or 0]
        if watch is None or not watch.is_silent(each.kind):
            kinds.setdefault(each.supplier_id or 0, set()).add(each.kind)
    return kinds


def watches_of(*, company: Company, partners: set[int]) -> dict[int, Watch | None]:
    """Which detectors are silent today for each of the partners (0: one that is not known)."""
    today = clock.now().astimezone(ZoneInfo(company.time_zone)).date()
    terms = terms_of_partners(ids=partners)
    return {each: _watch(company, terms.get(each, AS_THE_COMPANY), today) for each in partners}


def _watch(company: Company, partner: PartnerTerms, today: dt.date) -> Watch | None:
    return watch_of(
        company=company.detectors,
        partner=partner.detectors,
        live_from=partner.live_from or company.live_from,
        today=today,
    )


def look_at_all_again(*, company_id: int) -> int:
    """Have sweeps work out the deadlines of a company's open orders anew. How many there are.

    In small transactions, so that no worker waits long for an order. A crash in between is mended by
    running it again.
    """
    last, marked = 0, 0
    while True:
        with transaction.atomic(), server_cursor(database) as cursor:
            ids = look_again(cursor=cursor, company_id=company_id, after=last, limit=BATCH_FLOWS)
        if not ids:
            return marked
        last, marked = ids[-1], marked + len(ids)
