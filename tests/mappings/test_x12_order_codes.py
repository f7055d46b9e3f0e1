"""Every row of the code tables of orders and their changes, read through a document."""

from decimal import Decimal

import pytest
from x12_samples import wrap, write

from integrations.mappings.x12 import codes_orders
from integrations.mappings.x12.translator import X12Translator
from visibility.canonical.documents import OrderAcknowledged, OrderChanged, OrderPlaced
from visibility.inbox.ports import ReadingProfile, Unit, VerbatimMessage

GROUPS = {"850": "PO", "855": "PR", "860": "PC", "865": "CA", "875": "OG"}


def unit_of(*body: str, profile: ReadingProfile | None = None) -> Unit:
    raw = write(wrap(list(body), code=GROUPS[body[0]]))
    profiles = {"ZZ:NORTHGATE": profile} if profile else {}
    message = VerbatimMessage(body=raw, content_type="application/edi-x12", profiles=profiles)
    (unit,) = X12Translator().translate(message)
    return unit


def order(*body: str) -> OrderPlaced:
    document = unit_of(*body).documents[0].document
    assert isinstance(document, OrderPlaced)
    return document


def changed(*body: str) -> OrderChanged:
    document = unit_of("860", *body).documents[0].document
    assert isinstance(document, OrderChanged)
    return document


def answered(*body: str) -> OrderAcknowledged:
    document = unit_of("865", *body).documents[0].document
    assert isinstance(document, OrderAcknowledged)
    return document


@pytest.mark.parametrize("code", codes_orders.ANSWERS_ASKED)
def test_beg07_says_which_answer_is_asked_for(code: str) -> None:
    assert order("850", f"BEG*00*SA*1**20260227**{code}").note == codes_orders.ANSWERS_ASKED[code]


@pytest.mark.parametrize("code", codes_orders.SALES_REQUIREMENTS)
def test_a_sales_requirement_is_told_to_people(code: str) -> None:
    assert order("850", "BEG*00*SA*1", f"CSH*{code}").note == codes_orders.SALES_REQUIREMENTS[code]


@pytest.mark.parametrize(
    ("code", "kind"), [("A", "allowance"), ("C", "charge"), *((x, None) for x in "NPQR")]
)
def test_only_allowances_and_charges_agree_money(code: str, kind: str | None) -> None:
    told = order("850", "BEG*00*SA*1", f"SAC*{code}*D240***1250").allowances
    assert [(each.kind, each.amount) for each in told] == ([(kind, Decimal("12.50"))] if kind else [])


def test_an_allowance_without_a_figure_or_words_agrees_nothing() -> None:
    assert order("850", "BEG*00*SA*1", "SAC*A*D240").allowances == ()


@pytest.mark.parametrize(("method", "kind"), [("02", "allowance"), ("06", "charge"), ("05", None)])
def test_who_pays_tells_a_grocery_charge_from_an_allowance(method: str, kind: str | None) -> None:
    told = order("875", "G50*N*20260302*1", f"G72*12*{method}******900").allowances
    assert [(each.kind, each.amount) for each in told] == ([(kind, Decimal(9))] if kind else [])


@pytest.mark.parametrize("code", codes_orders.ORDER_STATUSES)
def test_g5001_says_what_a_grocery_order_does(code: str) -> None:
    assert order("875", f"G50*{code}*20260302*1").purpose == codes_orders.ORDER_STATUSES[code]


@pytest.mark.parametrize("kind", ["DS", "DR", "SA"])
def test_a_customers_order_belongs_to_a_drop_shipment_only(kind: str) -> None:
    related = order("850", f"BEG*00*{kind}*1", "REF*CO*SO-9").related
    assert [each.relation for each in related] == (["customer"] if kind != "SA" else [])


def test_a_release_draws_on_its_blanket_and_stays_an_order_of_its_own() -> None:
    placed = order("850", "BEG*00*RL*BLK-1*7")
    assert placed.order is not None
    assert (placed.order.number, placed.order.release) == ("BLK-1", "7")
    assert [(each.relation, each.order.number, each.order.release) for each in placed.related] == [
        ("blanket", "BLK-1", "")
    ]


LINE = "12**CA*5*PE*BP*SKU-1"
TOLD = {"quantity": "quantity", "price": "price", "dates": "requests", "place": "destinations"}


@pytest.mark.parametrize("code", codes_orders.CHANGES)
def test_poc02_says_what_becomes_of_the_line(code: str) -> None:
    meaning = codes_orders.CHANGES[code]
    (line,) = changed("BCH*04*SA*1**2", f"POC*1*{code}*{LINE}", "DTM*002*20260401").lines
    assert (line.op, line.line, line.item.buyer) == (meaning.op, "1", "SKU-1")
    silent = code in codes_orders.UNCHANGED or meaning.op == "delete"
    assert line.quantity == (None if silent else Decimal(12))
    assert line.price == (None if silent else Decimal(5))


@pytest.mark.parametrize("code", codes_orders.CHANGES)
def test_what_changed_without_a_word_to_what_is_not_known_any_more(code: str) -> None:
    (line,) = changed("BCH*04*SA*1**2", f"POC*1*{code}******BP*SKU-1").lines
    assert line.untold == codes_orders.CHANGES[code].told
    assert set(line.untold) <= set(TOLD)


def test_the_heads_dates_are_those_of_lines_added_or_moved_only() -> None:
    lines = changed(
        "BCH*04*SA*1**2",
        "DTM*002*20260401",
        *(f"POC*{n}*{c}*{LINE}" for n, c in enumerate(("RS", "AI", "CA"))),
    ).lines
    assert [bool(line.requests) for line in lines] == [True, True, False]


def test_an_unknown_change_is_told_and_changes_what_it_says() -> None:
    unit = unit_of("860", "BCH*04*SA*1**2", f"POC*1*QQ*{LINE}")
    assert [problem.code for problem in unit.problems] == ["unknown_line_change"]
    document = unit.documents[0].document
    assert isinstance(document, OrderChanged)
    assert (document.lines[0].op, document.lines[0].quantity) == ("change", Decimal(12))


@pytest.mark.parametrize("code", ["01", "03"])
def test_bch01_takes_the_whole_order_back(code: str) -> None:
    document = order("860", f"BCH*{code}*SA*1**2")
    assert (document.purpose, document.lines) == ("cancel", ())


@pytest.mark.parametrize(("code", "purpose", "whole"), [("04", "original", False), ("05", "original", True)])
def test_bch01_speaks_of_the_order_and_not_of_an_earlier_change(code: str, purpose: str, whole: bool) -> None:
    document = changed(f"BCH*{code}*SA*1**2", f"POC*1*CA*{LINE}")
    assert (document.purpose, document.whole, document.version) == (purpose, whole, "2")


@pytest.mark.parametrize("code", sorted(set(codes_orders.CHANGES) - {"RC"}))
def test_a_line_without_an_ack_answers_by_its_change(code: str) -> None:
    meaning = codes_orders.CHANGES[code]
    (line,) = answered("BCA*00*AC*1**2*20260227", f"POC*1*{code}*{LINE}").lines
    (part,) = line.parts
    quantity = Decimal(12) if meaning.answer == "accepted" else None
    assert (part.answer, part.quantity, part.code, part.reason) == (
        meaning.answer,
        quantity,
        code,
        meaning.words,
    )


def test_a_refused_change_leaves_the_line_as_it_was_answered() -> None:
    unit = unit_of("865", "BCA*00*AC*1**2*20260227", f"POC*1*RC*{LINE}")
    document = unit.documents[0].document
    assert isinstance(document, OrderAcknowledged)
    assert document.lines[0].parts == ()
    assert [problem.code for problem in unit.problems] == ["change_refused"]


def test_an_answer_to_a_change_names_the_change() -> None:
    document = answered("BCA*00*AT*1**2*20260227")
    assert (document.change, document.coverage, document.lines) == ("2", "accepted", ())


def test_acks_in_a_profiles_own_codes_are_read_as_the_standards() -> None:
    profile = ReadingProfile(codes={"line_status": {"OK": "IA", "CHG": "DR"}})
    acks = ("PO1*1*9*EA***BP*SKU-1", "ACK*OK", "ACK*CHG***068*20260401")
    document = unit_of("855", "BAK*00*AC*1*20260227", *acks, profile=profile).documents[0].document
    assert isinstance(document, OrderAcknowledged)
    (part,) = document.lines[0].parts
    assert (part.answer, part.code, part.date is not None) == ("accepted", "IA", True)


def test_a_composite_unit_counts_in_its_first() -> None:
    (line,) = order("850", "BEG*00*SA*1", "PO1*1*10*PC>11>EA*4**BP*SKU-1").lines
    assert line.unit == "PC"


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        (("PO1*1*10*CA", "SDQ*CA*92*A*4*B*5"), "destination_sum"),
        (("PO1*1*10*CA", "SDQ*EA*92*A*10"), "destination_unit"),
        (("PO1*1*10*CA", "SCH*11*CA***002*20260401"), "schedule_sum"),
        (("PO1*1*10*CA", "CTT*1*11"), "ctt_hash"),
        (("PO1*1*10*CA", "SAC*C*D240***x"), "not_an_amount"),
    ],
)
def test_parts_that_do_not_add_up_are_told(segments: tuple[str, ...], code: str) -> None:
    unit = unit_of("850", "BEG*00*SA*1", *segments)
    assert [(problem.code, problem.severity) for problem in unit.problems] == [(code, "warning")]
    assert unit.documents


@pytest.mark.parametrize(
    "segments", [("PO1*1*10*CA", "SDQ*CA*92*A*4*B*6", "SCH*10*CA***002*20260401", "CTT*1*10")]
)
def test_parts_that_add_up_are_not_told(segments: tuple[str, ...]) -> None:
    assert unit_of("850", "BEG*00*SA*1", *segments).problems == ()
