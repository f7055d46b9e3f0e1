"""Tolerances from what is agreed to what becomes a case: levels, changes, and who is told of them."""

import datetime as dt
from unittest import mock

import pytest
from agreeing_terms import KIM, agree, item, partner
from factories import (
    accepted,
    answer,
    answer_line,
    company,
    connection,
    invoice,
    kinds,
    line,
    notice,
    order,
    receipt,
    tell,
)

from visibility.access.scopes import Scope, scope_of_company
from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.deadlines import set_deadlines
from visibility.masterdata.models import AuditEntry, Company, TermsChange, Tolerance
from visibility.masterdata.tolerance_setting import remove_tolerance
from visibility.masterdata.tolerances import tolerances_of
from visibility.pipeline import changed_terms
from visibility.pipeline.changed_terms import SECOND_LOOK, look_after_changes
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.tolerances import tolerance_sources
from visibility.triage.models import ExceptionCase

NOON = dt.datetime(2026, 11, 3, 18, tzinfo=dt.UTC)


@pytest.fixture
def erp(db: None) -> Connection:
    return connection(of=company())


def confirm(at: Connection, quantity: int, number: str = "4500001") -> None:
    tell(
        at,
        order(number, id=f"order {number}"),
        answer(number, answer_line("1", accepted(quantity)), id=f"answer {number}"),
    )


def look_again(now: dt.datetime = NOON) -> None:
    """What the chores do."""
    with clock.at(now):
        look_after_changes()
        sweep_due(as_of=now)


@pytest.mark.parametrize("level", ["company", "partner", "item", "line"])
@pytest.mark.parametrize(("quantity", "found"), [(95, False), (94, True)])
def test_a_tolerance_counts_on_whatever_level_it_is_agreed(
    erp: Connection, level: str, quantity: int, found: bool
) -> None:
    acme, sku = partner(erp.company), item(erp.company)
    whom = {
        "company": {},
        "partner": {"partner": acme},
        "item": {"partner": acme, "item": sku},
        "line": {"order_number": "4500001", "line": "1"},
    }
    agree(erp.company, "quantity_under", percent=5, **whom[level])
    confirm(erp, quantity)
    assert ("confirmed_short" in kinds(erp)) is found


def test_the_nearest_level_that_says_something_counts_and_zero_is_a_word(erp: Connection) -> None:
    acme, sku = partner(erp.company), item(erp.company)
    agree(erp.company, "quantity_under", percent=50)
    agree(erp.company, "quantity_under", percent=0, partner=acme)
    confirm(erp, 99)
    assert "confirmed_short" in kinds(erp)
    agree(erp.company, "quantity_under", percent=10, partner=acme, item=sku)
    confirm(erp, 99, "4500002")
    agree(erp.company, "quantity_under", amount=0, order_number="4500003", line="1")
    confirm(erp, 99, "4500003")
    short = ExceptionCase.objects.filter(kind="confirmed_short", is_open=True)
    assert set(short.values_list("order_number", flat=True)) == {"4500001", "4500003"}


def test_a_level_that_says_nothing_of_a_measure_leaves_it_to_the_next(erp: Connection) -> None:
    acme = partner(erp.company)
    item(erp.company)
    agree(erp.company, "quantity_under", percent=5)
    agree(erp.company, "price", percent=0, partner=acme)
    confirm(erp, 96)
    assert kinds(erp) == set()


def test_what_is_agreed_with_one_supplier_is_not_agreed_with_another(erp: Connection) -> None:
    partner(erp.company)
    other = partner(erp.company, "ZZ:OTHER", "Other Mills")
    sku = item(erp.company)
    agree(erp.company, "quantity_under", percent=50, partner=other)
    agree(erp.company, "quantity_under", percent=50, partner=other, item=sku)
    agree(erp.company, "quantity_under", percent=50, partner=other, order_number="4500001", line="1")
    confirm(erp, 60)
    assert "confirmed_short" in kinds(erp)


def test_what_one_company_agreed_says_nothing_of_another_one(erp: Connection) -> None:
    agree(company(), "quantity_under", percent=50)
    confirm(erp, 60)
    assert "confirmed_short" in kinds(erp)


@pytest.mark.parametrize(("both", "found"), [("lower", True), ("greater", False)])
def test_of_percent_and_amount_the_lower_or_the_greater_counts_as_agreed(
    erp: Connection, both: str, found: bool
) -> None:
    agree(erp.company, "quantity_under", percent=2, amount=10, both=both)
    confirm(erp, 94)
    assert ("confirmed_short" in kinds(erp)) is found


def test_prices_and_over_deliveries_have_tolerances_of_their_own(erp: Connection) -> None:
    agree(erp.company, "price", amount="0.50")
    agree(erp.company, "quantity_over", percent=5)
    confirm(erp, 100)
    tell(
        erp,
        notice(),
        receipt("R-1", line(quantity=104)),
        invoice("INV-1", line(price="10.40")),
    )
    assert not kinds(erp) & {"invoice_price", "received_over"}
    tell(erp, receipt("R-2", line(quantity=2)), invoice("INV-2", line(quantity=1, price="10.60")))
    assert {"invoice_price", "received_over"} <= kinds(erp)


def test_cases_close_and_open_without_a_message_when_a_tolerance_changes(erp: Connection) -> None:
    with clock.at(NOON):
        confirm(erp, 96)
        assert "confirmed_short" in kinds(erp)
        row = agree(erp.company, "quantity_under", percent=5)
    look_again()
    assert "confirmed_short" not in kinds(erp)
    with clock.at(NOON):
        remove_tolerance(company=erp.company, tolerance_id=row.pk, speaker=KIM)
    look_again()
    assert "confirmed_short" in kinds(erp)


def test_a_finished_order_is_looked_at_again_where_something_differed(erp: Connection) -> None:
    with clock.at(NOON):
        agree(erp.company, "quantity_under", percent=5)
        look_again()
        confirm(erp, 96)
        confirm(erp, 100, "4500002")
    Flow.objects.update(state=Flow.State.DONE, look_at=None)
    with clock.at(NOON):
        agree(erp.company, "quantity_under", percent=1)
        look_after_changes()
    marked = Flow.objects.filter(look_at__isnull=False)
    assert list(marked.values_list("number", flat=True)) == ["4500001"]


def test_only_the_orders_that_a_change_concerns_are_looked_at_again(erp: Connection) -> None:
    acme = partner(erp.company)
    other = partner(erp.company, "ZZ:OTHER", "Other Mills")
    confirm(erp, 96)
    tell(erp, order("4500002", supplier={"ids": ["ZZ:OTHER"]}), order("4500003"))
    for whom, numbers in (
        ({"partner": other}, ["4500002"]),
        ({"partner": acme}, ["4500001", "4500003"]),
        ({"order_number": "4500003", "line": "1"}, ["4500003"]),
        ({}, ["4500001", "4500002", "4500003"]),
    ):
        Flow.objects.update(look_at=None)
        TermsChange.objects.all().delete()
        agree(erp.company, "quantity_under", percent=7, **whom)
        look_after_changes()
        marked = Flow.objects.filter(look_at__isnull=False).order_by("number")
        assert list(marked.values_list("number", flat=True)) == numbers


def test_a_deadline_that_changes_moves_the_clocks_of_open_orders(erp: Connection) -> None:
    acme = partner(erp.company)
    later = dt.datetime(2026, 11, 3, 17, tzinfo=dt.UTC)  # 18 working hours after the release end on the 4th
    with clock.at(later):
        tell(erp, order())
        sweep_due(as_of=later)
        assert "acknowledgement_overdue" not in kinds(erp)
        hours = {"acknowledgement_hours": 4}
        assert set_deadlines(company=erp.company, partner=acme, hours=hours, speaker=KIM) == list(hours)
    look_again(later)
    assert "acknowledgement_overdue" in kinds(erp)
    (entry,) = AuditEntry.objects.filter(entity="partner_deadlines")
    assert (entry.field, entry.before, entry.after, entry.who) == ("acknowledgement_hours", "", "4", "J. Kim")


def test_orders_are_marked_a_second_time_for_those_that_a_worker_had_in_hand(erp: Connection) -> None:
    with clock.at(NOON):
        agree(erp.company, "quantity_under", percent=5)
        look_after_changes()
        confirm(erp, 96, "4500001")
        Flow.objects.update(look_at=None)  # as if it had been committed just after the orders were marked
        assert look_after_changes() == 0
    with clock.at(NOON + SECOND_LOOK):
        assert look_after_changes() == 1
        assert look_after_changes() == 0
    assert Flow.objects.get().look_at is not None


def test_whoever_is_stopped_while_marking_goes_on_where_they_were(erp: Connection) -> None:
    for number in range(5):
        tell(erp, order(f"450000{number}"))
    Flow.objects.update(look_at=None)
    agree(erp.company, "quantity_under", percent=5)
    real, calls = changed_terms.look_at_these_again, []

    def killed_at_the_second(**more):
        calls.append(more["flow_ids"])
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(**more)

    with (
        mock.patch.object(changed_terms, "BATCH_FLOWS", 2),
        mock.patch.object(changed_terms, "look_at_these_again", killed_at_the_second),
    ):
        with pytest.raises(KeyboardInterrupt):
            look_after_changes()
        assert look_after_changes() == 3
    assert calls[1] == calls[2] != calls[0]
    assert not Flow.objects.filter(look_at__isnull=True).exists()


def test_every_change_is_kept_with_who_and_why(erp: Connection) -> None:
    acme = partner(erp.company)
    row = agree(erp.company, "quantity_over", percent=5, partner=acme)
    assert agree(erp.company, "quantity_over", percent=5, partner=acme).pk == row.pk  # says the same
    agree(erp.company, "quantity_over", percent=0, partner=acme)
    remove_tolerance(company=erp.company, tolerance_id=row.pk, speaker=KIM)
    kept = AuditEntry.objects.filter(entity="tolerance", entity_id=row.pk).order_by("pk")
    assert [(each.field, each.before, each.after) for each in kept] == [
        ("percent", "", "5"),
        ("percent", "5", "0"),
        ("percent", "0", ""),
    ]
    assert {(each.who, each.why) for each in kept} == {("J. Kim", "Agreed on the telephone")}
    assert {each.subject for each in kept} == {"Quantity above, Acme Industries"}


@pytest.mark.parametrize(
    ("measure", "values", "whom"),
    [
        ("quantity_under", {}, {}),
        ("quantity_under", {"percent": -1}, {}),
        ("quantity_under", {"percent": "NaN"}, {}),
        ("quantity_under", {"percent": 1001}, {}),
        ("quantity_under", {"percent": "0.00001"}, {}),
        ("days_late", {"amount": "1.5"}, {}),
        ("days_late", {"percent": 5}, {}),
        ("nothing", {"percent": 5}, {}),
        ("price", {"percent": 5}, {"order_number": "1"}),
        ("price", {"percent": 5, "both": "either"}, {}),
    ],
)
def test_what_cannot_be_meant_is_refused(erp: Connection, measure: str, values: dict, whom: dict) -> None:
    with pytest.raises(InputError):
        agree(erp.company, measure, **values, **whom)
    assert not Tolerance.objects.exists()
    assert not TermsChange.objects.exists()


def test_a_tolerance_of_an_item_needs_its_supplier_and_both_of_this_company(erp: Connection) -> None:
    sku, foreign = item(erp.company), partner(company())
    for whom in ({"item": sku}, {"partner": foreign}, {"partner": foreign, "item": sku}):
        with pytest.raises(InputError):
            agree(erp.company, "price", percent=1, **whom)
    mine = agree(erp.company, "price", percent=1)
    with pytest.raises(NotFoundError):
        remove_tolerance(company=foreign.company, tolerance_id=mine.pk, speaker=KIM)


def test_a_case_can_say_which_tolerance_counted_and_who_agreed_to_it(erp: Connection) -> None:
    acme = partner(erp.company)
    item(erp.company)
    agree(erp.company, "quantity_under", percent=1)
    agree(erp.company, "quantity_under", percent=2, partner=acme)
    agree(erp.company, "price", percent=3)
    confirm(erp, 60)
    flow = Flow.objects.get()
    whole = scope_of_company(erp.company_id)
    (source,) = tolerance_sources(scope=whole, flow_id=flow.pk, line="1", kind="confirmed_short")
    assert (source.agreed.percent, source.agreed.level, source.whom) == (2, "partner", "Acme Industries")
    assert source.agreed.set_by == "J. Kim"
    every = tolerance_sources(scope=whole, flow_id=flow.pk, line="1")
    assert {each.agreed.measure for each in every} == {"quantity_under", "price"}
    theirs = Scope(companies=(erp.company_id,), partners=(acme.pk,))
    assert tolerance_sources(scope=theirs, flow_id=flow.pk, line="1") == []
    with pytest.raises(NotFoundError):
        tolerance_sources(scope=scope_of_company(company().pk), flow_id=flow.pk, line="1")


def test_a_company_without_tolerances_asks_the_database_nothing_more(
    erp: Connection, django_assert_num_queries, rebuilt_the_same
) -> None:
    confirm(erp, 60)
    assert Company.objects.get(pk=erp.company_id).terms_version == 0
    from_then_on = Company.objects.get(pk=erp.company_id)
    with django_assert_num_queries(0):
        assert not tolerances_of(company=from_then_on)
    agree(erp.company, "quantity_under", percent=50)
    look_again(dt.datetime(2026, 11, 3, 19, tzinfo=dt.UTC))
    rebuilt_the_same()
    assert "confirmed_short" not in kinds(erp)
