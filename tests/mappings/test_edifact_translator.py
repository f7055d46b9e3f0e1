"""The EDIFACT translator: what is told of faults, directories, profiles, replies, and what nobody knows."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.formats.edifact.reader import read as read_parts
from integrations.mappings.edifact.common import isbn_13
from integrations.mappings.edifact.times import read_period
from integrations.mappings.edifact.translator import EdifactTranslator
from integrations.mappings.x12.translator import X12Translator
from visibility.canonical.documents import (
    GoodsReceived,
    InvoiceReceived,
    OrderAcknowledged,
    OrderPlaced,
)
from visibility.inbox.ports import ReadingProfile, SetStanding, Unit, VerbatimMessage
from visibility.pipeline.intake import content_type_of

GOLDEN = Path(__file__).parents[1] / "golden" / "edifact"


def _message(
    kind: str, segments: str, *, unb: str = "", profile: ReadingProfile | None = None
) -> VerbatimMessage:
    rows = [f"UNH+1+{kind}:D:96A:UN", *segments.split("'")]
    text = "'".join(
        [f"UNB+UNOC:3+BUY:14+SUP:14+260302:0915+77{unb}", *rows, f"UNT+{len(rows) + 1}+1", "UNZ+1+77'"]
    )
    profiles = {"14:BUY": profile} if profile else {}
    return VerbatimMessage(body=text.encode(), content_type="application/edifact", profiles=profiles)


def _one(kind: str, segments: str, *, profile: ReadingProfile | None = None) -> Unit:
    (unit,) = EdifactTranslator().translate(_message(kind, segments, profile=profile))
    return unit


def _codes(unit: Unit) -> set[str]:
    return {problem.code for problem in unit.problems}


def test_an_order_without_a_number_is_refused_with_its_place() -> None:
    (problem,) = _one("ORDERS", "BGM+220'LIN+1++A:IN'QTY+21:3").problems
    assert (problem.code, problem.severity) == ("no_order", "error")
    assert problem.where.startswith("UNH 1, segment 2 BGM, element 2, byte ")


def test_an_invoice_that_names_no_order_is_used_with_a_warning() -> None:
    unit = _one("INVOIC", "BGM+380+INV-1'LIN+1++A:IN'QTY+47:3'UNS+S'MOA+77:9")
    assert isinstance(unit.documents[0].document, InvoiceReceived)
    assert _codes(unit) == {"no_order"}


def test_a_quantity_that_is_no_number_refuses_the_message_where_it_is_read() -> None:
    assert _codes(_one("ORDERS", "BGM+220+1'LIN+1++A:IN'QTY+21:many")) == {"not_a_number"}


def test_a_quantity_of_no_interest_is_not_looked_at() -> None:
    unit = _one("ORDERS", "BGM+220+1'LIN+1++A:IN'QTY+21:3'QTY+101:heavy")
    assert unit.documents
    assert not unit.problems


@pytest.mark.parametrize("number", ["C-88", "C-88:2"])
@pytest.mark.parametrize("unit", ["PCE", "H87"])
def test_what_moved_between_directories_is_read_wherever_it_stands(number: str, unit: str) -> None:
    (translated,) = _one("ORDERS", f"BGM+220+{number}+9'LIN+1++A:IN'QTY+21:3:{unit}").documents
    order = translated.document
    assert isinstance(order, OrderPlaced)
    assert order.order is not None
    assert (order.order.number, order.lines[0].unit) == ("C-88", "H87")


@pytest.mark.parametrize(
    ("function", "coverage"), [("27", "rejected"), ("29", "accepted"), ("4", "detail"), ("30", "exceptions")]
)
def test_the_function_of_an_answer_says_what_silence_means(function: str, coverage: str) -> None:
    (translated,) = _one("ORDRSP", f"BGM+231+R-1+{function}'RFF+ON:1").documents
    assert isinstance(translated.document, OrderAcknowledged)
    assert translated.document.coverage == coverage


def test_a_warehouse_reports_receipts_of_the_buyer_it_names() -> None:
    (translated,) = _one("RECADV", "BGM+632+R-1'RFF+ON:1'NAD+BY+SUP::92'LIN+1++A:IN'QTY+48:3").documents
    receipt = translated.document
    assert isinstance(receipt, GoodsReceived)
    assert receipt.order is not None
    assert receipt.order.issuer == "14:SUP"


def test_a_line_in_none_of_several_orders_is_refused() -> None:
    lines = "LIN+1++A:IN'QTY+12:1'RFF+ON:1'LIN+2++B:IN'QTY+12:1'RFF+ON:2'LIN+3++C:IN'QTY+12:1"
    assert "line_without_order" in _codes(_one("DESADV", f"BGM+351+S-1'CPS+1'{lines}"))


def test_a_circle_of_consignments_has_an_end() -> None:
    told = "CPS+1+2'GIN+BJ+111'CPS+2+1'GIN+BJ+222'LIN+1++A:IN'QTY+12:1"
    (translated,) = _one("DESADV", f"BGM+351+S-1'RFF+ON:1'{told}").documents
    assert translated.document.lines[0].packages == ("111", "222")  # type: ignore[union-attr]


def test_the_partners_own_codes_and_time_zone_are_read_by_its_profile() -> None:
    profile = ReadingProfile(
        time_zone="Europe/Berlin", codes={"unit": {"STK": "H87"}, "order_type": {"N1": "220"}}
    )
    unit = _one("ORDERS", "BGM+N1+1'DTM+137:202603021200:203'LIN+1++A:IN'QTY+21:3:STK", profile=profile)
    order = unit.documents[0].document
    assert isinstance(order, OrderPlaced)
    assert order.lines[0].unit == "H87"
    assert order.kind == "stand_alone"
    assert order.issued_at == dt.datetime(2026, 3, 2, 11, tzinfo=dt.UTC)
    assert unit.documents[0].envelope_at == dt.datetime(2026, 3, 2, 8, 15, tzinfo=dt.UTC)


def test_a_message_that_is_agreed_never_to_come_is_refused() -> None:
    profile = ReadingProfile(sets=(SetStanding(kind="ORDERS", standing="never"),))
    assert _codes(_one("ORDERS", "BGM+220+1", profile=profile)) == {"set_not_agreed"}


def test_a_syntax_report_is_owed_only_where_it_is_asked_for() -> None:
    order = "BGM+220+1'LIN+1++A:IN'QTY+21:many"
    assert EdifactTranslator().replies(_message("ORDERS", order)) == []
    asked = _message("ORDERS", order, unb="++++1")
    (reply,) = EdifactTranslator().replies(asked)
    assert EdifactTranslator().replies(asked) == [reply]
    (unit,) = EdifactTranslator().translate(
        VerbatimMessage(body=reply.body, content_type="application/edifact")
    )
    assert [(word.interchange_control, word.set_control, word.status) for word in unit.functional or ()] == [
        ("77", "", "A"),
        ("77", "1", "R"),
    ]


def test_x12_under_the_name_of_edifact_is_told_its_own_and_the_other_way_round() -> None:
    x12 = (
        b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*0915*U*00401*1*0*P*>~"
    )
    (unit,) = EdifactTranslator().translate(VerbatimMessage(body=x12, content_type="application/edifact"))
    assert "application/edi-x12" in unit.problems[0].text
    edifact = _message("ORDERS", "BGM+220+1").body
    (unit,) = X12Translator().translate(VerbatimMessage(body=edifact, content_type="application/edi-x12"))
    assert "EDIFACT" in unit.problems[0].text


@pytest.mark.parametrize("start", [b"UNA:+.? 'UNB+", b"UNB+UNOA:1", b"\xef\xbb\xbf\r\nUNA:+.? '"])
def test_a_file_that_begins_with_una_or_unb_is_edifact(start: bytes) -> None:
    assert content_type_of(body=start) == "application/edifact"
    assert content_type_of(body=b"ISA*00*") == "application/edi-x12"


@pytest.mark.parametrize(
    ("value", "form", "start", "end"),
    [
        ("20260302", "102", "2026-03-02", "2026-03-02"),
        ("260302", "101", "2026-03-02", "2026-03-02"),
        ("202610", "616", "2026-03-02", "2026-03-08"),
        ("202602", "610", "2026-02-01", "2026-02-28"),
        ("2612", "609", "2026-12-01", "2026-12-31"),
        ("20260302-20260315", "718", "2026-03-02", "2026-03-15"),
        ("202603021530", "", "2026-03-02", "2026-03-02"),
    ],
)
def test_a_date_is_read_by_its_format(value: str, form: str, start: str, end: str) -> None:
    period = read_period(value, form)
    assert period is not None
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@pytest.mark.parametrize(("value", "form"), [("20261302", "102"), ("x", "203"), ("202699", "616"), ("1", "")])
def test_what_is_no_date_is_none(value: str, form: str) -> None:
    assert read_period(value, form) is None


def test_an_isbn_of_ten_figures_is_the_gtin_it_became() -> None:
    assert isbn_13("0-306-40615-2") == "9780306406157"


_TEXTS = st.text(alphabet=st.sampled_from(list("AZ09:+?.-, é\x00*")), max_size=24)
_TAGS = st.sampled_from(
    [
        "LIN",
        "QTY",
        "DTM",
        "RFF",
        "PIA",
        "PRI",
        "MOA",
        "ALC",
        "PCD",
        "SCC",
        "CPS",
        "GIN",
        "NAD",
        "LOC",
        "QVR",
        "TAX",
        "UNS",
        "CNT",
        "ERC",
        "FTX",
        "STS",
        "CNI",
        "GID",
        "UCI",
        "UCM",
        "UCS",
        "UCD",
        "BGM",
        "XYZ",
        "",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(sorted(GOLDEN.glob("*.edi"))),
    added=st.lists(st.tuples(st.integers(2, 40), _TAGS, _TEXTS), max_size=6),
)
def test_no_segment_however_odd_raises(path: Path, added: list[tuple[int, str, str]]) -> None:
    rows = path.read_text().split("'\n")
    for place, tag, text in added:
        rows.insert(min(place, len(rows) - 3), f"{tag}+{text}")
    message = VerbatimMessage(body="'\n".join(rows).encode(), content_type="application/edifact")
    units = list(EdifactTranslator().translate(message))
    EdifactTranslator().replies(message)
    assert units or not list(read_parts(message.body))
