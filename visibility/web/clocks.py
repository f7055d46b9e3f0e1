"""Working time on pages: whose calendar an exception's clock runs in, and the clock."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from visibility.flows.calendar import WorkingCalendar
from visibility.masterdata.models import Company
from visibility.pipeline.terms import Parties, terms_of_parties
from visibility.triage.selectors import CaseRow
from visibility.web.drawings.status import Clock, Status, clock_of

CalendarOf = Callable[[CaseRow], WorkingCalendar]
OF_THE_PARTNER = frozenset({"acknowledgement_overdue", "change_unanswered"})
"""Kinds that wait for the partner; the others wait for the receiving place."""


def calendars_of(
    rows: Iterable[CaseRow], *, otherwise: WorkingCalendar, company: Company | None = None
) -> CalendarOf:
    """The calendar that each case's deadline was counted in. Asks only where some have a deadline.

    `company`: the reader's, where it was read already.
    """
    terms = terms_of_parties(
        parties={_parties(row) for row in rows if (row.due_at or row.sla_due_at) and row.correlation_id},
        known=[company] if company is not None else (),
    )

    def find(row: CaseRow) -> WorkingCalendar:
        own = terms.get(_parties(row)) if row.correlation_id else None
        if own is None:
            return otherwise
        return own.partner_calendar if row.kind in OF_THE_PARTNER else own.calendar

    return find


def _parties(row: CaseRow) -> Parties:
    return row.company_id, row.supplier_id, row.ship_to_id


def of_deadline(
    *, opened_at: dt.datetime, due_at: dt.datetime | None, as_of: dt.datetime, calendar: WorkingCalendar
) -> Clock | None:
    """The clock from opening to deadline in working time; None where no deadline runs."""
    if due_at is None:
        return None
    used = calendar.between(opened_at, min(as_of, due_at))
    left = (
        calendar.between(as_of, due_at)
        if as_of <= due_at
        else -max(calendar.between(due_at, as_of), dt.timedelta(minutes=1))
    )
    return clock_of(used=used, left=left)


def of_case(row: CaseRow, *, as_of: dt.datetime, calendar: WorkingCalendar) -> Clock | None:
    """The SLA clock of a case; one that stands shows what was used of it. None where none was started."""
    if row.sla_due_at is None:
        return None
    if row.sla_paused_at is None:
        return of_deadline(opened_at=row.opened_at, due_at=row.sla_due_at, as_of=as_of, calendar=calendar)
    used = calendar.between(row.opened_at, row.sla_paused_at)
    left = row.sla_left if row.sla_left is not None else dt.timedelta()
    total = used + left
    share = 100 if left <= dt.timedelta() or not total else round(100 * (used / total))
    return Clock(Status("na", "pause", _("paused")), min(share, 100))
