"""How figures, dates and spans are written (look.md, section 5). Moments are shown in the current zone."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from visibility.core import clock

MINUS = "−"
CURRENCY_SIGNS = {"USD": "$", "": "", "EUR": "€", "GBP": "£"}


def today() -> dt.date:
    """The day it is in the current zone."""
    return timezone.localdate(clock.now())


def local(moment: dt.datetime) -> dt.datetime:
    """The moment in the current zone."""
    return timezone.localtime(moment)


def quantity(value: Decimal | None) -> str:
    """1,870 or 2.5; empty where nobody has said."""
    if value is None:
        return ""
    text = f"{abs(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: Decimal | None) -> str:
    """A difference: −40, +12, 0."""
    if value is None:
        return ""
    return f"+{quantity(value)}" if value > 0 else quantity(value)


def money(value: Decimal | None, currency: str = "", *, cents: bool = True) -> str:
    """$11,835.90; a currency without a sign of its own is written before the amount."""
    if value is None:
        return ""
    amount = f"{abs(value):,.2f}" if cents else f"{abs(value):,.0f}"
    sign = CURRENCY_SIGNS.get(currency)
    text = f"{sign}{amount}" if sign is not None else f"{currency} {amount}".strip()
    return f"{MINUS}{text}" if value < 0 else text


def price(value: Decimal | None) -> str:
    """At least two decimals, more where the price has them."""
    if value is None:
        return ""
    places = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{places}f}"


def day(date: dt.date | None) -> str:
    """3 Dec; with its year when it is not this one."""
    if date is None:
        return ""
    return date_format(date, "j M" if date.year == today().year else "j M Y")


def weekday(date: dt.date | None) -> str:
    """Thu 3 Dec; with its year when it is not this one."""
    if date is None:
        return ""
    return date_format(date, "D j M" if date.year == today().year else "D j M Y")


def time(moment: dt.datetime | None) -> str:
    """09:41"""
    return "" if moment is None else local(moment).strftime("%H:%M")


def moment(value: dt.datetime | None) -> str:
    """23 Nov 09:41"""
    return "" if value is None else f"{day(local(value).date())} {time(value)}"


def full_moment(value: dt.datetime | None) -> str:
    """Mon 23 Nov 09:41"""
    return "" if value is None else f"{weekday(local(value).date())} {time(value)}"


def due(value: dt.datetime) -> str:
    """Due 17:00 today, else due 27 Nov."""
    when = local(value)
    return time(value) if when.date() == today() else day(when.date())


def days(dates: list[dt.date]) -> str:
    """25 – 30 Nov: the range of dates, as short as it can be said."""
    if not dates:
        return ""
    first, last = min(dates), max(dates)
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def span(length: dt.timedelta) -> str:
    """7 h 00, from three days on 3 d."""
    minutes = int(length.total_seconds() // 60)
    if minutes >= 72 * 60:
        return gettext("%(count)s d") % {"count": minutes // (24 * 60)}
    return gettext("%(hours)s h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}


def late(length: dt.timedelta) -> str:
    """1 d from a whole day on, hours and minutes below."""
    if length.days >= 1:
        return gettext("%(count)s d") % {"count": length.days}
    return span(length)


def size(count: int) -> str:
    """374 bytes, 12 kB, 3.1 MB."""
    if count < 1_000:
        return ngettext("%(count)s byte", "%(count)s bytes", count) % {"count": count}
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


def span_words(span: dt.timedelta | None) -> str:
    """A span as people read it: 7 h 05, 3 d 4 h, 12 min."""
    if span is None:
        return "–"
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return gettext("%(hours)s h %(rest)02d") % {"hours": hours, "rest": rest}
    return gettext("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}
