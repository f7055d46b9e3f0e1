"""810 and 880: charges, taxes and totals add up, or somebody is told."""

from decimal import Decimal

import pytest
from x12_samples import wrap, write

from integrations.mappings.x12.translator import X12Translator
from visibility.canonical.documents import InvoiceReceived
from visibility.inbox.ports import Unit, VerbatimMessage

HEAD = ["810", "BIG*20260318*INV-1**4500017"]
GOODS = "IT1*1*10*CA*12.5**BP*SKU-1042"


def unit_of(*segments: str, code: str = "IN") -> Unit:
    body = write(wrap(list(segments), code=code))
    (unit,) = X12Translator().translate(VerbatimMessage(body=body, content_type="application/edi-x12"))
    return unit


def bill_of(unit: Unit) -> InvoiceReceived:
    (translated,) = unit.documents
    assert isinstance(translated.document, InvoiceReceived)
    return translated.document


def codes_of(unit: Unit) -> list[str]:
    return [problem.code for problem in unit.problems]


def charges_of(unit: Unit) -> list[tuple[str, Decimal]]:
    return [(charge.code, charge.amount) for charge in bill_of(unit).charges]


@pytest.mark.parametrize(
    ("total", "told"), [("12500", False), ("12501", False), ("12502", True), ("-12500", True)]
)
def test_a_total_that_is_not_the_sum_of_the_lines_is_told(total: str, told: bool) -> None:
    assert ("total_differs" in codes_of(unit_of(*HEAD, GOODS, f"TDS*{total}"))) is told


def test_a_total_is_not_compared_where_a_line_has_no_price() -> None:
    unit = unit_of(*HEAD, GOODS, "IT1*2*1*EA***BP*SKU-2", "TDS*99")
    assert codes_of(unit) == []


def test_charges_and_taxes_are_part_of_the_total() -> None:
    unit = unit_of(*HEAD, GOODS, "TDS*14250", "SAC*C*D240***2000", "SAC*A*C310***500", "TXI*ST*2.5")
    assert codes_of(unit) == []
    assert charges_of(unit) == [
        ("D240", Decimal(20)),
        ("C310", Decimal(-5)),
        ("tax", Decimal("2.5")),
    ]


def test_a_charge_under_lines_counts_once_where_the_whole_bill_sums_it_up() -> None:
    under = [GOODS, "SAC*C*G830***300", "IT1*2*1*CA*1**BP*SKU-2", "SAC*C*G830***300"]
    assert charges_of(unit_of(*HEAD, *under, "TDS*13200", "SAC*C*G830***600")) == [("G830", Decimal(6))]


def test_a_charge_told_under_lines_alone_is_summed() -> None:
    under = [GOODS, "SAC*C*G830***300", "IT1*2*1*CA*1**BP*SKU-2", "SAC*C*G830***300"]
    unit = unit_of(*HEAD, *under, "TDS*13200")
    assert charges_of(unit) == [("G830", Decimal(6))]
    assert codes_of(unit) == []


def test_taxes_of_two_kinds_stay_apart() -> None:
    unit = unit_of(*HEAD, GOODS, "TXI*ST*1", "TXI*CS*2", "TDS*12800", "TXI*ST*1")
    assert [(charge.description, charge.amount) for charge in bill_of(unit).charges] == [
        ("ST", Decimal(1)),
        ("CS", Decimal(2)),
    ]


def test_a_percentage_without_an_amount_is_reckoned_and_told() -> None:
    unit = unit_of(*HEAD, "SAC*A*C310****Z*10", GOODS, "TDS*11250")
    assert charges_of(unit) == [("C310", Decimal("-12.50"))]
    assert codes_of(unit) == ["charge_reckoned"]


def test_a_percentage_of_goods_without_a_price_is_left_out_and_told() -> None:
    unit = unit_of(*HEAD, "SAC*A*C310****Z*10", "IT1*1*1*CA***BP*SKU-1042")
    assert charges_of(unit) == []
    assert codes_of(unit) == ["charge_unknown"]


@pytest.mark.parametrize("total", ["6250", "-6250"])
def test_the_sign_of_a_credits_total_is_anybodys_guess(total: str) -> None:
    unit = unit_of("810", "BIG*20260318*CR-1**4500017***CR", "IT1*1*-5*CA*12.5**BP*SKU-1042", f"TDS*{total}")
    assert codes_of(unit) == []
    assert bill_of(unit).kind == "credit"


@pytest.mark.parametrize("reference", ["REF*OI*INV-9", "REF*IV*INV-9"])
def test_a_credit_names_the_invoice_it_is_about(reference: str) -> None:
    assert bill_of(unit_of("810", "BIG*20260318*CR-1*****CR", reference, GOODS)).corrects == "INV-9"
    assert bill_of(unit_of(*HEAD, reference, GOODS)).corrects == ""


def test_an_invoice_without_an_order_is_used_with_a_warning() -> None:
    unit = unit_of("810", "BIG*20260318*INV-1", GOODS)
    (problem,) = unit.problems
    assert (problem.code, problem.severity) == ("no_order", "warning")
    assert bill_of(unit).order is None


def test_orders_of_the_head_alone_are_not_guessed_onto_lines() -> None:
    unit = unit_of("810", "BIG*20260318*INV-1", "REF*PO*1", "REF*PO*2", GOODS)
    assert bill_of(unit).order is None
    assert codes_of(unit) == ["several_orders", "no_order"]


def test_the_one_order_of_the_head_is_the_invoices() -> None:
    order = bill_of(unit_of("810", "BIG*20260318*INV-1", "REF*PO*1", "REF*PO*1", GOODS)).order
    assert order is not None
    assert order.number == "1"


@pytest.mark.parametrize(
    ("handling", "amount"), [("02", Decimal("-1.5")), ("06", Decimal("1.5")), ("01", None), ("04", None)]
)
def test_an_allowance_of_the_grocery_trade_counts_where_it_changes_the_bill(
    handling: str, amount: Decimal | None
) -> None:
    unit = unit_of("880", "G01*20260318*INV-1**4500017", f"G72*88*{handling}******150", code="GP")
    assert charges_of(unit) == ([] if amount is None else [("88", amount)])
