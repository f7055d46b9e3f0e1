"""How many ways bills are matched is agreed like a tolerance: by supplier, by the company, else 3-way."""

from decimal import Decimal

import pytest
from agreeing_terms import KIM, partner
from factories import accepted, answer, answer_line, invoice, kinds, line, notice, order, receipt, tell

from visibility.core.errors import InputError
from visibility.inbox.models import Connection
from visibility.masterdata.models import Tolerance, TradingPartner
from visibility.masterdata.tolerance_setting import Whom, set_tolerance

pytestmark = pytest.mark.django_db
MATCH = Tolerance.Measure.MATCH


def agree(at: Connection, ways: str, partner: TradingPartner | None = None) -> Tolerance:
    return set_tolerance(
        company=at.company,
        whom=Whom(partner=partner),
        measure=MATCH,
        percent=None,
        amount=Decimal(ways),
        speaker=KIM,
    )


def bill_of_a_hundred(at: Connection) -> set[str]:
    """All are confirmed, shipped and billed; 90 came in."""
    tell(
        at,
        order(),
        answer("4500001", answer_line("1", accepted(100))),
        notice(),
        receipt("R-1", line(quantity=90)),
        invoice(),
    )
    return kinds(at)


def test_what_came_in_counts_where_nothing_is_said(trial: Connection):
    assert "invoice_quantity" in bill_of_a_hundred(trial)


def test_two_way_matching_asks_for_the_order_alone(trial: Connection):
    agree(trial, "2")
    assert "invoice_quantity" not in bill_of_a_hundred(trial)


@pytest.mark.parametrize("ways", ["1", "5", "2.5"])
def test_there_are_two_three_and_four_ways(trial: Connection, ways: str):
    with pytest.raises(InputError) as wrong:
        agree(trial, ways)
    assert wrong.value.where == "/amount"


def test_what_is_agreed_with_the_supplier_counts_before_the_company(trial: Connection):
    agree(trial, "2")
    agree(trial, "3", partner(trial.company))
    assert "invoice_quantity" in bill_of_a_hundred(trial)
