"""Moments as far as they are known, and the running sums that find them. Pure; working time is cached."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from visibility.canonical.documents import GoodsReceived, InvoiceReceived
from visibility.flows.amounts import ZERO
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.state import Fact

BALANCE = "opening balance"
"""In the place of a control number: an opening balance says it (opening.py)."""
UNDER_WAY = "opening balance, more under way"
"""The same of goods that came in while others were still on their way."""
_BALANCES = (BALANCE, UNDER_WAY)
_NOON = dt.time(12, tzinfo=dt.UTC)


class Moment(Struct, frozen=True, gc=False):
    """A moment as far as it is known; `date_only`: its time of day means nothing."""

    at: dt.datetime | None = None
    date_only: bool = False
    at_latest: bool = False
    """It was then at the latest; when, nobody said."""


UNTOLD = Moment()


@lru_cache(maxsize=8192)
def end_of(calendar: WorkingCalendar, day: dt.date) -> dt.datetime:
    """Closing time of that day."""
    return calendar.end_of(day)


@lru_cache(maxsize=8192)
def add_hours(calendar: WorkingCalendar, start: dt.datetime, hours: int) -> dt.datetime:
    """So many working hours later."""
    return calendar.add_hours(start, hours)


def on(day: dt.date | None) -> Moment:
    """A day as a moment: noon UTC, which is that day nearly everywhere."""
    return UNTOLD if day is None else Moment(dt.datetime.combine(day, _NOON), True)


def moment(at: dt.datetime | None) -> Moment:
    """A moment; one that is exactly midnight UTC was a date."""
    if at is None:
        return UNTOLD
    utc = at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)
    if utc.hour or utc.minute or utc.second or utc.microsecond:
        return Moment(utc)
    return on(utc.date())


def told_at(fact: Fact) -> Moment:
    """When a document was made: its own date-time; the envelope's where that is the same day, but exact."""
    if fact.control in _BALANCES:
        return UNTOLD
    own = moment(fact.document.issued_at)
    if own.at is not None and not own.date_only:
        return own
    envelope = moment(fact.envelope_at)
    if own.at is None:
        return envelope
    if envelope.at is not None and envelope.at.date() == own.at.date():
        return envelope
    return own


def was_before(fact: Fact, other: Fact) -> bool:
    """Whether a document was certainly made before another: a date says nothing of the hours of its day."""
    mine, others = fact.document.issued_at, other.document.issued_at
    if mine is None or others is None:
        return False
    if mine == others or (
        (_is_date(mine) or _is_date(others))
        and mine.astimezone(dt.UTC).date() == others.astimezone(dt.UTC).date()
    ):
        if fact.envelope_at is None or other.envelope_at is None:
            return False
        return fact.envelope_at < other.envelope_at
    return mine < others


def _is_date(at: dt.datetime) -> bool:
    return moment(at).date_only


def reached(
    steps: Sequence[tuple[Moment, Decimal]], target: Decimal | None, *, beyond: bool = False
) -> Moment:
    """Since when the running sum is `target` or more (`beyond`: more); else the last moment told.

    Unknown where a step whose moment nobody told is needed to get there.
    """
    if not steps:
        return UNTOLD
    if len(steps) == 1:
        reaches = not beyond or target is None or steps[0][1] > target
        return steps[0][0] if reaches and not steps[0][0].at_latest else UNTOLD
    known = sorted((step for step in steps if step[0].at is not None), key=_by_moment)
    reach = ZERO
    since: Moment | None = None
    for when, quantity in known:
        reach += quantity
        if target is None or not (reach > target if beyond else reach >= target):
            since = None  # what was taken back has to be reached again
        elif since is None:
            since = when
    if since is None:
        since = UNTOLD if beyond or len(known) < len(steps) or not known else known[-1][0]
    return UNTOLD if since.at_latest else since


def _by_moment(step: tuple[Moment, Decimal]) -> tuple[dt.datetime, Decimal]:
    assert step[0].at is not None
    return step[0].at, step[1]


def latest(moments: Iterable[Moment]) -> Moment:
    """The last of those that are known."""
    found = UNTOLD
    for each in moments:
        if each.at is not None and not each.at_latest and (found.at is None or each.at > found.at):
            found = each
    return found


def receipt_moment(fact: object) -> Moment:
    """When the goods of a receipt came in."""
    assert isinstance(fact, Fact)
    document = fact.document
    if fact.control in _BALANCES:
        return Moment(fact.envelope_at, at_latest=True)
    return moment(document.received_at) if isinstance(document, GoodsReceived) else UNTOLD


def invoice_moment(fact: object) -> Moment:
    """The date of an invoice."""
    assert isinstance(fact, Fact)
    document = fact.document
    if fact.control == BALANCE:
        return Moment(fact.envelope_at, at_latest=True)
    return on(document.invoiced_on) if isinstance(document, InvoiceReceived) else UNTOLD
