"""Correlation keys: what in a document names an order, and what only ties it to others.

An order's own number *identifies* a flow. Everything else (ship notice, invoice, bill of lading, tracking
number, the supplier's own order number) *links*. Scopes are raw envelope or connection identifiers, never
the partner they were resolved to, so that a key does not depend on what was known at arrival.
"""

from typing import NamedTuple

from visibility.canonical.documents import (
    AnyDocument,
    FreightBilled,
    GoodsReceived,
    InvoiceIssued,
    InvoiceReceived,
    LoadTendered,
    OrderAcknowledged,
    OrderPlaced,
    OrderRef,
    Party,
    PaymentStatus,
    RequisitionStatus,
    ServiceAccepted,
    ShipmentNotified,
    TenderAnswered,
    TransportStatus,
    WarehouseOrder,
)

# A loose document (one that names no order) follows these keys to the orders they speak of, and hands its
# orders on from a narrower key to a wider one: what is known of an ASN holds for the truck it is on, never
# the other way round. A credit note follows the invoice it corrects. A receipt's own number is no such key:
# it names the document itself, and two warehouses count alike.
WIDTH = {"sscc": 0, "asn": 1, "supplier_order": 1, "load": 1, "bol": 2, "tracking": 3, "invoice": 4}
JOINING_SCHEMES = frozenset(WIDTH)

CORRELATION = "correlation"
"""The scheme of correlation IDs that a trusted system gave: they identify, whatever number comes later."""

RELATED = "related-"
"""Before an order's scheme: the key by which another order points at it. It joins nothing."""


class Key(NamedTuple):
    """A key inside one company. An empty scope means that nobody said whose number it is."""

    scheme: str
    scope: str
    value: str


def _joins(key: Key) -> bool:
    """An invoice's number means something together with whose it is only."""
    return key.scheme in JOINING_SCHEMES and (key.scheme != "invoice" or key.scope != "")


class Keys(NamedTuple):
    """The keys of one document, each once, sorted. `given`: the correlation ID a trusted system gave it."""

    identifying: tuple[Key, ...]
    linking: tuple[Key, ...]
    given: tuple[Key, ...] = ()

    @property
    def joining(self) -> tuple[Key, ...]:
        """The linking keys that lead a document without an order's number to the orders they speak of."""
        return tuple(key for key in self.linking if _joins(key))


def with_given(keys: Keys, key: Key) -> Keys:
    """The keys of a document that came with a correlation ID, by what that is: an ID, or an order's number.

    The number stands for the order where the document names none itself.
    """
    if key.scheme == CORRELATION:
        return keys._replace(given=(key,))
    return keys if keys.identifying else keys._replace(identifying=(key,))


def normalise(value: str) -> str:
    """A number as keys compare it: without surrounding space, capitals alike."""
    return value.strip().upper()


def scope_of(party: Party) -> str:
    """The identifier that scopes a party's own numbers: the first it came with."""
    return normalise(party.ids[0]) if party.ids else ""


def order_key(order: OrderRef, *, buyer: Party, default_issuer: str) -> Key:
    """The key that identifies an order: its number (and release) within its issuer."""
    scope = normalise(order.issuer) or scope_of(buyer) or normalise(default_issuer)
    if order.system and scope:
        scope = f"{scope}|{normalise(order.system)}"
    return Key(order.scheme, scope, order_number(order))


def order_number(order: OrderRef) -> str:
    """An order's number, with its release where it has one, as keys compare it."""
    release = normalise(order.release)
    number = normalise(order.number)
    return f"{number}/{release}" if release else number


def orders_of(document: AnyDocument) -> list[OrderRef]:
    """Every order a document names, at its head or on a line."""
    named = [document.order] if document.order is not None else []
    if isinstance(document, LoadTendered):
        named += [order for stop in document.stops for order in stop.orders if order not in named]
    for line in getattr(document, "lines", ()):
        order = line.order
        if order is not None and order not in named:
            named.append(order)
    return [order for order in named if order.number.strip()]


def keys_of(document: AnyDocument, *, default_issuer: str = "") -> Keys:
    """All keys of a document."""
    named = [
        order_key(order, buyer=document.buyer, default_issuer=default_issuer) for order in orders_of(document)
    ]
    linking = _linking(document)
    return Keys(
        tuple(named) if len(named) < 2 else tuple(sorted(set(named))),
        tuple(linking) if len(linking) < 2 else tuple(sorted(linking)),
    )


def _linking(document: AnyDocument) -> set[Key]:
    supplier = scope_of(document.supplier)
    found: set[tuple[str, str, str]] = set()
    match document:
        case ShipmentNotified():
            found = {
                ("asn", supplier, document.number),
                # Also without its scope: a warehouse or carrier quotes the number, not whose it is.
                ("asn", "", document.number),
                ("bol", "", document.bill_of_lading),
                ("tracking", "", document.tracking),
                # Who quotes the notice that this one stands in for speaks of the same goods.
                ("asn", supplier, document.replaces),
                ("asn", "", document.replaces),
            }
            found |= {("sscc", "", code) for line in document.lines for code in line.packages}
        case TransportStatus():
            found = {
                ("asn", supplier, document.shipment),
                # Carriers tell of a load under the number it was tendered to them by. As wide as a ship
                # notice's number, so that a status hands no orders on from one to the other.
                ("load", "", document.shipment),
                ("bol", "", document.bill_of_lading),
                ("tracking", "", document.tracking),
            }
        case GoodsReceived():
            found = {
                ("receipt", "", document.number),
                ("asn", supplier, document.shipment),
                ("bol", "", document.bill_of_lading),
            }
        case InvoiceReceived():
            found = {
                ("invoice", supplier, document.number),
                ("invoice", supplier, document.corrects),
                ("asn", supplier, document.shipment),
                ("bol", "", document.bill_of_lading),
            }
        case ServiceAccepted():
            found = {("service", "", document.number)}
        case RequisitionStatus():
            found = {("requisition", "", document.number)}
        case InvoiceIssued():
            found = {("invoice", supplier, document.number)}
        case PaymentStatus():
            found = {("invoice", supplier, document.invoice)}
        case OrderPlaced():
            found = {
                (RELATED + ref.order.scheme, key.scope, key.value)
                for ref in document.related
                for key in [order_key(ref.order, buyer=Party(), default_issuer="")]
            }
        case OrderAcknowledged():
            found = {("supplier_order", supplier, document.supplier_order)}
        case _:
            found = _carried(document)
    return {
        Key(scheme, scope, number) for scheme, scope, value in found if value and (number := normalise(value))
    }


def _carried(document: AnyDocument) -> set[tuple[str, str, str]]:
    """Of documents between a shipper, its carrier and its warehouse."""
    match document:
        case LoadTendered():
            return {("load", "", document.number), ("bol", "", document.bill_of_lading)}
        case TenderAnswered():
            return {("load", "", document.shipment), ("bol", "", document.bill_of_lading)}
        case FreightBilled():
            return {
                ("asn", "", document.shipment),
                ("load", "", document.shipment),
                ("bol", "", document.bill_of_lading),
                ("tracking", "", document.tracking),
            }
        case WarehouseOrder():
            return {("warehouse_order", "", document.number), ("load", "", document.shipment)}
        case _:
            return set()
