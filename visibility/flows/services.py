"""The only writer of flows and their lines. Set by set, inside the caller's transaction."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

import psycopg

from visibility.canonical.documents import (
    OpeningBalance,
    OrderAcknowledged,
    OrderChanged,
    OrderPlaced,
    OrderRef,
    OrderReleased,
)
from visibility.canonical.keys import CORRELATION, order_key, orders_of
from visibility.core import identifiers
from visibility.flows import recent
from visibility.flows.counted import is_untold
from visibility.flows.models import Flow
from visibility.flows.state import PROJECTOR_VERSION, Fact, FlowView, LineView, pack_facts, pack_view

CompanyKey = tuple[int, str, str, str]  # company, value, scheme, scope
PRICE_STEP = Decimal("0.0001")
MOST_MONEY = Decimal(10) ** 15
_OF_ONE_ORDER = (OrderPlaced, OpeningBalance, OrderChanged, OrderReleased, OrderAcknowledged)


@dataclass
class Projected:
    """A flow as it will be stored: its facts, the view derived from them, and who its parties are."""

    flow_id: int
    company_id: int
    correlation_id: UUID
    facts: list[Fact]
    existed: bool = False
    view: FlowView = field(default_factory=FlowView)
    supplier_id: int | None = None
    supplier_name: str = ""
    ship_to_id: int | None = None
    ship_to_name: str = ""
    open_cases: int = 0
    to_decide: int = 0
    """Open cases that are about the order itself, not about what a code in it means."""
    sentence: str = ""
    scheme: str = "po"
    aliases: list[UUID] = field(default_factory=list)
    """The correlation IDs of its other keys: whoever was told one of them finds it."""
    renamed: bool = False
    """It bears another correlation ID in the database so far, and another flow may take that now."""
    number: str = ""
    """The order's number as its key has it ("4500001", with a release "4500001/2"); empty: not known."""


def own_reference(flow: Projected) -> OrderRef | None:
    """How its documents name the flow's order, where they name others too. None: they leave no doubt.

    Order documents and answers speak of one order; a ship notice or an invoice may speak of many.
    """
    if any(isinstance(fact.document, _OF_ONE_ORDER) and fact.document.order for fact in flow.facts):
        return None
    own = [
        ref
        for fact in flow.facts
        for ref in orders_of(fact.document)
        if ref.scheme == flow.scheme
        and order_key(ref, buyer=fact.document.buyer, default_issuer="").value == flow.number
    ]
    return min(own, key=lambda ref: (ref.number, ref.release, ref.issuer, ref.system), default=None)


def name_flow(*, company_code: str, keys: Iterable[CompanyKey]) -> tuple[UUID, list[UUID]]:
    """The correlation ID, and those of the flow's other keys, by which it is found too.

    It is that of the smallest identifying key: a number before an ID that a system gave, one with a scope
    before one without.
    """
    ordered = sorted(keys, key=lambda k: (k[2] == CORRELATION, k[3] == "", k[2], k[3], k[1]))
    names = list(dict.fromkeys(name_of(company_code, key) for key in ordered))
    return names[0], sorted(names[1:])


@lru_cache(maxsize=16384)
def name_of(company_code: str, key: CompanyKey) -> UUID:
    """The correlation ID of an order that is known by this key alone."""
    _, value, scheme, scope = key
    if scheme == CORRELATION:
        try:
            return UUID(value)  # it is the name itself
        except ValueError:
            pass
    return identifiers.correlation_id(company=company_code, scheme=scheme, scope=scope, value=value)


def lock_flows(*, cursor: psycopg.Cursor, flow_ids: Iterable[int]) -> dict[int, tuple[int, UUID, bytes]]:
    """Company, correlation ID and packed facts of the flows that exist already, locked by ascending id."""
    cursor.execute(
        "SELECT id, company_id, correlation_id, facts FROM flows_flow WHERE id = ANY(%b) "
        "ORDER BY id FOR UPDATE",
        [sorted(flow_ids)],
        binary=True,
    )
    return {flow_id: (company, name, facts) for flow_id, company, name, facts in cursor.fetchall()}


def hold_flows(*, cursor: psycopg.Cursor, flow_ids: Iterable[int]) -> None:
    """Lock flows by ascending id without reading them."""
    cursor.execute(
        "SELECT count(*) FROM (SELECT 1 FROM flows_flow WHERE id = ANY(%b) ORDER BY id FOR UPDATE) held",
        [sorted(flow_ids)],
    )


def look_again(*, cursor: psycopg.Cursor, company_id: int, after: int, limit: int) -> list[int]:
    """Have sweeps look at the next `limit` flows of a company above the id `after` that are not at their end.

    For when their deadlines may have changed though nothing was told. Their ids; none: that was all.
    """
    cursor.execute(
        "WITH next AS (SELECT id FROM flows_flow WHERE company_id = %s AND id > %s "
        "  AND state NOT IN ('done', 'cancelled') ORDER BY id LIMIT %s FOR UPDATE) "
        "UPDATE flows_flow f SET look_at = 'epoch' FROM next WHERE f.id = next.id RETURNING f.id",
        [company_id, after, limit],
    )
    return sorted(row[0] for row in cursor.fetchall())


def look_at_these_again(*, cursor: psycopg.Cursor, flow_ids: Sequence[int]) -> None:
    """Have sweeps look at flows as soon as they can."""
    cursor.execute(
        "UPDATE flows_flow f SET look_at = 'epoch' FROM (SELECT id FROM flows_flow WHERE id = ANY(%b) "
        "ORDER BY id FOR UPDATE) n WHERE f.id = n.id",
        [sorted(flow_ids)],
    )


def stage_of(view: FlowView) -> str:
    """The last milestone that is done, or happened in unknown extent, as the lists show it."""
    for milestone in reversed(view.milestones):
        if milestone.done or milestone.first_at:
            return milestone.name
    return ""


def state_of(view: FlowView, *, to_decide: int) -> Flow.State:
    """What the list says of a flow. It does not depend on the time, but for cases that a clock opened."""
    if view.cancelled:
        return Flow.State.CANCELLED
    if to_decide:
        return Flow.State.ATTENTION
    if not view.placed:
        return Flow.State.NOT_ORDERED
    if is_untold(view):
        return Flow.State.UNTOLD
    if view.by_line and all(line.cancelled for line in view.lines):
        return Flow.State.CANCELLED
    left = [m for m in view.milestones if m.applicable and not m.done]
    return Flow.State.OPEN if left or not view.milestones else Flow.State.DONE


def value_of(view: FlowView) -> Decimal | None:
    """What was ordered, in the order's currency; None if of any line neither what it is worth is told nor
    price and quantity, or if the sum is beyond anything that money can be."""
    lines = [line for line in view.lines if line.known and not line.cancelled]
    values = [value for line in lines if (value := worth_of(line)) is not None]
    if not lines or len(values) < len(lines):
        return None
    total = sum(values, Decimal(0))
    return total.quantize(PRICE_STEP) if abs(total) < MOST_MONEY else None


def worth_of(line: LineView) -> Decimal | None:
    """What a line is worth as ordered: quantity and price, else what the sender says it is worth."""
    if line.ordered is None or line.unit_price is None:
        return line.worth
    return line.ordered * line.unit_price


def wanted_on(lines: Iterable[LineView]) -> dt.date | None:
    """The earliest date somebody wants something of these lines."""
    return min([r.date for line in lines for r in line.requests if r.date], default=None)


def promised_on(line: LineView) -> dt.date | None:
    """The latest date promised for a line."""
    return max([p.date for p in line.promises if p.date], default=None)


def item_code(line: LineView) -> str:
    """The code people know the line's item by: ours, else the supplier's, else the GTIN."""
    return line.item.buyer or line.item.vendor or line.item.gtin


_Columns = tuple[tuple[str, str], ...]
_FLOW_COLUMNS: _Columns = (
    ("id", "int8"),
    ("company_id", "int8"),
    ("correlation_id", "uuid"),
    ("aliases", "uuid[]"),
    ("number", "text"),
    ("release", "text"),
    ("workflow", "text"),
    ("supplier_id", "int8"),
    ("supplier_name", "text"),
    ("ship_to_id", "int8"),
    ("ship_to_name", "text"),
    ("ordered_on", "date"),
    ("wanted_on", "date"),
    ("stage", "text"),
    ("state", "text"),
    ("sentence", "text"),
    ("value", "numeric"),
    ("currency", "text"),
    ("line_count", "int4"),
    ("open_cases", "int4"),
    ("entry_count", "int4"),
    ("next_due_at", "timestamptz"),
    ("look_at", "timestamptz"),
    ("changed_at", "timestamptz"),
    ("projector", "int2"),
    ("facts", "bytea"),
    ("view", "bytea"),
)
_LINE_COLUMNS: _Columns = (
    ("flow_id", "int8"),
    ("company_id", "int8"),
    ("line", "text"),
    ("item_code", "text"),
    ("unit", "text"),
    ("ordered", "numeric"),
    ("confirmed", "numeric"),
    ("shipped", "numeric"),
    ("received", "numeric"),
    ("invoiced", "numeric"),
    ("wanted_on", "date"),
    ("promised_on", "date"),
)
_UPDATE_FLOWS = (
    "UPDATE flows_flow f SET "
    + ", ".join(f"{name} = n.{name}" for name, _ in _FLOW_COLUMNS if name != "id")
    + " FROM {} n WHERE f.id = n.id"
)
_UPSERT_LINES = (
    f"INSERT INTO flows_flowline AS l ({', '.join(name for name, _ in _LINE_COLUMNS)}) "
    "SELECT * FROM {} ORDER BY flow_id, line ON CONFLICT (flow_id, line) DO UPDATE SET "
    + ", ".join(f"{name} = EXCLUDED.{name}" for name, _ in _LINE_COLUMNS if name not in ("flow_id", "line"))
)


def store_flows(
    *,
    cursor: psycopg.Cursor,
    flows: Sequence[Projected],
    as_of: dt.datetime,
    swept: dt.datetime | None = None,
) -> None:
    """Write flows and their lines, in a few statements whatever their number.

    `swept`: a sweep has looked at them up to then. What a message changed has to be swept from the start.
    """
    ordered = sorted(flows, key=lambda flow: flow.flow_id)
    renamed = [flow.flow_id for flow in ordered if flow.renamed]
    if renamed:
        cursor.execute(
            "UPDATE flows_flow SET correlation_id = gen_random_uuid() WHERE id = ANY(%b)", [renamed]
        )
    known = [flow for flow in ordered if flow.existed]
    new = [flow for flow in ordered if not flow.existed]
    if known:
        rows = [_flow_row(flow, as_of, swept) for flow in known]
        with _beside(cursor, "flows_flow", _FLOW_COLUMNS, rows) as beside:
            cursor.execute(_UPDATE_FLOWS.format(beside))
        lines = [_line_row(flow, line) for flow in known for line in flow.view.lines]
        _drop_lines(cursor, known, keep=lines)
        with _beside(cursor, "flows_flowline", _LINE_COLUMNS, lines) as beside:
            cursor.execute(_UPSERT_LINES.format(beside))
    if new:
        # Nobody else writes them meanwhile: their keys were made or locked by this transaction.
        _copy(cursor, "flows_flow", _FLOW_COLUMNS, [_flow_row(flow, as_of, swept) for flow in new])
        _drop_lines(cursor, new, keep=[])
        lines = [_line_row(flow, line) for flow in new for line in flow.view.lines]
        _copy(cursor, "flows_flowline", _LINE_COLUMNS, lines)


def _drop_lines(
    cursor: psycopg.Cursor, flows: Sequence[Projected], *, keep: Sequence[tuple[object, ...]]
) -> None:
    """Drop lines that are no more: one known only by a receipt's own naming goes once the order names it."""
    ids = [flow.flow_id for flow in flows]
    if not keep:
        cursor.execute("DELETE FROM flows_flowline WHERE flow_id = ANY(%b)", [ids])
        return
    cursor.execute(
        "DELETE FROM flows_flowline l WHERE l.flow_id = ANY(%b) AND NOT EXISTS ("
        "SELECT 1 FROM unnest(%b::bigint[], %b::text[]) k(flow_id, line) "
        "WHERE k.flow_id = l.flow_id AND k.line = l.line)",
        [ids, [row[0] for row in keep], [row[2] for row in keep]],
    )


def _flow_row(flow: Projected, as_of: dt.datetime, swept: dt.datetime | None) -> tuple[object, ...]:
    view = flow.view
    packed, due_at = pack_facts(flow.facts), view.next_due_at()
    recent.keep(flow_id=flow.flow_id, packed=packed, facts=flow.facts)
    return (
        flow.flow_id,
        flow.company_id,
        flow.correlation_id,
        flow.aliases,
        view.number,
        view.release,
        view.workflow,
        flow.supplier_id,
        flow.supplier_name,
        flow.ship_to_id,
        flow.ship_to_name,
        view.ordered_on,
        wanted_on(view.lines),
        stage_of(view),
        (state_of(view, to_decide=flow.to_decide) if flow.facts else Flow.State.VOID).value,
        flow.sentence,
        value_of(view),
        view.currency,
        len(view.lines),
        flow.open_cases,
        len(flow.facts),
        due_at,
        due_at if swept is None else view.look_at(swept=swept),
        as_of,
        PROJECTOR_VERSION,
        packed,
        pack_view(view),
    )


def _line_row(flow: Projected, line: LineView) -> tuple[object, ...]:
    return (
        flow.flow_id,
        flow.company_id,
        line.line,
        item_code(line),
        line.unit,
        line.ordered,
        line.confirmed,
        line.shipped,
        line.received,
        line.invoiced,
        wanted_on([line]) if line.requests else None,
        promised_on(line) if line.promises else None,
    )


@contextmanager
def _beside(
    cursor: psycopg.Cursor, table: str, columns: _Columns, rows: Sequence[tuple[object, ...]]
) -> Iterator[str]:
    """A temporary table with these rows, empty again afterwards; its name.

    For rows this wide it costs about half of what arrays through unnest do: COPY is written by C.
    """
    name = f"new_{table}"
    declared = ", ".join(f"{column} {kind}" for column, kind in columns)
    cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({declared}) ON COMMIT DELETE ROWS")
    _copy(cursor, name, columns, rows)
    yield name
    # For a second call in one transaction; TRUNCATE would make new files every time.
    cursor.execute(f"DELETE FROM {name}")


def _copy(cursor: psycopg.Cursor, table: str, columns: _Columns, rows: Iterable[tuple[object, ...]]) -> None:
    listed = ", ".join(name for name, _ in columns)
    with cursor.copy(f"COPY {table} ({listed}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types([kind for _, kind in columns])
        for row in rows:
            copy.write_row(row)
