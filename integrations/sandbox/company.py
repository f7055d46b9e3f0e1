"""Northgate Supply: its warehouses, its suppliers and their ways, and what it buys from them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from integrations.sandbox.catalogue import NOT_IN_MASTER_DATA, ROWS, Row
from integrations.sandbox.gs1 import company_prefix, gln, gtin14

NAME = "Northgate Supply"
TIME_ZONE = "America/Chicago"
CURRENCY = "USD"
PREFIX = company_prefix(1000)


@dataclass(frozen=True, slots=True)
class Punctuation:
    """How a sender writes X12: element and component separators, segment terminator, what follows it."""

    element: str = "*"
    component: str = ">"
    terminator: str = "~"
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with an EDI mailbox; `qualifier` and `edi_id` are ISA05/06 or ISA07/08."""

    code: str
    name: str
    qualifier: str
    edi_id: str
    punctuation: Punctuation = Punctuation()


@dataclass(frozen=True, slots=True)
class Place:
    """A regional warehouse of Northgate, run by the 3PL."""

    code: str
    name: str
    city: str
    state: str
    gln: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier and its habits.

    `lead_days`: working days from order to dock; `ship_days`: those of them on the road. `promises`:
    ACK04 it dates its promises with (067 delivery, 068 ship). `accepts_with`: BAK02 when all is as
    ordered; `objects_with`: when something is not. `names_lines`: which of PO101 and the item ids it
    repeats. `packs`: its ship notices name packs with SSCCs.
    """

    party: Party
    gs1_prefix: str
    lead_days: int
    ship_days: int
    terms_days: int
    promises: Literal["067", "068"] = "067"
    accepts_with: Literal["AC", "AD", "AK"] = "AC"
    objects_with: Literal["AC", "AE"] = "AC"
    names_lines: Literal["both", "line", "item"] = "both"
    packs: bool = False
    bills: Literal["on shipment", "with the ship notice", "at day's end", "on delivery"] = "on shipment"

    @property
    def code(self) -> str:
        return self.party.code

    @property
    def name(self) -> str:
        return self.party.name


@dataclass(frozen=True, slots=True)
class Item:
    """Something bought. Prices and `gtin` are of `unit`; one `unit` is `pack` of `base_unit`."""

    sku: str
    description: str
    unit: str
    list_price: Decimal
    supplier: str
    vendor_part: str
    pack: int
    lot: int
    gtin: str
    base_gtin: str

    @property
    def base_unit(self) -> str:
        return "EA" if self.pack > 1 else self.unit


NORTHGATE = Party("NORTHGATE", NAME, "ZZ", "NORTHGATE")
WAREHOUSE_OPERATOR = Party("REDLINE", "Redline WMS", "ZZ", "REDLINEWMS", Punctuation(suffix="\n"))

_PLACES = (
    ("DAL", "Dallas DC", "Dallas", "TX", "America/Chicago"),
    ("CMH", "Columbus DC", "Columbus", "OH", "America/New_York"),
    ("RNO", "Reno DC", "Reno", "NV", "America/Los_Angeles"),
    ("SAV", "Savannah DC", "Savannah", "GA", "America/New_York"),
    ("ATL", "Atlanta DC", "Atlanta", "GA", "America/New_York"),
    ("DEN", "Denver DC", "Denver", "CO", "America/Denver"),
    ("MDT", "Harrisburg DC", "Harrisburg", "PA", "America/New_York"),
    ("MKC", "Kansas City DC", "Kansas City", "MO", "America/Chicago"),
    ("MEM", "Memphis DC", "Memphis", "TN", "America/Chicago"),
    ("PDX", "Portland DC", "Portland", "OR", "America/Los_Angeles"),
    ("ONT", "Fontana DC", "Fontana", "CA", "America/Los_Angeles"),
    ("JOT", "Joliet DC", "Joliet", "IL", "America/Chicago"),
)

PLACES: tuple[Place, ...] = tuple(
    Place(code, name, city, state, gln(PREFIX, 100 + index), zone)
    for index, (code, name, city, state, zone) in enumerate(_PLACES)
)

_PIPES = Punctuation(element="|", component=":")
_LINES = Punctuation(suffix="\r\n")

SUPPLIERS: tuple[Supplier, ...] = (
    Supplier(Party("ACME", "Acme Industries", "ZZ", "ACMEIND"), company_prefix(1001), 11, 2, 30, packs=True),
    Supplier(
        Party("VIREO", "Vireo Paper", "ZZ", "VIREOPAPER", _LINES),
        company_prefix(1002),
        8,
        2,
        30,
        bills="at day's end",
    ),
    Supplier(
        Party("KESTREL", "Kestrel Lubricants", "ZZ", "KESTREL", _PIPES),
        company_prefix(1003),
        12,
        3,
        45,
        promises="068",
        names_lines="line",
    ),
    Supplier(
        Party("HARLOW", "Harlow Packaging", "ZZ", "HARLOWPKG", Punctuation(terminator="\n")),
        company_prefix(1004),
        9,
        2,
        30,
        names_lines="item",
        packs=True,
        bills="with the ship notice",
    ),
    Supplier(
        Party("DUNMORE", "Dunmore Equipment", "12", "3125550142"),
        company_prefix(1005),
        13,
        3,
        60,
        accepts_with="AD",
        bills="on delivery",
    ),
    Supplier(
        Party("BRIGHTLINE", "Brightline Electric", "ZZ", "BRIGHTLINE", Punctuation(suffix="\n")),
        company_prefix(1006),
        10,
        2,
        30,
        packs=True,
        bills="on delivery",
    ),
    Supplier(
        Party("MERIDIAN", "Meridian Safety", "ZZ", "MERIDIANSF"),
        company_prefix(1007),
        9,
        2,
        30,
        accepts_with="AK",
    ),
    Supplier(
        Party("NORVANE", "Norvane Chemical", "ZZ", "NORVANE", Punctuation(terminator="'", component=":")),
        company_prefix(1008),
        12,
        3,
        45,
        promises="068",
        accepts_with="AK",
        objects_with="AE",
    ),
    Supplier(
        Party("TALLIS", "Tallis Fasteners", "ZZ", "TALLIS", _PIPES),
        company_prefix(1009),
        8,
        2,
        30,
        accepts_with="AD",
        bills="on delivery",
    ),
)


def _item(supplier: Supplier, row: Row, reference: int) -> Item:
    sku, description, unit, price, vendor_part, pack, lot = row
    return Item(
        sku, description, unit, Decimal(price), supplier.code, vendor_part, pack, lot,
        gtin=gtin14(supplier.gs1_prefix, reference, level=1 if pack > 1 else 0),
        base_gtin=gtin14(supplier.gs1_prefix, reference, level=0),
    )  # fmt: skip


ITEMS: tuple[Item, ...] = tuple(
    _item(supplier, row, 10 * (index + 1))
    for supplier in SUPPLIERS
    for index, row in enumerate(ROWS[supplier.code])
)

UNKNOWN_ITEM: Item = _item(SUPPLIERS[0], NOT_IN_MASTER_DATA, 990)
"""Ordered once in the scenario, and on purpose not in `ITEMS`."""

PLACE_BY_CODE = {place.code: place for place in PLACES}
SUPPLIER_BY_CODE = {supplier.code: supplier for supplier in SUPPLIERS}
ITEM_BY_SKU = {item.sku: item for item in (*ITEMS, UNKNOWN_ITEM)}
ITEMS_OF = {s.code: tuple(i for i in ITEMS if i.supplier == s.code) for s in SUPPLIERS}
