"""Feeds that are silent: one case a connection by which nothing has come for longer than is usual there.

Silence is counted in the company's working time. A connection by which nothing ever came is not silent but
not in use yet. The case closes with the next message.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from visibility.core import clock
from visibility.flows import words
from visibility.inbox.models import Connection, Message
from visibility.pipeline.standing import Found, bring_up
from visibility.triage.clocks import Clocks
from visibility.triage.findings import Finding
from visibility.triage.services import Owner

KIND = "feed_silent"


def look_for_silence() -> int:
    """Open and close the cases of silent connections. How many changed."""
    now = clock.now()
    last = Message.objects.filter(connection=OuterRef("pk"), direction=Message.Direction.IN)
    feeds = (
        Connection.objects.filter(silent_after__isnull=False)
        .annotate(heard_at=Subquery(last.order_by("-received_at", "-id").values("received_at")[:1]))
        .select_related("company")
        .order_by("pk")
    )
    clocks: dict[int, Clocks] = {}
    found = []
    for feed in feeds:
        if feed.heard_at is None:
            continue
        if feed.company_id not in clocks:
            clocks[feed.company_id] = Clocks(company_id=feed.company_id)
        calendar = clocks[feed.company_id].calendar(kind=KIND, supplier_id=None, ship_to_id=None)
        due_at = calendar.add(feed.heard_at, dt.timedelta(minutes=feed.silent_after or 0))
        if due_at < now:
            found.append(_found(feed, feed.heard_at, due_at))
    return bring_up(kinds=(KIND,), found=found, as_of=now)


def _found(feed: Connection, heard_at: dt.datetime, due_at: dt.datetime) -> Found:
    since, due = _at(feed, heard_at), _at(feed, due_at)
    finding = Finding(
        kind=KIND,
        subject=feed.name,
        severity="high",
        summary=f"{feed} has been silent since {since}; something was due by {due}",
        due_at=due_at,
        next_action="Ask whether something is sent, and check the connection",
        evidence=(("Last message", due, since),),
    )
    return Owner(company_id=feed.company_id), finding


def _at(feed: Connection, at: dt.datetime) -> str:
    local = at.astimezone(ZoneInfo(feed.company.time_zone))
    return f"{words.day(local.date())} {local:%H:%M}"
