"""Who else delivers an item, and what they took for it: read from the orders there are."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from visibility.access.scopes import Scope
from visibility.core.errors import InputError
from visibility.desk.actions import saying
from visibility.desk.actions.base import CaseSeen
from visibility.flows import words
from visibility.flows.models import Flow, FlowLine
from visibility.flows.selectors import scoped
from visibility.flows.state import unpack_view
from visibility.masterdata.models import TradingPartner

NEWEST = 60
"""So many of the item's newest lines are looked at."""
MOST = 8


@dataclass(frozen=True)
class Source:
    """A supplier, with the price of its newest order for the item; None: it has none, or nobody told."""

    name: str
    code: str
    price: Decimal | None = None
    order: str = ""


def offered(*, scope: Scope, seen: CaseSeen) -> list[tuple[str, str]]:
    """Other suppliers of the case's item, the newest order first, each with its price: for a form."""
    told = []
    for flow in _others(scope, seen):
        price = _price_of(flow, seen)
        label = flow.supplier_name if price is None else f"{flow.supplier_name}, {saying.money(price, seen)}"
        told.append((flow.supplier_name, label))
    return told[:MOST]


def find(*, scope: Scope, seen: CaseSeen, text: str) -> Source:
    """The supplier that a name or a code means. InputError for none, for several, or for the order's own."""
    text = text.strip()
    if not text:
        raise InputError("missing", "Say which supplier.", "supplier")
    partners = TradingPartner.objects.filter(company_id__in=_companies(scope, seen), provisional=False)
    if scope.partners is not None:
        partners = partners.filter(pk__in=scope.partners)
    named = list(partners.filter(Q(code__iexact=text) | Q(name__iexact=text)).order_by("pk")[:2])
    if not named:
        raise InputError("unknown_supplier", f"There is no supplier {text}.", "supplier")
    if len(named) > 1:
        raise InputError("ambiguous", f"Several are called {text}; say the code.", "supplier")
    if seen.flow is not None and named[0].pk == seen.flow.supplier_id:
        raise InputError("same_supplier", f"{named[0]} is the order's own supplier.", "supplier")
    flow = next((each for each in _others(scope, seen) if each.supplier_id == named[0].pk), None)
    price = _price_of(flow, seen) if flow else None
    return Source(name=str(named[0]), code=named[0].code, price=price, order=flow.number if flow else "")


def _companies(scope: Scope, seen: CaseSeen) -> list[int]:
    if seen.flow is None:
        return list(scope.companies)
    return list(scoped(scope).filter(pk=seen.flow.id).values_list("company_id", flat=True))


def _others(scope: Scope, seen: CaseSeen) -> list[Flow]:
    """The newest order for the item of each other supplier."""
    code = words.item(seen.line.item) if seen.line else ""
    if not code or seen.flow is None:
        return []
    lines = FlowLine.objects.filter(company_id__in=_companies(scope, seen), item_code=code)
    newest = list(lines.order_by("-flow").values_list("flow_id", flat=True)[:NEWEST])
    flows = scoped(scope).filter(pk__in=newest).exclude(supplier=None).order_by("-pk")
    found: dict[int | None, Flow] = {}
    for flow in flows:
        if flow.supplier_id != seen.flow.supplier_id and flow.supplier_name:
            found.setdefault(flow.supplier_id, flow)
    return list(found.values())


def _price_of(flow: Flow, seen: CaseSeen) -> Decimal | None:
    """What it takes for one unit of the case's line; None in another unit or currency."""
    if seen.line is None:
        return None
    view = unpack_view(bytes(flow.view))
    if view.currency != saying.currency(seen):
        return None
    item = words.item(seen.line.item)
    same = (each for each in view.lines if words.item(each.item) == item and each.unit == seen.line.unit)
    return next((each.unit_price for each in same if each.unit_price is not None), None)
