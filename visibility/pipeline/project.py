"""New facts into flows: merge, derive, detect, reconcile, write. Inside the caller's transaction."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from uuid import UUID

import msgspec
import psycopg

from visibility.canonical.documents import DESK_WORD_TYPES, AnyDocument
from visibility.canonical.keys import CORRELATION, order_number, orders_of
from visibility.core import clock, identifiers
from visibility.core.errors import MovedError
from visibility.flows import recent
from visibility.flows.services import Projected, hold_flows, lock_flows, name_flow, store_flows
from visibility.flows.state import Fact, merge
from visibility.ledger.correlate import Correlated, check_unchanged
from visibility.ledger.remembered import CompanyKey
from visibility.ledger.selectors import SUPERSEDED
from visibility.masterdata.models import Company
from visibility.pipeline.assess import NO_NEWS, Assessor
from visibility.pipeline.chunk import document_type
from visibility.triage.services import known_cases, write_changes

_documents = msgspec.json.Decoder(AnyDocument)
SLICE = 1000
"""Flows that are held in memory at once: a replay of a long message changes a hundred thousand."""
NOBODY = UUID(int=0)
"""The correlation ID of a flow that has not been named yet."""
NOTHING_REPLAYED: Mapping[UUID, int] = MappingProxyType({})

ENTRY_COLUMNS = (
    "e.event_id, e.document::text, e.envelope_at, e.control, e.witness, e.message_id, e.translation, "
    "e.explicit_id, e.system"
)


# Whether a person said that entry `e` is of flow `n` (by its numbers), and of which orders not (theirs). The
# number may be one that several orders bear by now; what tells them apart decided which of these it is in.
_WORD = (
    "SELECT DISTINCT ON (o.flow_id) o.flow_id, o.value, p.linked FROM ledger_pin p "
    "JOIN ledger_correlation_key k ON k.id = p.key_id "
    "JOIN ledger_correlation_key o ON o.company_id = k.company_id AND o.value = k.value "
    "  AND o.scheme = k.scheme AND (o.id = k.id OR (k.flow_id IS NULL AND o.flow_id IS NOT NULL)) "
    "WHERE p.message_id = e.message_id AND p.ordinal = e.ordinal "
    "ORDER BY o.flow_id, p.told_at DESC, p.position DESC"
)
PINS = (
    f"(SELECT array_agg(w.value) FROM ({_WORD}) w WHERE w.linked AND w.flow_id = n.flow_id), "
    f"(SELECT array_agg(w.value) FROM ({_WORD}) w WHERE NOT w.linked)"
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
    # Looked up one by one: a join would read the whole ledger as soon as there are some hundred of them.
    cursor.execute(
        f"SELECT n.flow_id, {PINS}, {ENTRY_COLUMNS} "
        "FROM unnest(%b::bigint[], %b::bigint[]) n(flow_id, position) CROSS JOIN LATERAL ("
        "  SELECT e.* FROM ledger_membership m "
        "  JOIN ledger_entry e ON e.position = m.position AND e.recorded_at = m.recorded_at "
        "  WHERE m.flow_id = n.flow_id AND m.position = n.position LIMIT 1) e "
        f"WHERE NOT {SUPERSEDED} AND e.type NOT IN {DESK_WORD_TYPES} ORDER BY 1, e.position",
        [[flow for flow, _ in pairs], [position for _, position in pairs]],
    )
    for flow_id, own, barred, *row in cursor.fetchall():
        fact = fact_of(tuple(row))
        if own:
            document = readdress(fact.document, own=set(own), denied=set(barred or ()))
            fact = msgspec.structs.replace(fact, document=document, said=b"")
        yield flow_id, fact


def readdress(document: AnyDocument, *, own: Set[str], denied: Set[str]) -> AnyDocument:
    """A document as it reads in an order a person put it into: what it says of the order it was meant for.

    That is the only order it names, else those it was taken out of (`denied`, by their numbers); what it
    says of the order itself (`own`) it says anyhow.
    """
    named = orders_of(document)
    meant = {ref for ref in named if len(named) == 1 or order_number(ref) in denied}
    meant = {ref for ref in meant if order_number(ref) not in own}
    changes: dict[str, object] = {"order": None} if document.order in meant else {}
    lines = getattr(document, "lines", ())
    if any(line.order in meant for line in lines):
        changes["lines"] = tuple(
            msgspec.structs.replace(line, order=None) if line.order in meant else line for line in lines
        )
    return msgspec.structs.replace(document, **changes) if changes else document


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
    return _told_by_superseded(cursor, replayed)


def _told_by_superseded(cursor: psycopg.Cursor, replayed: Mapping[UUID, int]) -> list[int]:
    if not replayed:
        return []
    cursor.execute(
        "SELECT DISTINCT m.flow_id FROM unnest(%b::uuid[], %b::int[]) r(message_id, translation) "
        "JOIN ledger_entry e ON e.message_id = r.message_id AND e.translation < r.translation "
        "JOIN ledger_member m ON m.position = e.position",
        [list(replayed), list(replayed.values())],
    )
    return [row[0] for row in cursor.fetchall()]


def project_facts(
    *,
    cursor: psycopg.Cursor,
    facts: Mapping[int, list[Fact]],
    correlated: Correlated,
    refold: Set[int],
    replayed: dict[UUID, int],
    as_of: dt.datetime,
) -> dict[int, set[UUID]]:
    """Bring flows up to their new facts and their cases up to the flows. What changed, by company.

    What earlier translations of `replayed` messages said is taken out of every flow given. Flows to `refold`
    lost documents: theirs are read anew. MovedError if a key that led here leads elsewhere by now.
    """
    if not facts:
        return {}
    # Those that may lose a name go before those that may get it.
    ids = sorted(facts, key=lambda flow: (flow not in correlated.at_stake, flow))
    slices = [ids[start : start + SLICE] for start in range(0, len(ids), SLICE)]
    if len(slices) > 1:
        hold_flows(cursor=cursor, flow_ids=ids)
    changed: dict[int, set[UUID]] = defaultdict(set)
    for number, own in enumerate(slices):
        stored = lock_flows(cursor=cursor, flow_ids=own)
        if number == 0:
            _check_still_so(cursor, facts, correlated, replayed)
        flows = _bring_up(
            cursor=cursor,
            stored=stored,
            facts={flow: facts[flow] for flow in own},
            refold=refold & set(own),
            replayed=replayed,
        )
        news = {flow: frozenset(document_type(fact.document) for fact in facts[flow]) for flow in own}
        for company, names in assess_flows(cursor=cursor, flows=flows, as_of=as_of, news=news).items():
            changed[company] |= names
    return dict(changed)


def _check_still_so(
    cursor: psycopg.Cursor, facts: Mapping[int, list[Fact]], correlated: Correlated, replayed: dict[UUID, int]
) -> None:
    """Asked once all flows are locked: whoever moves something locks its flow too."""
    if not check_unchanged(cursor=cursor, correlated=correlated):
        raise MovedError("an order's number was found to mean another order")
    if not facts.keys() >= set(_told_by_superseded(cursor, replayed)):
        raise MovedError("what a replay takes back was put into another order")


def _bring_up(
    *,
    cursor: psycopg.Cursor,
    stored: Mapping[int, tuple[int, UUID, bytes]],
    facts: Mapping[int, list[Fact]],
    refold: Set[int],
    replayed: dict[UUID, int],
) -> list[Projected]:
    """The flows with what they were told, as they were `stored`, and their new facts; named."""
    keys = flow_keys(cursor=cursor, flow_ids=facts)
    read = ledger_facts(cursor=cursor, flow_ids=sorted(refold), replayed=replayed) if refold else {}
    flows = []
    for flow_id, new in facts.items():
        if flow_id not in stored and flow_id not in keys:
            continue  # made for a given ID in this chunk, and found to be another order's in it too
        company_id, correlation_id, packed = stored.get(flow_id, (0, None, b""))
        kept = recent.facts_of(flow_id=flow_id, packed=packed) if packed else []
        if replayed:
            kept = [fact for fact in kept if fact.translation >= replayed.get(fact.message, 0)]
        flow = Projected(
            flow_id=flow_id,
            company_id=company_id,
            correlation_id=correlation_id or NOBODY,
            facts=read[flow_id] if flow_id in refold else merge(kept, new),
            existed=flow_id in stored,
        )
        flows.append(flow)
    name_flows(flows=flows, keys=keys)
    return flows


def ledger_facts(
    *, cursor: psycopg.Cursor, flow_ids: Sequence[int], replayed: Mapping[UUID, int] = NOTHING_REPLAYED
) -> dict[int, list[Fact]]:
    """The facts of flows as the ledger has them, merged as living through them would have."""
    cursor.execute("SELECT flow_id, position FROM ledger_member WHERE flow_id = ANY(%b)", [list(flow_ids)])
    facts: dict[int, list[Fact]] = {flow_id: [] for flow_id in flow_ids}
    for flow_id, fact in read_facts(cursor=cursor, members=set(cursor.fetchall())):
        if fact.translation >= replayed.get(fact.message, 0):
            facts[flow_id].append(fact)
    return {flow_id: merge([], own) for flow_id, own in facts.items()}


def assess_flows(
    *,
    cursor: psycopg.Cursor,
    flows: list[Projected],
    as_of: dt.datetime,
    sweeping: bool = False,
    news: Mapping[int, Set[str]] = NO_NEWS,
) -> dict[int, set[UUID]]:
    """Derive views, detect, reconcile and write for flows whose rows are locked (or new).

    The correlation IDs that changed, by company. `news`: the types of entries that join each flow just now,
    which may wake cases that wait for them. A sweep as of a time to come leaves deadlines that have
    not really passed for the sweeps of their day.
    """
    by_company: dict[int, list[Projected]] = defaultdict(list)
    for flow in flows:
        by_company[flow.company_id].append(flow)
    known = known_cases(cursor=cursor, flow_ids=[f.flow_id for f in flows if f.existed])
    changes = []
    for company_id, own in sorted(by_company.items()):
        assessor = Assessor(company_id=company_id, as_of=as_of, sweeping=sweeping, news=news)
        changes += assessor.assess(flows=own, known=known)
    swept = min(as_of, clock.now()) if sweeping else None
    store_flows(cursor=cursor, flows=flows, as_of=as_of, swept=swept)
    write_changes(cursor=cursor, changes=changes, as_of=as_of)
    return {company: {flow.correlation_id for flow in own} for company, own in by_company.items()}


def flow_keys(*, cursor: psycopg.Cursor, flow_ids: Iterable[int]) -> dict[int, list[CompanyKey]]:
    """The keys that name each flow. A flow that was found to be another order's has none left."""
    cursor.execute(
        "SELECT flow_id, company_id, value, scheme, scope FROM ledger_correlation_key "
        "WHERE flow_id = ANY(%b)",
        [sorted(flow_ids)],
    )
    keys: dict[int, list[CompanyKey]] = {}
    for flow_id, *key in cursor.fetchall():
        keys.setdefault(flow_id, []).append(tuple(key))
    return keys


def name_flows(*, flows: Sequence[Projected], keys: Mapping[int, list[CompanyKey]]) -> None:
    """Give flows the names and the number that their keys say: the same whichever came first."""
    codes = _codes() if any(flow.correlation_id == NOBODY or keys.get(flow.flow_id) for flow in flows) else {}
    for flow in flows:
        own = keys.get(flow.flow_id)
        if not own:
            # It was found to be another order's, which may bear its name from now on.
            name, flow.aliases = identifiers.digest(b"nobody's", str(flow.flow_id).encode()), []
            flow.number = ""
        else:
            flow.company_id = own[0][0]
            name, flow.aliases = name_flow(company_code=codes[flow.company_id], keys=own)
        flow.renamed = flow.existed and flow.correlation_id != name
        flow.correlation_id = name
        if not own:
            continue
        orders = [key for key in own if key[2] != CORRELATION]
        if orders:
            _, flow.number, flow.scheme, _ = min(orders)


def _codes() -> dict[int, str]:
    return dict(Company.objects.values_list("pk", "code"))
