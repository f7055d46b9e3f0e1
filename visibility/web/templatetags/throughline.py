"""How templates write figures, draw shapes, and keep the rest of the address when one filter changes."""

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from visibility.triage.selectors import OVER_CAP
from visibility.web import words
from visibility.web.drawings.gap_bar import GapBar
from visibility.web.drawings.gap_bar import draw as draw_gap
from visibility.web.drawings.status import Status

register = template.Library()

register.filter("quantity", words.quantity)
register.filter("signed", words.signed)
register.filter("price", words.price)
register.filter("day", words.day)
register.filter("weekday", words.weekday)
register.filter("clock_time", words.time)
register.filter("moment", words.moment)
register.filter("full_moment", words.full_moment)
register.filter("size", words.size)
register.filter("span", words.span_words)


@register.filter
def money(value: Decimal | None, currency: str = "") -> str:
    """{{ row.value|money:row.currency }}"""
    return words.money(value, currency)


@register.filter
def so_many(count: int) -> str:
    """How many are over their deadline: counted so far, and "more than" beyond."""
    if count > OVER_CAP:
        return _("more than %(count)s") % {"count": words.quantity(Decimal(OVER_CAP))}
    return words.quantity(Decimal(count))


@register.filter
def so_many_short(count: int) -> str:
    """The same where there is little room: 1,000+."""
    return f"{OVER_CAP:,}+" if count > OVER_CAP else f"{count:,}"


@register.filter
def iso(value: dt.datetime | dt.date | None) -> str:
    """For the datetime attribute of <time>."""
    return "" if value is None else value.isoformat()


@register.simple_tag
def shape(status: Status, css: str = "") -> SafeString:
    """The shape of a status alone; the word must stand beside it."""
    return format_html(
        '<svg class="shape {} {}" viewBox="0 0 16 16" aria-hidden="true"><use href="#s-{}"/></svg>',
        status.token,
        css,
        status.shape,
    )


@register.simple_tag
def status(value: Status, word: str = "") -> SafeString:
    """Shape and word together; `word` says more than the status's own."""
    return format_html(
        '<span class="status {}"><svg class="shape" viewBox="0 0 16 16" aria-hidden="true">'
        '<use href="#s-{}"/></svg><span>{}</span></span>',
        value.token,
        value.shape,
        word or value.word,
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing that stands beside its word."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#i-{}"/></svg>', name
    )


@register.simple_tag
def gap_bar(had: Decimal | None, expected: Decimal | None) -> GapBar | None:
    """{% gap_bar row.had row.expected as bar %}"""
    return draw_gap(had=had, expected=expected)
