"""The rail beside the queue, its title and its sentence."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.accounts.models import Role
from visibility.triage.findings import QUEUES
from visibility.triage.lists import CasePage
from visibility.triage.selectors import OVER_CAP
from visibility.triage.tallies import MineCounts
from visibility.web import words
from visibility.web.cases.asked import ME, Asked
from visibility.web.cases.kinds import queue_label

Counts = Mapping[str, tuple[int, int]]
WATCHING = (Role.INTEGRATION, Role.DATA_STEWARD, Role.SUPPLIER_MANAGER)
"""Who looks after connections, or after those who send by them."""
ELSEWHERE = "-"
"""No queue: another part of the rail is the current one."""


def queue_rail(counts: Counts, current: str, own: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The queues with their counts; all of them first, then those that are always there, then one's own."""
    own = own or {}
    total = (sum(n for n, _over in counts.values()), sum(over for _n, over in counts.values()))
    names = [*QUEUES, *(code for code in own if code not in QUEUES)]
    return [
        {
            "queue": name,
            "label": own.get(name) or queue_label(name),
            "open": n,
            "over": over,
            "current": name == current,
        }
        for name, (n, over) in [("", total), *((name, counts.get(name, (0, 0))) for name in names)]
    ]


def mine_rail(mine: MineCounts, asked: Asked) -> list[dict[str, Any]]:
    """What is mine, in one way or another."""
    chosen, of = asked.filters.text("mine"), asked.filters.text("assignee")
    is_open = asked.state == "open" and not asked.queue
    return [
        _item(_("Assigned to me"), mine.assigned, f"assignee={ME}", is_open and of == ME and not chosen),
        _item(_("Watching"), mine.watching, "mine=watching", chosen == "watching"),
        _item(_("Mentions"), mine.mentions, "mine=mentions", chosen == "mentions"),
    ]


def parked_rail(mine: MineCounts, asked: Asked) -> list[dict[str, Any]]:
    """What is not open: put aside, with others, done."""
    return [
        _item(_("Snoozed"), mine.snoozed, "state=snoozed", asked.state == "snoozed"),
        _item(_("Waiting for others"), mine.waiting, "state=waiting", asked.state == "waiting"),
        _item(_("Closed today"), mine.closed_today, "state=closed_today", asked.state == "closed_today"),
    ]


def desk_rail(role: str) -> list[tuple[str, str]]:
    """How the desk works, as (address, label): what everybody may look up, and what a role looks after."""
    named = [
        ("policies", _("Policies")),
        ("terms", _("Terms")),
        ("resolution-times", _("Resolution times")),
        ("approvals", _("Approvals")),
        ("deliveries", _("Deliveries")),
    ]
    if role in WATCHING:
        named.append(("connections", _("Connections")))
    return [(reverse(name), label) for name, label in [*named, ("silent-run", _("Silent run"))]]


def _item(label: str, count: int, query: str, current: bool) -> dict[str, Any]:
    return {"label": label, "count": count, "url": f"{reverse('cases')}?{query}", "current": current}


def current_queue(asked: Asked) -> str:
    """The queue that is marked in the rail; none where another part of it is."""
    elsewhere = asked.filters.text("mine") or (asked.filters.text("assignee") == ME and not asked.queue)
    return ELSEWHERE if elsewhere or asked.state in ("snoozed", "waiting", "closed_today") else asked.queue


def title_of(asked: Asked) -> str:
    """What the page is called."""
    if asked.queue:
        return asked.own.get(asked.queue) or queue_label(asked.queue)
    named = {
        "watching": _("Watching"),
        "mentions": _("Mentions"),
        "snoozed": _("Snoozed"),
        "waiting": _("Waiting for others"),
        "closed_today": _("Closed today"),
    }
    if found := named.get(asked.filters.text("mine")) or named.get(asked.state):
        return found
    if asked.filters.text("assignee") == ME:
        return _("Assigned to me")
    return queue_label("") if asked.state == "open" else _("Exceptions")


def sentence_of(asked: Asked, found: CasePage, counts: Counts) -> str:
    """How many, how many too late, what they are worth, and the worst of them."""
    shown = f"{found.count:,}"
    if asked.state != "open":
        return _("More than %(n)s.") % {"n": shown} if found.capped else f"{shown}."
    parts = [
        (_("more than %(n)s open") if found.capped else ngettext("%(n)s open", "%(n)s open", found.count))
        % {"n": shown}
    ]
    if not asked.filters.chips() and not asked.filters.text("mine"):
        parts.append(_over(sum(over for name, (_n, over) in counts.items() if asked.queue in ("", name))))
    if worth := _worth(found):
        parts.append(worth)
    text = ", ".join(parts) + "."
    if found.rows and asked.arguments["sort"] in ("-risk", "-money") and not asked.filters.text("cursor"):
        return text + " " + _("Worst: %(summary)s") % {"summary": found.rows[0].summary.rstrip(".")} + "."
    return text


def _over(over: int) -> str:
    if over > OVER_CAP:
        return _("more than %(n)s over their deadline") % {"n": words.quantity(Decimal(OVER_CAP))}
    return _("%(n)s over their deadline") % {"n": over} if over else _("none over its deadline")


def _worth(found: CasePage) -> str:
    """What is at risk, where the whole list is on the page and in one currency."""
    if found.next_cursor or len(found.rows) != found.count:
        return ""
    sums = sums_of((row.money, row.currency) for row in found.rows)
    return _("%(money)s at risk") % {"money": " + ".join(sums)} if sums else ""


def sums_of(amounts: Iterable[tuple[Decimal | None, str | None]]) -> list[str]:
    """Sums of money, one a currency, largest first; what is not known is in none."""
    totals: dict[str, Decimal] = {}
    for money, currency in amounts:
        if money is not None:
            totals[currency or ""] = totals.get(currency or "", Decimal(0)) + money
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
    return [words.money(total, currency, cents=False) for currency, total in ordered if total]
