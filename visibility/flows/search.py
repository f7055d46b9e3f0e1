"""Finding orders: any identifier, the beginning of one, an item, a supplier's name. Every step is an index
lookup of so many rows at most, and the next is taken only where one found nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection as database
from django.db.models import Q

from visibility.access.scopes import Scope
from visibility.canonical.keys import normalise
from visibility.core.db import server_cursor
from visibility.flows.models import Flow, FlowLine
from visibility.flows.selectors import FLOW_COLUMNS, FlowRow, scoped
from visibility.ledger.selectors import find_beginning, find_flow_ids
from visibility.masterdata.models import TradingPartner

LOOKED_THROUGH = 2_000
"""So many orders that bear a key are looked through for those of one partner's reader."""
BEGINNING = 3
"""So many characters at least are searched for as a beginning or within a name."""
SUPPLIERS = 20
_NAMED_SO = re.compile(
    r"(?P<scheme>po|so|asn|invoice|bol|tracking|receipt|sscc)\s*(?::|\s)\s*(?P<number>\S.*)", re.IGNORECASE
)
"""An identifier as keys are written (asn:7764) and as the pages write it (ASN 7764)."""


@dataclass(frozen=True)
class Hits:
    """Orders that a search found; `more`: there may be others."""

    ids: list[int]
    more: bool = False


def find_flows(*, scope: Scope, text: str, limit: int = 20) -> list[FlowRow]:
    """Orders for somebody who searches: any identifier, the beginning of one, an item, a supplier's name."""
    return _rows(scope, find_ids(scope=scope, text=text, limit=limit).ids, limit)


def identify_flows(*, scope: Scope, key: str, limit: int = 20) -> list[FlowRow]:
    """Orders that exactly this identifier names: order, notice, invoice, bill of lading, correlation ID.

    A program that asks for one order must not be told of another whose number merely begins like it.
    """
    return _rows(scope, _identified(scope, key, limit=limit), limit)


def _rows(scope: Scope, ids: Sequence[int], limit: int) -> list[FlowRow]:
    rows = scoped(scope).filter(id__in=ids).order_by("-id").values_list(*FLOW_COLUMNS)[:limit]
    return [FlowRow(*values) for values in rows] if ids else []


def find_ids(*, scope: Scope, text: str, limit: int) -> Hits:
    """The orders that a search finds: by identifier, else item code, the beginning of a number, supplier."""
    text = text.strip()
    ids = _identified(scope, text, limit=limit + 1) or _of_item(scope, text, limit=limit + 1)
    if ids or len(text) < BEGINNING:
        return Hits(ids[:limit], len(ids) > limit)
    begun = _beginning(scope, text, limit=limit)
    if begun.ids:
        return begun
    ids = _of_suppliers(scope, text, limit=limit + 1)
    return Hits(ids[:limit], len(ids) > limit)


def _identified(scope: Scope, text: str, *, limit: int) -> list[int]:
    """Flows that exactly this identifier names: a number, "po:" and a number, a correlation ID."""
    text = text.strip()
    named_so = _NAMED_SO.match(text)
    if named_so is not None:
        scheme, rest = named_so["scheme"].lower(), named_so["number"]
        ids = _with_key(scope, rest, scheme=scheme, limit=limit)
        if ids or ":" in text:
            return ids
    try:
        named = UUID(text)
    except ValueError:
        return _with_key(scope, text, limit=limit)
    # One by one: asked for both at once PostgreSQL would read all orders.
    return list(scoped(scope).filter(correlation_id=named).values_list("id", flat=True)) or list(
        scoped(scope).filter(Q(aliases__contains=[named]) & ~Q(aliases=[])).values_list("id", flat=True)
    )


def _with_key(scope: Scope, value: str, *, scheme: str = "", limit: int) -> list[int]:
    """Flows of the reader's companies by a number."""
    most = limit if scope.partners is None else max(limit, LOOKED_THROUGH)
    ids = find_flow_ids(companies=scope.companies, value=value, scheme=scheme, limit=most)
    return _theirs(scope, ids)[:limit]


def _theirs(scope: Scope, ids: list[int]) -> list[int]:
    """The ledger knows no partners: for a reader of one partner's part the others are taken out before they
    can crowd out what is theirs."""
    if scope.partners is None or not ids:
        return ids
    return list(scoped(scope).filter(id__in=ids).order_by("-id").values_list("id", flat=True))


def _beginning(scope: Scope, text: str, *, limit: int) -> Hits:
    """By the beginning of a number. Of one partner's orders, so few among many that bear such keys, the
    newest are looked through themselves."""
    if scope.partners is None:
        return Hits(*find_beginning(companies=scope.companies, value=text, limit=limit))
    newest = newest_ids(supplier_ids=scope.partners, limit=LOOKED_THROUGH)
    own = scoped(scope).filter(id__in=newest, number__startswith=normalise(text))
    ids = list(own.order_by("-id").values_list("id", flat=True)[: limit + 1])
    if ids:
        return Hits(ids[:limit], len(ids) > limit or len(newest) == LOOKED_THROUGH)
    found, more = find_beginning(companies=scope.companies, value=text, limit=LOOKED_THROUGH)
    return Hits(_theirs(scope, found)[:limit], more)


def _of_item(scope: Scope, code: str, *, limit: int) -> list[int]:
    """The newest orders of an item, written as it is or in capitals."""
    lines = FlowLine.objects.filter(
        company_id__in=scope.companies, item_code__in={code, code.upper(), code.lower()}
    )
    if scope.partners is not None:
        lines = lines.filter(flow__supplier_id__in=scope.partners)
    return list(lines.order_by("-flow_id").values_list("flow_id", flat=True).distinct()[:limit])


def _of_suppliers(scope: Scope, text: str, *, limit: int) -> list[int]:
    """The newest orders of the suppliers whose name has this in it."""
    named = TradingPartner.objects.filter(company_id__in=scope.companies, name__icontains=text)
    if scope.partners is not None:
        named = named.filter(pk__in=scope.partners)
    suppliers = list(named.order_by("name", "pk").values_list("pk", flat=True)[:SUPPLIERS])
    return newest_ids(supplier_ids=suppliers, limit=limit)


def newest_ids(*, supplier_ids: Sequence[int], limit: int) -> list[int]:
    """The newest orders of some suppliers of the reader's, each read from the index and from nothing else."""
    if not supplier_ids:
        return []
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT f.id FROM unnest(%b::bigint[]) w(supplier) CROSS JOIN LATERAL ("
            "  SELECT id FROM flows_flow WHERE supplier_id = w.supplier "
            f"  AND state <> '{Flow.State.VOID}' ORDER BY id DESC LIMIT %s) f ORDER BY f.id DESC LIMIT %s",
            [list(supplier_ids), limit, limit],
        )
        return [row[0] for row in cursor.fetchall()]
