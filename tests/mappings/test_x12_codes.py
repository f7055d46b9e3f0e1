"""Every row of the X12 code tables, read through a document: what a code means is a promise."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from x12_samples import ANSWER, INVOICE, NOTICE, ORDER, RECEIPT, wrap, write

from integrations.mappings.x12 import codes
from integrations.mappings.x12.translator import X12Translator
from visibility.canonical.documents import (
    AnswerPart,
    AnyDocument,
    GoodsReceived,
    InvoiceReceived,
    OrderAcknowledged,
    OrderPlaced,
    ShipmentNotified,
)
from visibility.inbox.ports import Unit, VerbatimMessage

GROUPS = {"850": "PO", "855": "PR", "856": "SH", "810": "IN", "944": "RE"}


def unit_of(body: list[str]) -> Unit:
    raw = write(wrap(body, code=GROUPS[body[0]]))
    (unit,) = X12Translator().translate(VerbatimMessage(body=raw, content_type="application/edi-x12"))
    return unit


def document_of(body: list[str]) -> AnyDocument:
    unit = unit_of(body)
    assert len(unit.documents) == 1, unit.problems
    return unit.documents[0].document


def order(*segments: str) -> OrderPlaced:
    document = document_of(["850", *segments])
    assert isinstance(document, OrderPlaced)
    return document


def answer(*segments: str) -> OrderAcknowledged:
    document = document_of(["855", *segments])
    assert isinstance(document, OrderAcknowledged)
    return document


PURPOSES = {
    "00": "original",
    "01": "cancel",
    "03": "cancel",
    "04": "change",
    "05": "replace",
    "06": "confirm",
    "07": "duplicate",
    "11": "original",
    "14": "original",
    "15": "replace",
    "18": "replace",
    "22": "duplicate",
}
BEGINNINGS: dict[str, Callable[[str], list[str]]] = {
    "BEG01": lambda code: [ORDER[0], f"BEG*{code}*SA*4500017**20260227", *ORDER[2:]],
    "BAK01": lambda code: [ANSWER[0], f"BAK*{code}*AC*4500017*20260227", *ANSWER[2:]],
    "BSN01": lambda code: [NOTICE[0], f"BSN*{code}*ASN-900*20260316", *NOTICE[2:]],
    "BIG08": lambda code: [INVOICE[0], f"BIG*20260318*INV-31**4500017****{code}", *INVOICE[2:]],
}


@pytest.mark.parametrize("element", BEGINNINGS)
@pytest.mark.parametrize("code", PURPOSES)
def test_a_purpose_code_says_what_the_document_does(element: str, code: str) -> None:
    assert document_of(BEGINNINGS[element](code)).purpose == PURPOSES[code]


def test_every_purpose_has_its_row() -> None:
    assert set(PURPOSES) == set(codes.PURPOSES)


@pytest.mark.parametrize("element", BEGINNINGS)
def test_an_unknown_purpose_is_told_and_taken_for_an_original(element: str) -> None:
    unit = unit_of(BEGINNINGS[element]("54"))
    assert unit.documents[0].document.purpose == "original"
    assert [problem.code for problem in unit.problems] == ["unknown_purpose"]


KINDS = {
    "SA": "stand_alone",
    "NE": "stand_alone",
    "BK": "blanket",
    "BE": "blanket",
    "RL": "release",
    "DS": "drop_ship",
    "DR": "drop_ship",
    "KN": "consignment",
    "CN": "consignment",
    "RE": "reorder",
    "RO": "rush",
    "EO": "rush",
    "CF": "confirmation",
    "OS": "special",
    "SP": "sample",
    "SS": "service",
    "PR": "promotion",
}


@pytest.mark.parametrize("code", KINDS)
def test_beg02_names_the_kind_of_order(code: str) -> None:
    assert order(f"BEG*00*{code}*1**20260227").kind == KINDS[code]


def test_every_kind_of_order_has_its_row() -> None:
    assert set(KINDS) == set(codes.ORDER_KINDS)
    assert order("BEG*00*QQ*1**20260227").kind == "other"


@pytest.mark.parametrize("code", KINDS)
def test_a_release_is_part_of_the_order_only_of_blankets_and_their_releases(code: str) -> None:
    placed = order(f"BEG*00*{code}*1*0007*20260227")
    assert placed.order is not None
    assert placed.order.release == ("0007" if code in {"BE", "BK", "RL"} else "")


COVERAGES = {
    "AC": "detail",
    "AD": "detail",
    "AE": "exceptions",
    "AH": "held",
    "AK": "accepted",
    "AT": "accepted",
    "NA": "detail",
    "RD": "rejected",
    "RF": "rejected",
    "RJ": "rejected",
    "RO": "rejected",
}


@pytest.mark.parametrize("code", COVERAGES)
def test_bak02_says_what_silence_about_a_line_means(code: str) -> None:
    assert answer(f"BAK*00*{code}*1*20260227").coverage == COVERAGES[code]


def test_every_kind_of_answer_has_its_row() -> None:
    assert {*COVERAGES, "AP"} == set(codes.COVERAGES)


def test_an_answer_that_the_vendor_starts_makes_the_order_too() -> None:
    unit = unit_of(["855", "BAK*00*AP*VMI-1*20260227", "PO1**102*CA***UA*001119432383"])
    placed, acknowledged = (translated.document for translated in unit.documents)
    assert isinstance(placed, OrderPlaced)
    assert isinstance(acknowledged, OrderAcknowledged)
    assert placed.order == acknowledged.order
    assert placed.kind == "vendor_replenishment"
    assert placed.lines[0].quantity == acknowledged.lines[0].parts[0].quantity == Decimal(102)


ANSWERS = {
    "IA": ("accepted", False, None),
    "AC": ("accepted", False, None),
    "AR": ("accepted", False, None),
    "AA": ("accepted", False, None),
    "IC": ("accepted", False, None),
    "IQ": ("accepted", False, None),
    "IP": ("accepted", False, None),
    "DR": ("accepted", False, None),
    "IS": ("accepted", False, None),
    "IE": ("accepted", True, None),
    "SP": ("accepted", True, None),
    "BP": ("accepted", False, "backordered"),
    "IB": ("backordered", False, None),
    "IH": ("held", False, None),
    "IF": ("held", False, None),
    "IW": ("held", False, None),
    "ID": ("deleted", False, None),
    "IR": ("rejected", False, None),
    "R1": ("rejected", False, None),
    "R2": ("rejected", False, None),
    "R3": ("rejected", False, None),
    "R4": ("rejected", False, None),
    "R5": ("rejected", False, None),
    "R6": ("rejected", False, None),
    "R7": ("rejected", False, None),
    "R8": ("rejected", False, None),
    "R9": ("rejected", False, None),
}


def part_of(*segments: str) -> AnswerPart:
    (line,) = answer("BAK*00*AC*1*20260227", "PO1*1*9*EA*1**BP*SKU-1", *segments).lines
    (part,) = line.parts
    return part


@pytest.mark.parametrize("code", ANSWERS)
def test_ack01_puts_the_quantity_in_its_class(code: str) -> None:
    part = part_of(f"ACK*{code}*7*EA*068*20260401")
    assert (part.answer, part.soft, part.rest) == ANSWERS[code]
    assert (part.code, part.quantity, part.unit) == (code, Decimal(7), "EA")
    assert (part.date, part.basis) == (date(2026, 4, 1), "ship")


def test_every_answer_has_its_row() -> None:
    assert set(ANSWERS) == set(codes.ANSWERS)
    assert {code for code, row in codes.ANSWERS.items() if row.as_ordered} == {"IA", "AC", "AR"}


def test_an_unknown_answer_leaves_the_line_unanswered_and_is_told() -> None:
    unit = unit_of(["855", "BAK*00*AC*1*20260227", "PO1*1*9*EA", "ACK*ZZ*9*EA"])
    document = unit.documents[0].document
    assert isinstance(document, OrderAcknowledged)
    assert document.lines[0].parts == ()
    assert [problem.code for problem in unit.problems] == ["unknown_line_status"]


def test_a_substitute_is_the_item_of_the_ack() -> None:
    part = part_of("ACK*IS*9*EA*068*20260401**VP*A-10B")
    assert part.substitute is not None
    assert part.substitute.vendor == "A-10B"


SHIP = {"010", "011", "037", "038", "066", "068", "118", *(f"{code:03d}" for code in range(79, 89))}
DOCK = {
    "002",
    "017",
    "035",
    "063",
    "064",
    "065",
    "067",
    "106",
    "371",
    *(f"{code:03d}" for code in range(69, 79)),
}


@pytest.mark.parametrize("code", sorted(codes.DATE_BASES))
def test_a_date_qualifier_says_what_the_date_is_of(code: str) -> None:
    expected = "ship" if code in SHIP else "dock" if code in DOCK else "unstated"
    assert part_of(f"ACK*IA*7*EA*{code}*20260401").basis == expected


def test_every_date_qualifier_has_its_row() -> None:
    assert set(codes.DATE_BASES) == SHIP | DOCK | {"001"}
    assert set(codes.REQUEST_DATES) | set(codes.PROMISE_DATES) <= SHIP | DOCK


def test_of_several_requests_on_one_basis_the_first_in_the_table_counts() -> None:
    for place, code in enumerate(codes.REQUEST_DATES):
        same = [
            other
            for other in codes.REQUEST_DATES[place:]
            if codes.DATE_BASES[other] == codes.DATE_BASES[code]
        ]
        dates = [f"DTM*{other}*202604{day:02d}" for day, other in enumerate(same, 1)]
        (line,) = order("BEG*00*SA*1**20260227", *reversed(dates), "PO1*1*9*EA").lines
        assert [(one.date, one.basis) for one in line.requests] == [
            (date(2026, 4, 1), codes.DATE_BASES[code])
        ]


BUYER = ("BP", "IN", "CB", "SK")
VENDOR = ("VP", "VN", "VC", "VA", "MG", "MF", "MN")
GTIN = ("UP", "EN", "UK", "UA", "EO", "UI")


@pytest.mark.parametrize("qualifier", BUYER)
def test_a_buyer_qualifier_gives_our_item_number(qualifier: str) -> None:
    assert order("BEG*00*SA*1**", f"PO1*1*1*EA***{qualifier}*X-1").lines[0].item.buyer == "X-1"


@pytest.mark.parametrize("qualifier", VENDOR)
def test_a_vendor_qualifier_gives_the_suppliers_item_number(qualifier: str) -> None:
    assert order("BEG*00*SA*1**", f"PO1*1*1*EA***{qualifier}*X-1").lines[0].item.vendor == "X-1"


@pytest.mark.parametrize("qualifier", GTIN)
def test_a_gtin_is_padded_to_fourteen_digits(qualifier: str) -> None:
    assert (
        order("BEG*00*SA*1**", f"PO1*1*1*EA***{qualifier}*012345678905").lines[0].item.gtin
        == "00012345678905"
    )


def test_every_item_qualifier_has_its_row_and_the_earlier_one_goes_first() -> None:
    assert (codes.BUYER_ITEM_IDS, codes.VENDOR_ITEM_IDS, codes.GTIN_ITEM_IDS) == (BUYER, VENDOR, GTIN)
    line = order("BEG*00*SA*1**", "PO1*1*1*EA***SK*S*CB*C*IN*I*BP*B*VN*N*VP*P").lines[0]
    assert (line.item.buyer, line.item.vendor) == ("B", "P")


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("", ("12.5", "1", "")),
        ("PE", ("12.5", "1", "")),
        ("HP", ("12.5", "100", "")),
        ("TP", ("12.5", "1000", "")),
        ("PP", ("12.5", "1", "LB")),
        ("SR", (None, "1", "")),
        ("RS", (None, "1", "")),
    ],
)
def test_the_price_basis_says_what_the_price_is_for(
    basis: str, expected: tuple[str | None, str, str]
) -> None:
    ordered = order("BEG*00*SA*1**", f"PO1*1*1*EA*12.5*{basis}*BP*X").lines[0]
    invoice = document_of(["810", "BIG*20260301*I-1**1", f"IT1*1*1*EA*12.5*{basis}*BP*X"])
    assert isinstance(invoice, InvoiceReceived)
    for line in (ordered, invoice.lines[0]):
        price = None if line.price is None else str(line.price)
        assert (price, str(line.price_per), line.price_unit) == expected


@pytest.mark.parametrize("code", sorted(codes.RETAIL_PRICES))
def test_a_retail_price_is_no_cost(code: str) -> None:
    assert order("BEG*00*SA*1**", "PO1*1*1*EA", f"CTP**{code}*9.99").lines[0].price is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [("", "invoice"), ("DI", "invoice"), ("DR", "invoice"), ("CR", "credit"), ("CN", "credit")],
)
def test_big07_tells_a_credit_from_an_invoice(code: str, kind: str) -> None:
    document = document_of(["810", f"BIG*20260301*I-1**1***{code}"])
    assert isinstance(document, InvoiceReceived)
    assert document.kind == kind
    assert (kind == "credit") == (code in codes.CREDIT_TYPES)


@pytest.mark.parametrize(("code", "amount"), [("A", Decimal("-12.50")), ("C", Decimal("12.50")), ("N", None)])
def test_sac01_gives_a_charge_its_sign(code: str, amount: Decimal | None) -> None:
    document = document_of(["810", "BIG*20260301*I-1**1", "TDS*100", f"SAC*{code}*D240***1250"])
    assert isinstance(document, InvoiceReceived)
    assert [charge.amount for charge in document.charges] == ([] if amount is None else [amount])


def notice(*header: str) -> ShipmentNotified:
    document = document_of([*NOTICE[:3], *header, *NOTICE[4:]])
    assert isinstance(document, ShipmentNotified)
    return document


@pytest.mark.parametrize("qualifier", codes.BILL_OF_LADING_REFERENCES)
def test_a_bill_of_lading_reference_links(qualifier: str) -> None:
    assert notice(f"REF*{qualifier}*B-1").bill_of_lading == "B-1"


@pytest.mark.parametrize("qualifier", codes.TRACKING_REFERENCES)
def test_a_carriers_reference_tracks(qualifier: str) -> None:
    assert notice(f"REF*{qualifier}*T-1").tracking == "T-1"


@pytest.mark.parametrize("qualifier", codes.SHIPMENT_REFERENCES)
def test_a_shipment_reference_links_an_invoice(qualifier: str) -> None:
    document = document_of(["810", "BIG*20260301*I-1", f"REF*{qualifier}*ASN-900"])
    assert isinstance(document, InvoiceReceived)
    assert (document.order, document.shipment) == (None, "ASN-900")


@pytest.mark.parametrize(
    ("roles", "field"),
    [
        (codes.BUYER_PARTIES, "buyer"),
        (codes.SUPPLIER_PARTIES, "supplier"),
        (codes.SHIP_TO_PARTIES, "ship_to"),
    ],
)
def test_a_party_stands_behind_the_envelopes_id(roles: tuple[str, ...], field: str) -> None:
    first = {"buyer": ("ZZ:NORTHGATE",), "supplier": ("ZZ:ACMEIND",), "ship_to": ()}[field]
    for role in roles:
        party = getattr(order("BEG*00*SA*1**", f"N1*{role}*Name*92*77"), field)
        assert (party.ids, party.name) == ((*first, "92:77"), "Name")


@pytest.mark.parametrize(
    ("code", "hour"), [("", 12), ("LT", 12), *((code, 12 - zone) for code, zone in codes.TIME_ZONES.items())]
)
def test_a_time_code_brings_the_time_to_utc(code: str, hour: float) -> None:
    shipped = notice(f"DTM*011*20260316*1200*{code}").shipped_at
    assert shipped is not None
    assert shipped.hour + shipped.minute / 60 == hour


@pytest.mark.parametrize("mark", sorted(codes.PACKAGE_MARKS))
def test_a_mark_names_the_package_of_what_is_in_it(mark: str) -> None:
    assert notice(f"MAN*{mark}*00100123450000000018").lines[0].packages == ("100123450000000018",)
    assert notice("MAN*ZZ*hand written").lines[0].packages == ()


@pytest.mark.parametrize(
    ("code", "damaged"), [("01", Decimal(2)), ("04", Decimal(2)), ("02", None), ("03", None), ("05", None)]
)
def test_a_receiving_condition_says_what_is_not_fit_for_stock(code: str, damaged: Decimal | None) -> None:
    document = document_of([*RECEIPT[:3], f"W13*2*CA*{code}"])
    assert isinstance(document, GoodsReceived)
    assert (document.lines[0].quantity, document.lines[0].damaged) == (Decimal(60), damaged)
