"""What happened to a line of which nobody told how much: one row a kind, with how often and when."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.flows.counted import in_order, oddities
from visibility.flows.state import Count, LineView, Milestone
from visibility.web import words
from visibility.web.drawings.milestone_track import labels
from visibility.web.drawings.status import Status


@dataclass(frozen=True)
class Happened:
    """A kind of thing that happened: "628 receipts", "62 taken back", "23 Jan 2018 – 10 Jan 2019"."""

    label: str
    taken_back: str
    when: str


def of_line(line: LineView) -> tuple[Happened, ...]:
    """What was counted of a line, in the order in which things happen."""
    return tuple(_happened(count) for count in in_order(line.counts))


def odd(line: LineView) -> tuple[str, ...]:
    """What is strange about it, in words."""
    return tuple(each[:1].upper() + each[1:] for each in oddities(line))


def status_of(line: LineView) -> tuple[Status, str] | None:
    """The state of a line that is only counted, with the last step that happened; None for others."""
    if line.ordered is not None or not line.counts or line.cancelled or not line.known:
        return None
    word = _("Line blocked") if line.blocked else _("Quantities not told")
    status = Status("warn", "pause", word) if line.blocked else Status("unk", "progress", word)
    last = next((step for step in reversed(line.milestones) if step.first_at is not None), None)
    if last is None:
        return status, _("no step told since it was ordered")
    said = {"step": labels()[last.name], "when": _day(last)}
    return status, _("%(step)s, last %(when)s") % said


def _day(step: Milestone) -> str:
    return "" if step.actual_at is None else words.day(words.local(step.actual_at).date())


def _happened(count: Count) -> Happened:
    back = ""
    if count.taken_back:
        told = {"count": f"{count.taken_back:,}"}
        back = _("%(count)s lifted") % told if count.kind == "blocked" else _("%(count)s taken back") % told
    return Happened(_label(count), back, _when(count.first_at, count.last_at))


def _when(first: dt.datetime | None, last: dt.datetime | None) -> str:
    return words.days([words.local(each).date() for each in (first, last) if each is not None])


def _label(count: Count) -> str:
    one, many = {
        "requisition": (_("%(n)s requisition step"), _("%(n)s requisition steps")),
        "confirmed": (_("%(n)s confirmation"), _("%(n)s confirmations")),
        "changed": (_("%(n)s change"), _("%(n)s changes")),
        "blocked": (_("%(n)s block"), _("%(n)s blocks")),
        "received": (_("%(n)s receipt"), _("%(n)s receipts")),
        "accepted": (_("%(n)s acceptance of work"), _("%(n)s acceptances of work")),
        "issued": (_("%(n)s bill written"), _("%(n)s bills written")),
        "invoiced": (_("%(n)s invoice"), _("%(n)s invoices")),
        "adjusted": (_("%(n)s subsequent invoice"), _("%(n)s subsequent invoices")),
        "payment_blocked": (_("%(n)s payment block"), _("%(n)s payment blocks")),
        "payment_released": (_("%(n)s payment released"), _("%(n)s payments released")),
        "paid": (_("%(n)s payment"), _("%(n)s payments")),
    }[count.kind]
    return ngettext(one, many, count.times) % {"n": f"{count.times:,}"}
