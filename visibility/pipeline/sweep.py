"""Looking again at flows whose deadline has passed, and rebuilding flows from the ledger.

A flow says in `look_at` when a sweep has to look at it: at its earliest deadline that none has seen
passed. A sweep moves it on to the next deadline to come, so each is looked at once a deadline; a message
that changes the flow sets it back to the first, because what is late may have changed with it.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import connection as database
from django.db import transaction

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.flows.models import Flow
from visibility.flows.services import Projected
from visibility.flows.state import unpack_facts, unpack_view
from visibility.pipeline.project import NOBODY, assess_flows, flow_keys, ledger_facts, name_flows

SWEEP_FLOWS = 200
"""Flows of one batch, which is one transaction: about a quarter of a second."""
SWEEP_SECONDS = 10.0
"""After which a sweep begins no further batch: who sweeps has messages to work on, too."""
Announce = Callable[[dict[int, set[UUID]]], None]
Mark = tuple[dt.datetime, int]
"""How far a sweep has got: when to look, and the id."""
BEGINNING: Mark = (dt.datetime.min.replace(tzinfo=dt.UTC), 0)
AS_SOON_AS_IT_CAN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""What `look_at` says of flows whose deadlines have to be reckoned anew; there may be a million at once."""
AFTER_THOSE: Mark = (AS_SOON_AS_IT_CAN, 2**63 - 1)

_DUE_FORM = (
    "SELECT f.id, f.company_id, f.correlation_id, f.facts, f.look_at FROM flows_flow f "
    "WHERE f.look_at < %s AND (f.look_at, f.id) > (%s, %s) {} "
    "ORDER BY f.look_at, f.id LIMIT %s FOR UPDATE SKIP LOCKED"
)
DUE = _DUE_FORM.format("")
DUE_UNLESS_WAITING = _DUE_FORM.format(
    "AND NOT coalesce((SELECT w.since <= greatest(f.look_at, f.changed_at) "
    "FROM unnest(%b::bigint[], %b::timestamptz[]) w(company_id, since) "
    "WHERE w.company_id = f.company_id), false)"
)
# What is read once more was read before, and a history says nothing of deadlines that run.
WAITING = (
    "SELECT m.company_id, min(m.received_at) FROM inbox_messagework w "
    "JOIN inbox_message m ON m.id = w.message_id WHERE w.translation = 1 "
    "AND NOT EXISTS (SELECT 1 FROM inbox_historypart p WHERE p.message_id = w.message_id) GROUP BY 1"
)
Waiting = dict[int, dt.datetime]
"""Since when messages wait, by company."""


def sweep_due(
    *,
    as_of: dt.datetime,
    announce: Announce = lambda _: None,
    unless_waiting: bool = False,
    seconds: float = SWEEP_SECONDS,
) -> int:
    """Re-evaluate flows with a deadline before `as_of` that no sweep has looked at. How many there were.

    The longest due first, by batches, until `seconds` are over; the rest is for the next sweep. Flows that
    are to be looked at as soon as can be come behind all whose deadline has passed. What another sweep or a
    worker has in hand is left to it. `unless_waiting` passes over flows of whose company a message is not
    worked through that came before the flow was due, or was last looked at: what seems to be missing may be
    in it. They stay due. Messages that came since then do not count, or a busy company would never be swept;
    nor do those that are read once more, or that bring a history.
    """
    seen, end = 0, time.monotonic() + seconds
    waiting: Waiting | None = None if unless_waiting else {}
    anew = min(as_of, AS_SOON_AS_IT_CAN + dt.timedelta(microseconds=1))
    for start, before in ((AFTER_THOSE, as_of), (BEGINNING, anew)):
        mark = start
        while True:
            with transaction.atomic(), server_cursor(database) as cursor:
                if waiting is None:
                    if not _is_any_due(cursor, before=before, after=mark):
                        break
                    waiting = _waiting(cursor)
                flows, mark = _lock_due(cursor, before=before, after=mark, waiting=waiting)
                if not flows:
                    break
                changed = assess_flows(cursor=cursor, flows=flows, as_of=as_of, sweeping=True)
            seen += len(flows)
            announce(changed)
            if time.monotonic() >= end:
                return seen
    return seen


def _is_any_due(cursor: psycopg.Cursor, *, before: dt.datetime, after: Mark) -> bool:
    cursor.execute(
        "SELECT 1 FROM flows_flow WHERE look_at < %s AND (look_at, id) > (%s, %s) "
        "ORDER BY look_at, id LIMIT %s",
        [before, *after, 1],
    )
    return cursor.fetchone() is not None


def _waiting(cursor: psycopg.Cursor) -> Waiting:
    """Read once a sweep, and only if something is due: the queue may be long. What comes later came since."""
    cursor.execute(WAITING)
    return dict(cursor.fetchall())


def _lock_due(
    cursor: psycopg.Cursor, *, before: dt.datetime, after: Mark, waiting: Waiting
) -> tuple[list[Projected], Mark]:
    """The next batch of flows to look at `before` that time, locked, and how far that is."""
    if waiting:
        since = [list(waiting), list(waiting.values())]
        cursor.execute(DUE_UNLESS_WAITING, [before, *after, *since, SWEEP_FLOWS])
    else:
        cursor.execute(DUE, [before, *after, SWEEP_FLOWS])
    rows = cursor.fetchall()
    if not rows:
        return [], after
    flows = _projected(cursor, [row[:4] for row in rows])
    return sorted(flows, key=lambda flow: flow.flow_id), (rows[-1][4], rows[-1][0])


def lock_projected(*, cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> list[Projected]:
    """Flows with their facts as stored, locked in the order of their ids."""
    cursor.execute(
        "SELECT id, company_id, correlation_id, facts FROM flows_flow WHERE id = ANY(%b) "
        "ORDER BY id FOR UPDATE",
        [list(flow_ids)],
    )
    return _projected(cursor, cursor.fetchall())


def _projected(cursor: psycopg.Cursor, rows: Sequence[tuple[Any, ...]]) -> list[Projected]:
    """Rows (id, company, correlation ID, packed facts) as flows."""
    flows = [
        Projected(
            flow_id=flow_id,
            company_id=company_id,
            correlation_id=correlation_id,
            facts=unpack_facts(bytes(facts)),
            existed=True,
        )
        for flow_id, company_id, correlation_id, facts in rows
    ]
    name_flows(flows=flows, keys=flow_keys(cursor=cursor, flow_ids=[row[0] for row in rows]))
    return flows


def rebuild(*, check: bool) -> Iterator[tuple[str, str]]:
    """Rebuild every flow from the ledger; yields (correlation id, what differed) for each difference.

    With `check` nothing is changed: each is rebuilt beside as of the moment it was last looked at (what
    became due since then is the sweep's to find), compared and rolled back.
    """
    last = 0
    while True:
        with transaction.atomic(), server_cursor(database) as cursor:
            cursor.execute(
                "SELECT DISTINCT flow_id FROM ledger_membership WHERE flow_id > %s ORDER BY 1 LIMIT %s",
                [last, SWEEP_FLOWS],
            )
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return
            flows = _from_ledger(cursor, ids)
            before = _snapshot(cursor, ids)
            for as_of, looked_at in _moments(flows, check=check):
                assess_flows(cursor=cursor, flows=looked_at, as_of=as_of)
            after = _snapshot(cursor, ids)
            if check:
                transaction.set_rollback(True)
        last = ids[-1]
        for flow in flows:
            was, now = before.get(flow.flow_id), after[flow.flow_id]
            differing = ["missing"] if was is None else [n for n, value in was.items() if value != now[n]]
            if differing:
                yield str(flow.correlation_id), ", ".join(differing)


def _from_ledger(cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> list[Projected]:
    """Flows as the ledger alone has them, locked; also those whose row is gone."""
    flows = lock_projected(cursor=cursor, flow_ids=flow_ids)
    gone = set(flow_ids) - {flow.flow_id for flow in flows}
    keys = flow_keys(cursor=cursor, flow_ids=gone)
    lost = [Projected(flow_id=flow_id, company_id=0, correlation_id=NOBODY, facts=[]) for flow_id in keys]
    name_flows(flows=lost, keys=keys)
    flows += lost
    facts = ledger_facts(cursor=cursor, flow_ids=flow_ids)
    for flow in flows:
        flow.facts = facts[flow.flow_id]
    return sorted(flows, key=lambda flow: flow.flow_id)


def _moments(flows: list[Projected], *, check: bool) -> Iterator[tuple[dt.datetime, list[Projected]]]:
    """The flows by the moment as of which they are to be looked at."""
    now = clock.now()
    if not check:
        yield now, flows
        return
    ids = [flow.flow_id for flow in flows]
    looked_at = dict(Flow.objects.filter(id__in=ids).values_list("id", "changed_at"))
    by_moment: dict[dt.datetime, list[Projected]] = defaultdict(list)
    for flow in flows:
        by_moment[looked_at.get(flow.flow_id, now)].append(flow)
    yield from by_moment.items()


def _snapshot(cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> dict[int, dict[str, object]]:
    """What must be the same after a rebuild, flow by flow."""
    cursor.execute(
        "SELECT f.id, f.view, f.number, f.supplier_id, f.ship_to_id, f.stage, f.next_due_at, f.entry_count, "
        "f.correlation_id, f.aliases, f.state, "
        "(SELECT coalesce(array_agg(concat_ws('|', c.fingerprint, c.summary, c.severity, c.gap, "
        "   c.money, c.due_at, c.order_number, c.supplier_id, c.supplier_name, c.ship_to_name, c.evidence) "
        "   ORDER BY c.fingerprint), '{}') "
        " FROM triage_exceptioncase c WHERE c.flow_id = f.id AND c.is_open), "
        "(SELECT coalesce(array_agg(concat_ws('|', m.fingerprint, m.summary, m.money, m.order_number, "
        "   m.supplier_id, m.supplier_name, m.evidence) ORDER BY m.fingerprint), '{}') "
        " FROM triage_casemember m WHERE m.flow_id = f.id AND m.is_open), "
        "(SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.line), '[]')::text FROM flows_flowline l "
        " WHERE l.flow_id = f.id) FROM flows_flow f WHERE f.id = ANY(%b)",
        [list(flow_ids)],
    )
    kept = ("number", "supplier", "ship_to", "stage", "next_due_at", "entries", "name", "aliases", "state")
    found = {}
    for flow_id, view, *rest in cursor.fetchall():
        seen = {"view": msgspec.to_builtins(unpack_view(bytes(view)))}
        found[flow_id] = seen | dict(zip((*kept, "cases", "findings", "lines"), rest, strict=True))
    return found
