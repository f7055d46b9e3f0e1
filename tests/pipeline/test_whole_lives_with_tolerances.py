"""Whole lives under tolerances: whatever comes when, the same cases are open, and only those beyond them.

As `test_whole_lives`, with tolerances on every level, agreed before the first message or after the last.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from unittest import mock

import living
import pytest
from agreeing_terms import KIM, agree, item, partner
from arriving import Arrival, arrivals, at_one_go
from django.db import transaction
from factories import (
    Json,
    accepted,
    answer,
    answer_line,
    batch,
    company,
    connection,
    invoice,
    kinds,
    line,
    notice,
    order,
    permutations_of,
    process,
    receipt,
)
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from untidy import untidy_lives

from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company, Item, TradingPartner
from visibility.masterdata.resolve import forget_kept
from visibility.masterdata.tolerance_setting import Whom, set_tolerance
from visibility.pipeline.changed_terms import look_after_changes
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.triage.models import ExceptionCase

NO_SHRINKING = [Phase.explicit, Phase.generate]
LEVELS = ("company", "partner", "item", "line")
MEASURES = ("quantity_under", "quantity_over", "price", "days_late")


@dataclass(frozen=True)
class Row:
    """One tolerance. `late`: agreed when all has been told."""

    level: str
    measure: str
    percent: Decimal | None
    amount: Decimal | None
    late: bool


@st.composite
def rows(draw: st.DrawFn) -> Row:
    measure = draw(st.sampled_from(MEASURES))
    days = measure == "days_late"
    percent = None if days else draw(st.sampled_from([0, 5, 40, 100]))
    amount = draw(st.sampled_from([0, 2, 5] if days else [None, 0, 3, 45]))
    return Row(
        draw(st.sampled_from(LEVELS)),
        measure,
        None if percent is None else Decimal(percent),
        None if amount is None else Decimal(amount),
        draw(st.booleans()),
    )


ROWS = st.lists(rows(), min_size=1, max_size=5, unique_by=lambda row: (row.level, row.measure))


def _agree(row: Row, own: Company) -> None:
    acme = TradingPartner.objects.get(company=own, code="ACMEIND")
    whom = {
        "company": Whom(),
        "partner": Whom(partner=acme),
        "item": Whom(partner=acme, item=Item.objects.get(company=own, code="SKU-1042")),
        "line": Whom(order_number="4500001", line="1"),
    }[row.level]
    set_tolerance(
        company=own, whom=whom, measure=row.measure, percent=row.percent, amount=row.amount, speaker=KIM
    )


@contextmanager
def _under(agreed: list[Row], *, late: bool) -> Iterator[None]:
    """Lives in the block stand under these tolerances; `late`: some of them are agreed at the end."""
    real_site, real_check = living.site, living._check_all_is_done

    def site(named: str) -> dict[str, Connection]:
        found = real_site(named)
        own = Company.objects.get(code="trial")
        partner(own)
        item(own)
        for row in agreed:
            if not (late and row.late):
                _agree(row, own)
        return found

    def check() -> None:
        real_check()
        for row in agreed:
            if late and row.late:
                _agree(row, Company.objects.get(code="trial"))
        look_after_changes()

    with mock.patch.object(living, "site", site), mock.patch.object(living, "_check_all_is_done", check):
        yield


def _undone(arrival: Arrival, agreed: list[Row], *, late: bool) -> Json:
    with transaction.atomic(), _under(agreed, late=late):
        found = living.live(arrival) | {"cases": _open_cases()}
        transaction.set_rollback(True)
    for order_told in found["orders"].values():
        del order_told["sentence"]
    return found


# Days, severity and clocks are reckoned from when a case was last weighed, and the sentence names the worst
# one first; these are of the evidence alone.
_OF_EVIDENCE = ("summary", "gap", "had", "expected", "unit", "money", "due_at", "evidence", "supplier_name")


def _open_cases() -> Counter[str]:
    open_ones = ExceptionCase.objects.filter(is_open=True).select_related("flow")
    return Counter(
        str(
            [str(case.flow and case.flow.correlation_id), case.kind, case.line, case.subject]
            + [getattr(case, field) for field in _OF_EVIDENCE]
        )
        for case in open_ones
    )


@st.composite
def two_ways(draw: st.DrawFn) -> tuple[Arrival, Arrival]:
    life = draw(untidy_lives())
    return at_one_go(life), draw(arrivals(life))


def differences(found: Json, expected: Json) -> Json:
    """What differs, part by part, so that a failure can be read."""
    return {
        f"{part} {name}": {
            field: (mine.get(field), theirs.get(field))
            for field in {*mine, *theirs}
            if mine.get(field) != theirs.get(field)
        }
        if isinstance(mine, dict) and isinstance(theirs, dict)
        else (mine, theirs)
        for part in ("orders", "lines", "cases")
        for name in {*found[part], *expected[part]}
        if (mine := found[part].get(name)) != (theirs := expected[part].get(name))
    }


@pytest.mark.django_db
@settings(max_examples=20, phases=NO_SHRINKING)
@given(both=two_ways(), agreed=ROWS)
def test_any_arrival_gives_the_same_open_cases_under_tolerances_agreed_early_or_late(
    both: tuple[Arrival, Arrival], agreed: list[Row]
) -> None:
    told, arrival = both
    expected = _undone(told, agreed, late=False)
    found = _undone(arrival, agreed, late=True)
    assert differences(found, expected) == {}


# One life told by hand, in which every tolerance decides something


SPLIT = answer_line("1", accepted(60), accepted(37))
LIFE = (
    order("4500001", line("1", 100, price="10.00"), id="order"),
    answer("4500001", SPLIT, id="answer"),
    notice("ASN-1", line("1", 97), id="notice"),
    receipt("R-1", line("1", 90), id="first receipt"),
    receipt("R-1", line("1", 90), id="reversal", purpose="cancel", issued_at="2026-11-16T16:00:00Z"),
    receipt("R-2", line("1", 96), id="second receipt"),
    invoice("INV-1", line("1", 97, price="10.20"), id="bill"),
)
NOW = dt.datetime(2026, 11, 18, tzinfo=dt.UTC)


def _kinds_of(at: Connection, told: tuple[Json, ...]) -> set[str]:
    with transaction.atomic(), clock.at(NOW):
        for each in told:
            process(at, batch(each))
        sweep_due(as_of=NOW)
        assert list(rebuild(check=True)) == []
        found = kinds(at)
        transaction.set_rollback(True)
    forget_kept()
    return found


@pytest.mark.django_db
def test_a_split_answer_and_a_reversed_receipt_are_judged_by_what_is_left_of_them() -> None:
    at = connection(of=company())
    partner(at.company)
    item(at.company)
    strict = _kinds_of(at, LIFE)
    assert {"confirmed_short", "received_short", "invoice_price"} <= strict
    agree(at.company, "quantity_under", percent=3)
    agree(at.company, "price", amount="0.20")
    lax = _kinds_of(at, LIFE)
    assert not lax & {"confirmed_short", "received_short", "invoice_price"}
    for told in list(permutations_of(LIFE))[::840]:
        assert _kinds_of(at, told) == lax
