"""Feeds that are silent: one case a connection by which nothing has come for longer than is usual there.

Silence is counted in the company's working time. A connection by which nothing ever came is not silent but
not in use yet. The case closes with the next message.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.flows import words
from visibility.inbox.models import Connection, Message
from visibility.pipeline.standing import Found, bring_up
from visibility.sync.models import Endpoint
from visibility.triage.clocks import Clocks
from visibility.triage.findings import Finding
from visibility.triage.services import Owner

KIND = "feed_silent"


@dataclass(frozen=True)
class Feed:
    """A connection, when a message last came by it and by when the next one is due, where that is watched."""

    connection: Connection
    heard_at: dt.datetime | None
    due_at: dt.datetime | None


def look_for_silence() -> int:
    """Open and close the cases of silent connections. How many changed."""
    now = clock.now()
    found = [
        _found(feed.connection, feed.heard_at, feed.due_at)
        for feed in _heard(Connection.objects.filter(silent_after__isnull=False))
        if feed.heard_at is not None and feed.due_at is not None and feed.due_at < now
    ]
    return bring_up(kinds=(KIND,), found=found, as_of=now)


def list_feeds(*, scope: Scope) -> list[Feed]:
    """Connections by which something comes or could, with when it last did; none for who sees a part only.

    Those that only deliver are left out.
    """
    if scope.partners is not None:
        return []
    own = Connection.objects.filter(company_id__in=scope.companies).exclude(witness=Connection.Witness.DESK)
    delivering = set(
        Endpoint.objects.filter(connection__company_id__in=scope.companies).values_list(
            "connection_id", flat=True
        )
    )
    return [feed for feed in _heard(own) if feed.heard_at or feed.connection.pk not in delivering]


def _heard(connections: QuerySet[Connection]) -> list[Feed]:
    last = Message.objects.filter(connection=OuterRef("pk"), direction=Message.Direction.IN)
    feeds = (
        connections.annotate(
            heard_at=Subquery(last.order_by("-received_at", "-id").values("received_at")[:1])
        )
        .select_related("company")
        .order_by("pk")
    )
    clocks: dict[int, Clocks] = {}
    found = []
    for feed in feeds:
        due_at = None
        if feed.heard_at is not None and feed.silent_after is not None:
            if feed.company_id not in clocks:
                clocks[feed.company_id] = Clocks(company_id=feed.company_id)
            calendar = clocks[feed.company_id].calendar(kind=KIND, supplier_id=None, ship_to_id=None)
            due_at = calendar.add(feed.heard_at, dt.timedelta(minutes=feed.silent_after))
        found.append(Feed(feed, feed.heard_at, due_at))
    return found


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
