"""Orders that hang together: told by one of them, known of both. They stay orders of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection as database

from visibility.access.scopes import Scope
from visibility.canonical.documents import OrderPlaced, Party, RelatedOrder
from visibility.canonical.keys import CORRELATION, RELATED, normalise, order_key
from visibility.core.db import server_cursor
from visibility.flows.models import Flow
from visibility.flows.selectors import FLOW_COLUMNS, FlowRow, scoped
from visibility.flows.settling import settle
from visibility.flows.state import unpack_facts
from visibility.ledger.contest import is_wider

MOST = 20

OwnKey = tuple[str, str, str]  # scheme, scope, value


@dataclass(frozen=True, slots=True)
class Related:
    """Another order and how it hangs together with this one. `order` None: nobody has told of it yet.

    `points`: this order names the other one; else the other one names this.
    """

    relation: str
    points: bool
    number: str
    order: FlowRow | None = None
    company: str = ""
    """Whose books it stands in, where they are not this company's."""


def related_orders(*, scope: Scope, flow_id: int) -> list[Related]:
    """The orders that this one names or that name it. Who sees one partner's part sees those of it only."""
    named, keys, pointing = _read_keys(scope, flow_id)
    if not named and not pointing:
        return []
    flows = scoped(scope).select_related("company").in_bulk([flow_id, *pointing])
    own = flows.pop(flow_id, None)
    if own is None:
        return []
    found = _forwards(scope, own) if named else []
    for flow in flows.values():
        relation = _relation_to(flow, keys)
        if relation:
            found.append(_related(flow, relation, own, points=False))
    told = found if scope.partners is None else [each for each in found if each.order is not None]
    return sorted(told, key=lambda each: (not each.points, each.relation, each.number))


def _read_keys(scope: Scope, flow_id: int) -> tuple[bool, list[OwnKey], list[int]]:
    """Whether the flow names others, its own keys, and the flows of the reader's companies that name one."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT scheme, scope, value FROM ledger_correlation_key WHERE flow_id = %s AND scheme <> %s",
            [flow_id, CORRELATION],
        )
        keys: list[OwnKey] = cursor.fetchall()
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM ledger_key_link l JOIN ledger_correlation_key k ON k.id = l.key_id "
            f"WHERE l.flow_id = %s AND k.scheme LIKE '{RELATED}%%')",
            [flow_id],
        )
        row = cursor.fetchone()
        cursor.execute(
            "SELECT DISTINCT l.flow_id, k.scope, w.scope FROM unnest(%b::bigint[]) c(company_id) "
            "CROSS JOIN unnest(%b::text[], %b::text[], %b::text[]) w(scheme, scope, value) "
            "JOIN ledger_correlation_key k ON k.company_id = c.company_id AND k.value = w.value "
            "AND k.scheme = w.scheme JOIN ledger_key_link l ON l.key_id = k.id "
            "WHERE l.flow_id <> %s LIMIT %s",
            [
                list(scope.companies),
                [RELATED + scheme for scheme, _, _ in keys],
                [own for _, own, _ in keys],
                [value for _, _, value in keys],
                flow_id,
                MOST,
            ],
        )
        pointing = {flow for flow, said, own in cursor.fetchall() if said == own or is_wider(said, own)}
    return bool(row and row[0]), keys, sorted(pointing)


def _references(flow: Flow) -> list[RelatedOrder]:
    """What the order's documents that stand say of other orders."""
    settled = settle(unpack_facts(bytes(flow.facts)))
    told = [fact.document for fact in settled.standing.get(OrderPlaced, [])]
    return list(
        dict.fromkeys(
            ref for document in told if isinstance(document, OrderPlaced) for ref in document.related
        )
    )


def _forwards(scope: Scope, own: Flow) -> list[Related]:
    references = _references(own)[:MOST]
    flows = _flows_of(scope, own.company_id, [_key(ref) for ref in references])
    return [
        _related(flow, ref.relation, own, points=True)
        if flow is not None
        else Related(ref.relation, True, ref.order.number)
        for ref, flow in zip(references, flows, strict=True)
    ]


def _key(ref: RelatedOrder) -> OwnKey:
    key = order_key(ref.order, buyer=Party(), default_issuer="")
    return key.scheme, key.scope, key.value


def _flows_of(scope: Scope, company_id: int, keys: Sequence[OwnKey]) -> list[Flow | None]:
    """The order that each key means, in this company's books or another's that the reader may see."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT k.company_id, k.scheme, k.scope, k.value, k.flow_id "
            "FROM unnest(%b::bigint[]) c(company_id) "
            "CROSS JOIN unnest(%b::text[], %b::text[]) w(scheme, value) "
            "JOIN ledger_correlation_key k USING (company_id, scheme, value) "
            "WHERE k.flow_id IS NOT NULL LIMIT %s",
            [
                list(scope.companies),
                [scheme for scheme, _, _ in keys],
                [value for _, _, value in keys],
                MOST * 10,
            ],
        )
        rows = cursor.fetchall()
    meant = [_meant(rows, company_id, key) for key in keys]
    flows = scoped(scope).select_related("company").in_bulk({flow for flow in meant if flow is not None})
    return [flows.get(flow) if flow is not None else None for flow in meant]


def _meant(rows: Iterable[tuple[int, str, str, str, int]], company_id: int, key: OwnKey) -> int | None:
    """The flow of exactly this key, else the only one that the key may mean; the own company's first."""
    scheme, scope, value = key
    fitting = [row for row in rows if (row[1], row[3]) == (scheme, value)]
    for where in (
        [row for row in fitting if row[2] == scope and row[0] == company_id],
        [row for row in fitting if is_wider(scope, row[2]) and row[0] == company_id],
        [row for row in fitting if row[2] == scope],
    ):
        flows = {row[4] for row in where}
        if flows:
            return flows.pop() if len(flows) == 1 else None
    return None


def _relation_to(flow: Flow, keys: Iterable[OwnKey]) -> str:
    """How an order that names one of these keys says it hangs together with it."""
    own = list(keys)
    for ref in _references(flow):
        scheme, scope, value = _key(ref)
        if any(
            (scheme, normalise(value)) == (key[0], key[2]) and (scope == key[1] or is_wider(scope, key[1]))
            for key in own
        ):
            return ref.relation
    return ""


def _related(flow: Flow, relation: str, own: Flow, *, points: bool) -> Related:
    row = FlowRow(*(getattr(flow, name) for name in FLOW_COLUMNS))
    elsewhere = flow.company.name if flow.company_id != own.company_id else ""
    return Related(relation, points, flow.number, row, elsewhere)
