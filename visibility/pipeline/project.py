"""New facts into flows: merge, derive, detect, reconcile, write. Inside the caller's transaction."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import get_args
from uuid import UUID

import msgspec
import psycopg

from visibility.canonical.documents import AnyDocument
from visibility.core import clock
from visibility.flows import recent
from visibility.flows.services import Projected, lock_flows, name_flow, store_flows
from visibility.flows.state import Fact, Witness, merge
from visibility.ledger.correlate import CompanyKey, Correlated, Number
from visibility.ledger.selectors import SUPERSEDED
from visibility.pipeline.assess import Assessor
from visibility.triage.services import known_cases, write_changes

_documents = msgspec.json.Decoder(AnyDocument)
_witnesses = frozenset(get_args(Witness))

ENTRY_COLUMNS = (
    "e.event_id, e.document::text, e.envelope_at, e.control, e.witness, e.message_id, e.translation, "
    "e.explicit_id, e.system"
)


def fact_of(row: tuple[object, ...]) -> Fact:
    """A ledger row (ENTRY_COLUMNS) as the projection needs it."""
    event_id, document, *rest = row
    return Fact(event_id, _documents.decode(str(document)), *rest)  # type: ignore[arg-type]  # by column order


def read_facts(*, cursor: psycopg.Cursor, members: set[tuple[int, int]]) -> Iterator[tuple[int, Fact]]:
    """Facts of the ledger at (flow id, position), as (flow id, fact), without what a replay superseded."""
    if not members:
        return
    pairs = sorted(members)
    cursor.execute(
        f"SELECT n.flow_id, {ENTRY_COLUMNS} FROM unnest(%b::bigint[], %b::bigint[]) n(flow_id, position) "
        f"JOIN ledger_entry e USING (position) WHERE NOT {SUPERSEDED} ORDER BY 1, e.position",
        [[flow for flow, _ in pairs], [position for _, position in pairs]],
    )
    for flow_id, *row in cursor.fetchall():
        yield flow_id, fact_of(tuple(row))


def flows_superseded(*, cursor: psycopg.Cursor, replayed: dict[UUID, int]) -> list[int]:
    """Flows that were told something by earlier translations of these messages (id -> translation).

    The keys that loose ones wait for are locked first, so that nobody ties one to a flow unseen by us.
    """
    if not replayed:
        return []
    cursor.execute(
        "SELECT k.id FROM unnest(%b::uuid[], %b::int[]) r(message_id, translation) "
        "JOIN ledger_entry e ON e.message_id = r.message_id AND e.translation < r.translation "
        "JOIN ledger_loose_entry l ON l.position = e.position "
        "JOIN ledger_correlation_key k ON k.id = l.key_id "
        "ORDER BY k.company_id, k.value, k.scheme, k.scope FOR UPDATE OF k",
        [list(replayed), list(replayed.values())],
    )
    cursor.execute(
        "SELECT DISTINCT m.flow_id FROM unnest(%b::uuid[], %b::int[]) r(message_id, translation) "
        "JOIN ledger_entry e ON e.message_id = r.message_id AND e.translation < r.translation "
        "JOIN ledger_membership m ON m.position = e.position",
        [list(replayed), list(replayed.values())],
    )
    return [row[0] for row in cursor.fetchall()]


def project_facts(
    *,
    cursor: psycopg.Cursor,
    facts: dict[int, list[Fact]],
    correlated: Correlated,
    replayed: dict[UUID, int],
    as_of: dt.datetime,
) -> dict[int, set[UUID]]:
    """Bring flows up to their new facts and their cases up to the flows. What changed, by company.

    What earlier translations of `replayed` messages said is taken out of every flow given.
    """
    if not facts:
        return {}
    stored = lock_flows(cursor=cursor, flow_ids=list(facts))
    keys = order_keys(cursor=cursor, flow_ids=[f for f in facts if f not in correlated.created])
    keys |= {flow: own[0][:3] for flow in correlated.created if (own := correlated.keys_of_flow[flow])}
    names = name_flows(cursor=cursor, correlated=correlated, unstored=facts.keys() - stored.keys())
    flows = []
    for flow_id, new in facts.items():
        correlation_id, packed = stored.get(flow_id, (None, b""))
        kept = recent.facts_of(flow_id=flow_id, packed=packed) if packed else []
        if replayed:
            kept = [fact for fact in kept if fact.translation >= replayed.get(fact.message, 0)]
        company_id, number, scheme = keys[flow_id]
        flows.append(
            Projected(
                flow_id=flow_id,
                company_id=company_id,
                correlation_id=names.get(flow_id) or correlation_id or _missing(flow_id),
                facts=merge(kept, new),
                existed=flow_id in stored,
                scheme=scheme,
                number=number,
            )
        )
    return assess_flows(cursor=cursor, flows=flows, as_of=as_of)


def assess_flows(
    *, cursor: psycopg.Cursor, flows: list[Projected], as_of: dt.datetime, sweeping: bool = False
) -> dict[int, set[UUID]]:
    """Derive views, detect, reconcile and write for flows whose rows are locked (or new).

    The correlation IDs that changed, by company. A sweep as of a time to come leaves deadlines that have
    not really passed for the sweeps of their day.
    """
    by_company: dict[int, list[Projected]] = defaultdict(list)
    for flow in flows:
        by_company[flow.company_id].append(flow)
    known = known_cases(cursor=cursor, flow_ids=[f.flow_id for f in flows if f.existed])
    changes = []
    for company_id, own in sorted(by_company.items()):
        assessor = Assessor(company_id=company_id, as_of=as_of, sweeping=sweeping)
        changes += assessor.assess(flows=own, known=known)
    swept = min(as_of, clock.now()) if sweeping else None
    store_flows(cursor=cursor, flows=flows, as_of=as_of, swept=swept)
    write_changes(cursor=cursor, changes=changes, as_of=as_of)
    return {company: {flow.correlation_id for flow in own} for company, own in by_company.items()}


def _missing(flow_id: int) -> UUID:
    raise RuntimeError(f"flow {flow_id} has facts but no identifying key")


def order_keys(*, cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> dict[int, Number]:
    """Company, number and scheme that name each flow's order; they are the same in all its keys."""
    if not flow_ids:
        return {}
    cursor.execute(
        "SELECT DISTINCT flow_id, company_id, value, scheme FROM ledger_correlation_key "
        "WHERE flow_id = ANY(%b)",
        [sorted(flow_ids)],
    )
    return {flow_id: (company_id, value, scheme) for flow_id, company_id, value, scheme in cursor.fetchall()}


def name_flows(*, cursor: psycopg.Cursor, correlated: Correlated, unstored: Set[int]) -> dict[int, UUID]:
    """Correlation IDs of flows that are new or got another identifying key.

    Not every flow without a row is new: its key may have come in a document that was then left out.
    """
    keys: dict[int, list[CompanyKey]] = {f: list(correlated.keys_of_flow[f]) for f in correlated.created}
    grown = sorted((correlated.keys_of_flow.keys() | unstored) - correlated.created.keys())
    if grown:
        cursor.execute(
            "SELECT flow_id, company_id, value, scheme, scope FROM ledger_correlation_key "
            "WHERE flow_id = ANY(%b)",
            [grown],
        )
        for flow_id, *key in cursor.fetchall():
            keys.setdefault(flow_id, []).append(tuple(key))
    if not keys:
        return {}
    cursor.execute("SELECT id, code FROM masterdata_company")
    codes: dict[int, str] = dict(cursor.fetchall())
    return {
        flow_id: name_flow(company_code=codes[own[0][0]], keys=own) for flow_id, own in keys.items() if own
    }
