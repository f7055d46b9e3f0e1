"""Orders that documents without an order may belong to: found by index lookups, then scored.

Read for all documents of a page at once, and from three lookups only, each of so many rows at most: the
newest orders of the items, those of the supplier, and those that bear the document's numbers, slips of the
pen allowed for. Nothing is ever searched through.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import psycopg
from django.db import connection as database

from visibility.access.scopes import Scope
from visibility.canonical.keys import CORRELATION, JOINING_SCHEMES, normalise
from visibility.core.db import server_cursor
from visibility.flows.models import Flow, FlowLine
from visibility.flows.selectors import FLOW_COLUMNS, FlowRow, scoped
from visibility.ledger.uncorrelated import Waiting, taken_out
from visibility.pipeline.likeness import slips
from visibility.pipeline.papers import read_papers
from visibility.pipeline.suggestions import SHOWN, Fit, Goods, Number, Order, Paper, Party, fit

OF_AN_ITEM, OF_A_SUPPLIER, OF_A_NUMBER = 25, 15, 5
CLOSER = 8
"""So many of a document's candidates are compared by their numbers, too."""
MOST = 3
BY_ITEMS = (
    "SELECT w.code, l.flow_id FROM unnest(%b::text[]) w(code) CROSS JOIN LATERAL ("
    "  SELECT flow_id FROM flows_flowline WHERE company_id = %s AND item_code = w.code "
    "  ORDER BY flow_id DESC LIMIT %s) l"
)
BY_SUPPLIERS = (
    "SELECT w.supplier, f.id FROM unnest(%b::bigint[]) w(supplier) CROSS JOIN LATERAL ("
    "  SELECT id FROM flows_flow WHERE supplier_id = w.supplier ORDER BY id DESC LIMIT %s) f"
)
# LIMIT and OFFSET within LATERAL keep the planner from reading a whole table to join it with a few rows.
BY_NUMBERS = (
    "SELECT w.position, k.scheme, k.value, f.flow_id "
    "FROM unnest(%b::bigint[], %b::text[]) w(position, value) CROSS JOIN LATERAL ("
    "  SELECT id, scheme, value, flow_id FROM ledger_correlation_key WHERE company_id = %s "
    "  AND value = w.value AND scheme NOT LIKE 'related-%%' AND scheme <> %s LIMIT 20) k "
    "CROSS JOIN LATERAL (SELECT k.flow_id WHERE k.flow_id IS NOT NULL UNION ALL "
    "  (SELECT l.flow_id FROM ledger_key_link l WHERE l.key_id = k.id "
    "   ORDER BY l.flow_id DESC LIMIT %s)) f"
)
NUMBERS_OF = (
    "SELECT w.flow_id, k.scheme, k.value FROM unnest(%b::bigint[]) w(flow_id) CROSS JOIN LATERAL ("
    "  SELECT l.key_id FROM ledger_key_link l WHERE l.flow_id = w.flow_id LIMIT 100) l "
    "CROSS JOIN LATERAL (SELECT scheme, value FROM ledger_correlation_key WHERE id = l.key_id OFFSET 0) k "
    "WHERE k.scheme = ANY(%b)"
)
_ENDED = (Flow.State.CANCELLED, Flow.State.VOID)
_DONE_OF = {"shipment.notified": "shipped", "goods.received": "received", "invoice.received": "invoiced"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An order that a document may belong to."""

    order: FlowRow
    fit: Fit


@dataclass(slots=True)
class _Found:
    """What was read for the documents of one company."""

    of_document: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Position -> flows that may be meant."""
    orders: dict[int, FlowRow] = field(default_factory=dict)
    lines: dict[int, list[FlowLine]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[int, set[Number]] = field(default_factory=lambda: defaultdict(set))


def suggest(*, scope: Scope, waiting: Sequence[Waiting], most: int = MOST) -> dict[int, list[Suggestion]]:
    """The best orders for each document, by its position, the best first; those that hardly fit are not."""
    found: dict[int, list[Suggestion]] = {}
    for company in {each.company_id for each in waiting}:
        own = [each for each in waiting if each.company_id == company]
        papers = read_papers(company_id=company, waiting=own)
        read = _Found()
        with server_cursor(database) as cursor:
            _by_items(cursor, company, papers, read)
            _by_suppliers(cursor, papers, read)
            _by_numbers(cursor, company, papers, read)
        _leave_out_refused(own, read)
        for position, best in _score(scope, own, papers, read).items():
            found[position] = [each for each in best if each.fit.score >= SHOWN][:most]
    return found


def compare(*, scope: Scope, waiting: Waiting, flow_ids: Collection[int]) -> list[Suggestion]:
    """Each of these orders with how well it fits the document, the best first."""
    papers = read_papers(company_id=waiting.company_id, waiting=[waiting])
    read = _Found()
    read.of_document[waiting.entry.position] = set(flow_ids)
    return _score(scope, [waiting], papers, read).get(waiting.entry.position, [])


def _by_items(cursor: psycopg.Cursor, company: int, papers: Mapping[int, Paper], read: _Found) -> None:
    wanted = {code for paper in papers.values() for own in paper.goods for code in own.codes}
    cursor.execute(BY_ITEMS, [sorted(wanted), company, OF_AN_ITEM])
    flows: dict[str, set[int]] = defaultdict(set)
    for code, flow in cursor.fetchall():
        flows[code].add(flow)
    for position, paper in papers.items():
        for own in paper.goods:
            for code in own.codes:
                read.of_document[position] |= flows[code]


def _by_suppliers(cursor: psycopg.Cursor, papers: Mapping[int, Paper], read: _Found) -> None:
    wanted = sorted({paper.supplier.id for paper in papers.values() if paper.supplier.id is not None})
    cursor.execute(BY_SUPPLIERS, [wanted, OF_A_SUPPLIER])
    flows: dict[int, set[int]] = defaultdict(set)
    for supplier, flow in cursor.fetchall():
        flows[supplier].add(flow)
    for position, paper in papers.items():
        if paper.supplier.id is not None:
            read.of_document[position] |= flows[paper.supplier.id]


def _by_numbers(cursor: psycopg.Cursor, company: int, papers: Mapping[int, Paper], read: _Found) -> None:
    wanted = [
        (position, value)
        for position, paper in papers.items()
        for value in sorted({slip for number in paper.numbers for slip in slips(number.value)})
    ]
    cursor.execute(
        BY_NUMBERS,
        [[at for at, _ in wanted], [value for _, value in wanted], company, CORRELATION, OF_A_NUMBER],
    )
    for position, scheme, value, flow in cursor.fetchall():
        read.of_document[position].add(flow)
        read.numbers[flow].add(Number(scheme, value))


def _leave_out_refused(waiting: Sequence[Waiting], read: _Found) -> None:
    """Nobody is asked twice: an order that a person took the document out of is not meant."""
    refused = taken_out(message_ids={each.entry.message_id for each in waiting})
    for each in waiting:
        entry = each.entry
        out = {
            flow for message, place, flow in refused if (message, place) == (entry.message_id, entry.ordinal)
        }
        read.of_document[entry.position] -= out


def _score(
    scope: Scope, waiting: Iterable[Waiting], papers: Mapping[int, Paper], read: _Found
) -> dict[int, list[Suggestion]]:
    """Score twice: all candidates without the numbers of their documents, then the best with them."""
    _read_orders(scope, papers, read)
    types = {each.entry.position: each.entry.type for each in waiting}
    first = {at: _rank(types[at], papers[at], flows, read) for at, flows in read.of_document.items()}
    closer = {each.order.id for ranked in first.values() for each in ranked[:CLOSER]}
    with server_cursor(database) as cursor:
        _read_numbers(cursor, closer, read)
    return {
        at: _rank(types[at], papers[at], [each.order.id for each in ranked[:CLOSER]], read)
        for at, ranked in first.items()
    }


def _rank(type_: str, paper: Paper, flows: Iterable[int], read: _Found) -> list[Suggestion]:
    ranked = [
        Suggestion(read.orders[flow], fit(paper, _order(type_, flow, read)))
        for flow in flows
        if flow in read.orders
    ]
    return sorted(ranked, key=lambda each: (-each.fit.score, -each.order.id))


def _read_orders(scope: Scope, papers: Mapping[int, Paper], read: _Found) -> None:
    ids = {flow for flows in read.of_document.values() for flow in flows}
    orders = scoped(scope).filter(id__in=ids).exclude(number="").exclude(state__in=_ENDED)
    read.orders = {row[0]: FlowRow(*row) for row in orders.values_list(*FLOW_COLUMNS)}
    codes = {code for paper in papers.values() for own in paper.goods for code in own.codes}
    for line in FlowLine.objects.filter(flow_id__in=read.orders, item_code__in=codes):
        read.lines[line.flow_id].append(line)


def _read_numbers(cursor: psycopg.Cursor, flows: Collection[int], read: _Found) -> None:
    cursor.execute(NUMBERS_OF, [sorted(flows), sorted(JOINING_SCHEMES)])
    for flow, scheme, value in cursor.fetchall():
        read.numbers[flow].add(Number(scheme, value))


def _order(type_: str, flow: int, read: _Found) -> Order:
    row, lines = read.orders[flow], read.lines[flow]
    days = [("wanted", row.wanted_on)] + [("promised", line.promised_on) for line in lines]
    own = Number("po", normalise(row.number))
    return Order(
        supplier=Party(row.supplier_id, row.supplier_name),
        ship_to=Party(row.ship_to_id, row.ship_to_name),
        goods=tuple(Goods(frozenset([line.item_code]), _open(type_, line), line.unit) for line in lines),
        numbers=tuple(sorted(read.numbers[flow] | {own}, key=lambda number: (number.scheme, number.value))),
        days=tuple(sorted({(word, day) for word, day in days if day is not None})),
        ordered_on=row.ordered_on,
        has_lines=row.line_count > 0,
    )


def _open(type_: str, line: FlowLine) -> Decimal | None:
    """How much of a line such a document may still tell of."""
    if line.ordered is None:
        return None
    done = getattr(line, _DONE_OF.get(type_, "")) if type_ in _DONE_OF else None
    return max(line.ordered - (done or Decimal(0)), Decimal(0))
