"""The X12 translator: one unit a set, what is wrong with a set stays with it, and says where."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from x12_samples import ANSWER, INVOICE, NOTICE, ORDER, RECEIPT, wrap, write

from integrations.mappings.x12.translator import X12Translator
from visibility.canonical.documents import (
    DocumentFiled,
    GoodsReceived,
    InvoiceReceived,
    OrderAcknowledged,
    OrderPlaced,
    ShipmentNotified,
)
from visibility.inbox.ports import Problem, ReadingProfile, SetStanding, Unit, VerbatimMessage


def translate(body: bytes) -> list[Unit]:
    message = VerbatimMessage(body=body, content_type="application/edi-x12")
    return list(X12Translator().translate(message))


def unit_of(body: list[str], code: str = "PO") -> Unit:
    (unit,) = translate(write(wrap(body, code=code), "~", ""))
    return unit


def problem_of(body: list[str], code: str = "PO") -> Problem:
    unit = unit_of(body, code)
    assert not unit.documents
    (problem,) = unit.problems
    assert problem.severity == "error"
    return problem


def test_a_fault_in_one_set_leaves_its_neighbours_alone() -> None:
    broken = [*ORDER[:2], "PO1*1*many*CA*12.5**BP*SKU-1042", "CTT*1"]
    units = translate(write(wrap(ORDER, broken, ORDER)))
    assert [len(unit.documents) for unit in units] == [1, 0, 1]
    assert [translated.control for unit in units for translated in unit.documents] == [
        "000000107/107/0001",
        "000000107/107/0003",
    ]


def test_a_quantity_that_is_not_a_number_is_told_with_its_place() -> None:
    body = [*ORDER[:2], "PO1*1*many*CA*12.5**BP*SKU-1042", "CTT*1"]
    raw = write(wrap(body), "~", "")
    problem = problem_of(body)
    assert problem.code == "not_a_number"
    assert problem.text == "'many' is not a number; a quantity must be one"
    assert problem.where == f"ST 0001, segment 3 PO1, element 2, byte {raw.index(b'PO1*')}"


@pytest.mark.parametrize(
    "quantity", ["1e5", "NaN", "Infinity", "1_000", "1,000", "१२", "9" * 16, "0." + "1" * 10, "-", "."]
)
def test_a_quantity_is_digits_with_a_sign_and_a_point(quantity: str) -> None:
    line = f"PO1*1*{quantity}*CA".encode().decode("latin-1")
    assert problem_of([*ORDER[:2], line]).code == "not_a_number"


def test_all_faults_of_a_set_are_told_at_once() -> None:
    unit = unit_of([*ORDER[:2], "PO1*1*x*CA", "PO1*2*-5*CA*cheap"])
    assert [problem.code for problem in unit.problems] == [
        "not_a_number",
        "negative_quantity",
        "not_a_number",
    ]


@pytest.mark.parametrize(
    ("body", "code", "expected"),
    [
        (["850", "BEG*00*SA**"], "PO", "no_order"),
        (["850", "PO1*1*1*EA"], "PO", "missing_segment"),
        (["855", "BAK*00*AC**"], "PR", "no_order"),
        (["855", "PO1*1*1*EA"], "PR", "missing_segment"),
        (["855", ANSWER[1], "ACK*IA*1*EA", ANSWER[2]], "PR", "ack_without_line"),
        (["856", "BSN*00**20260316", *NOTICE[2:]], "SH", "no_shipment_number"),
        (["856", NOTICE[1]], "SH", "missing_segment"),
        (["856", *NOTICE[2:]], "SH", "missing_segment"),
        ([*NOTICE[:6], "HL*3*9*I"], "SH", "hl_parent_missing"),
        ([*NOTICE[:2], "HL*1*2*S", "HL*2*1*O"], "SH", "hl_circular"),
        ([*NOTICE, "HL*4*1*O", "PRF*2", "HL*5*1*I", "LIN*1*BP*X"], "SH", "line_without_order"),
        (["810", "BIG*20260318**4500017**"], "IN", "no_invoice_number"),
        (["810", "IT1*1*1*EA"], "IN", "missing_segment"),
        (["944", "W07*1*EA"], "RE", "missing_segment"),
        (["850", f"BEG*00*SA*{'9' * 81}"], "PO", "element_too_long"),
    ],
)
def test_a_set_that_cannot_be_used_says_why(body: list[str], code: str, expected: str) -> None:
    unit = unit_of(body, code)
    assert not unit.documents
    errors = [problem for problem in unit.problems if problem.severity == "error"]
    assert expected in [problem.code for problem in errors]
    assert all(problem.text and problem.where.startswith("ST 0001, segment ") for problem in errors)


def test_a_set_cut_off_is_not_used() -> None:
    segments = wrap(ORDER, ORDER)
    units = translate(write(segments[:-5]))
    assert [len(unit.documents) for unit in units][:2] == [1, 0]
    assert units[1].problems[0].code == "missing_se"
    assert {problem.code for unit in units[2:] for problem in unit.problems} == {"missing_ge", "missing_iea"}
    assert all(problem.severity == "warning" for unit in units[2:] for problem in unit.problems)


def test_wrong_counts_are_warnings_and_the_set_is_used() -> None:
    segments = [segment.replace("SE*5*", "SE*9*") for segment in wrap(ORDER)]
    (unit,) = translate(write(segments))
    assert len(unit.documents) == 1
    assert [(problem.code, problem.severity) for problem in unit.problems] == [("se_count", "warning")]


def test_a_set_that_the_standard_does_not_know_is_refused() -> None:
    problem = problem_of(["9Z9", "B2**SCAC**1"], "SM")
    assert problem.code == "unsupported_set"
    assert "'9Z9'" in problem.text
    assert problem.where.startswith("ST 0001")


def test_a_set_of_the_standard_without_a_mapping_is_filed_with_its_numbers() -> None:
    unit = unit_of(["864", "BMG*00*NOTE-17", "REF*PO*4500017"], "TX")
    (translated,) = unit.documents
    assert isinstance(translated.document, DocumentFiled)
    assert translated.document.kind == "x12:864"
    assert translated.document.number == "NOTE-17"
    assert translated.document.references == ("PO:4500017",)
    assert [(problem.code, problem.severity) for problem in unit.problems] == [("filed", "warning")]


def test_a_set_that_a_partner_never_sends_is_refused_with_the_reason() -> None:
    never = ReadingProfile(partner="Acme", sets=(SetStanding(kind="850", standing="never"),))
    message = VerbatimMessage(
        body=write(wrap(ORDER)), content_type="application/edi-x12", profiles={"ZZ:NORTHGATE": never}
    )
    (unit,) = X12Translator().translate(message)
    assert [problem.code for problem in unit.problems] == ["set_not_agreed"]
    assert not unit.documents


@pytest.mark.parametrize("code", ["997", "999"])
def test_an_acknowledgement_of_ours_is_noted_without_an_error(code: str) -> None:
    unit = unit_of([code, "AK1*PO*1", "AK9*A*1*1*1"], "FA")
    assert not unit.documents
    assert [(problem.code, problem.severity) for problem in unit.problems] == [("acknowledgement", "warning")]
    assert "functional acknowledgement noted" in unit.problems[0].text


def test_an_interchange_acknowledgement_is_noted() -> None:
    segments = wrap(ORDER)
    (unit,) = translate(write([segments[0], "TA1*000000050*260229*1200*A*000", "IEA*1*000000107"]))
    assert [(problem.code, problem.severity) for problem in unit.problems] == [("acknowledgement", "warning")]


def test_an_interchange_of_nothing_is_unreadable() -> None:
    segments = wrap(ORDER)
    (unit,) = translate(write([segments[0], "IEA*0*000000107"]))
    assert [(problem.code, problem.severity) for problem in unit.problems] == [
        ("unreadable_document", "error")
    ]


@pytest.mark.parametrize(
    "body", [b"", b"PK\x03\x04", write(wrap(ORDER)).decode().encode("utf-16"), b"\x00\xff" * 90, b"ISA*00*"]
)
def test_a_file_that_cannot_be_read_is_one_unit_with_its_reason(body: bytes) -> None:
    (unit,) = translate(body)
    assert not unit.documents
    (problem,) = unit.problems
    assert (problem.code, problem.severity, "byte 0" in problem.where) == (
        "unreadable_document",
        "error",
        True,
    )


def test_the_order_is_scoped_by_the_buyers_side_of_the_envelope() -> None:
    supplier_side = {"sender": "ACMEIND", "receiver": "NORTHGATE"}
    files = [
        write(wrap(ORDER, sender="NORTHGATE", receiver="ACMEIND")),
        *(
            write(wrap(body, code=code, **supplier_side))
            for body, code in ((ANSWER, "PR"), (NOTICE, "SH"), (INVOICE, "IN"))
        ),
        write(wrap(RECEIPT, code="RE", sender="DALLASWMS", receiver="NORTHGATE")),
    ]
    for body in files:
        (unit,) = translate(body)
        order = unit.documents[0].document.order
        assert order is not None
        assert (order.number, order.issuer, order.release) == ("4500017", "ZZ:NORTHGATE", "")
        assert unit.documents[0].document.buyer.ids[0] == "ZZ:NORTHGATE"


def test_the_envelope_gives_moment_and_control_and_no_event_id() -> None:
    (unit,) = translate(write(wrap(ORDER)))
    (translated,) = unit.documents
    assert translated.envelope_at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    assert translated.control == "000000107/107/0001"
    assert (translated.event_id, translated.source, translated.where) == ("", "", "ST 0001")


def test_the_interchange_dates_a_group_that_does_not() -> None:
    segments = wrap(ORDER)
    segments[1] = "GS*PO*NORTHGATE*ACMEIND*2026*noon*107*X*004010"
    (unit,) = translate(write(segments))
    assert unit.documents[0].envelope_at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def test_an_answer_is_told_from_others_by_its_number_and_date_or_else_by_its_envelope() -> None:
    def version(bak: str) -> str:
        return unit_of(["855", bak], "PR").documents[0].document.version

    assert version("BAK*00*AT*1*20260227****SO-5*20260301") == "SO-5|20260301"
    assert version("BAK*00*AT*1*20260227*****20260301") == "|20260301"
    assert version("BAK*00*AT*1*20260227") == "2026-03-02T09:15:00+00:00|000000107/107/0001"


def test_a_date_one_element_late_is_the_orders_date_not_a_release() -> None:
    document = unit_of(["855", "BAK*00*AT*1**20260227"], "PR").documents[0].document
    assert document.order is not None
    assert document.order.release == ""
    stated = unit_of(["855", "BAK*00*AT*1*20260227*0003"], "PR").documents[0].document
    assert stated.order is not None
    assert stated.order.release == "0003"


def answered(*segments: str) -> list[tuple[str, Decimal | None, str]]:
    unit = unit_of(["855", ANSWER[1], "PO1*1*100*CA*12.5**BP*SKU-1042", *segments], "PR")
    document = unit.documents[0].document
    assert isinstance(document, OrderAcknowledged)
    return [(part.answer, part.quantity, str(part.date)) for part in document.lines[0].parts]


def test_a_line_without_an_ack_is_unanswered() -> None:
    assert answered() == []


def test_acks_under_one_line_stay_apart_by_class() -> None:
    assert answered("ACK*IA*60*CA", "ACK*IR*40*CA") == [
        ("accepted", Decimal(60), "None"),
        ("rejected", Decimal(40), "None"),
    ]


def test_schedules_split_the_accepted_quantity_and_leave_the_rest_undated() -> None:
    assert answered(
        "ACK*IA*60*CA", "SCH*40*CA***067*20260401", "SCH*15*CA***067*20260408", "DTM*067*20260501"
    ) == [
        ("accepted", Decimal(40), "2026-04-01"),
        ("accepted", Decimal(15), "2026-04-08"),
        ("accepted", Decimal(5), "None"),
    ]


def test_changes_without_a_quantity_are_aspects_of_the_one_that_has_it() -> None:
    assert answered("ACK*IP", "ACK*DR***067*20260401", "ACK*IQ*80*CA") == [
        ("accepted", Decimal(80), "2026-04-01")
    ]


def test_an_accepted_quantity_of_nought_is_nought() -> None:
    assert answered("ACK*IQ*0*CA") == [("accepted", Decimal(0), "None")]


def test_schedules_nobody_accepted_are_told_and_left_out() -> None:
    unit = unit_of(["855", ANSWER[1], ANSWER[2], "SCH*40*CA***067*20260401"], "PR")
    assert [problem.code for problem in unit.problems] == ["schedule_ambiguous"]


def test_an_asn_of_one_order_names_it_once_and_one_of_several_on_each_line() -> None:
    one = unit_of(NOTICE, "SH").documents[0].document
    assert isinstance(one, ShipmentNotified)
    assert one.order is not None
    assert [line.order for line in one.lines] == [None]
    second = ["HL*4*1*O", "PRF*4500018", "HL*5*4*I", "LIN*1*BP*SKU-2", "SN1**5*EA"]
    two = unit_of([*NOTICE[:-1], *second], "SH").documents[0].document
    assert isinstance(two, ShipmentNotified)
    assert two.order is None
    assert [line.order.number for line in two.lines if line.order] == ["4500017", "4500018"]


def test_a_cancelled_asn_needs_no_loops() -> None:
    document = unit_of(["856", "BSN*01*ASN-900*20260316"], "SH").documents[0].document
    assert isinstance(document, ShipmentNotified)
    assert (document.purpose, document.number, document.lines) == ("cancel", "ASN-900", ())


def test_items_repeating_many_packages_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.mappings.x12.notice_tree.MAX_PACKAGE_MENTIONS", 5)
    marks = [f"MAN*GM*{number}" for number in range(3)]
    items = [line for number in range(3, 6) for line in (f"HL*{number}*2*I", "LIN*1*BP*X", "SN1**1*EA")]
    unit = unit_of([*NOTICE[:6], *marks, *items], "SH")
    assert [problem.code for problem in unit.problems] == ["too_many_packages"]


def test_amounts_have_two_implied_decimals() -> None:
    document = unit_of(INVOICE, "IN").documents[0].document
    assert isinstance(document, InvoiceReceived)
    assert document.total == Decimal(750)


def test_an_invoice_may_name_an_order_a_line() -> None:
    lines = ["IT1*1*1*EA*5", "REF*PO*A-1", "IT1*2*1*EA*5", "REF*PO*A-2"]
    document = unit_of(["810", "BIG*20260318*INV-1", *lines], "IN").documents[0].document
    assert document.order is None
    assert isinstance(document, InvoiceReceived)
    assert [line.order.number for line in document.lines if line.order] == ["A-1", "A-2"]
    single = unit_of(["810", "BIG*20260318*INV-1", *lines[:2]], "IN").documents[0].document
    assert single.order is not None
    assert single.order.number == "A-1"


def test_a_receipt_may_be_tied_by_its_shipment_or_bill_alone() -> None:
    for body in (["944", "W17*F*20260321*RCV-1**ASN-900"], ["944", "W17*F*20260321*RCV-1", "N9*BM*BOL-1"]):
        document = unit_of(body, "RE").documents[0].document
        assert isinstance(document, GoodsReceived)
        assert document.order is None
        assert document.shipment or document.bill_of_lading


def test_names_in_utf8_are_kept_and_control_characters_are_not() -> None:
    name = "Müller & Söhne\x07 GmbH\x00".encode().decode("latin-1")
    document = unit_of(["850", "BEG*00*SA*1**20260227", f"N1*SU*{name}*92*7"]).documents[0].document
    assert isinstance(document, OrderPlaced)
    assert document.supplier.name == "Müller & Söhne  GmbH"


def test_a_unit_that_x12_does_not_have_is_told_and_kept() -> None:
    unit = unit_of(["850", "BEG*00*SA*1**20260227", "PO1*1*5*EACH"])
    document = unit.documents[0].document
    assert isinstance(document, OrderPlaced)
    assert document.lines[0].unit == "EACH"
    assert [(problem.code, problem.severity) for problem in unit.problems] == [("unknown_unit", "warning")]


@pytest.mark.parametrize("written", ["260227", "20260227"])
def test_dates_may_have_two_or_four_digits_of_year(written: str) -> None:
    document = unit_of(["850", f"BEG*00*SA*1**{written}"]).documents[0].document
    assert isinstance(document, OrderPlaced)
    assert str(document.ordered_on) == "2026-02-27"


def test_what_is_not_a_date_is_left_out_and_told() -> None:
    unit = unit_of(["850", "BEG*00*SA*1**20260230"])
    document = unit.documents[0].document
    assert isinstance(document, OrderPlaced)
    assert document.ordered_on is None
    assert [(problem.code, problem.severity) for problem in unit.problems] == [("not_a_date", "warning")]
