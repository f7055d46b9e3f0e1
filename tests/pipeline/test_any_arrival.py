"""Whatever order documents come in and however they are cut up: the same orders, the same cases."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from factories import (
    accepted,
    answer,
    answer_line,
    batch,
    change,
    invoice,
    line,
    notice,
    order,
    process,
    receipt,
    reference,
    states,
    status,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.sweep import rebuild
from visibility.triage.models import ExceptionCase

TWO = (line("1", 100, price="10.00"), line("2", 40, sku="SKU-1051", price="2.50"))
DOCUMENTS: tuple[dict[str, Any], ...] = (
    order("4500001", *TWO, id="order 1"),
    order("4500002", line("1", 30, price="10.00"), id="order 2"),
    answer("4500001", answer_line("1", accepted(60)), id="first answer"),
    answer(
        "4500001",
        answer_line("1", accepted(90)),
        answer_line("2", accepted(40), sku="SKU-1051"),
        at="2026-11-04T15:00:00Z",
        id="second answer",
    ),
    change("4500001", line("1", 90), id="change"),
    notice(
        "ASN-1",
        line("1", 90, order=reference("4500001")),
        line("1", 30, order=reference("4500002")),
        of="",
        bol="BOL-1",
        id="notice of two",
    ),
    status("BOL-1", id="arrived"),
    receipt("R-1", line("1", 85), id="receipt"),
    invoice("INV-1", line("1", 90, price="10.50"), id="invoice"),
    invoice("INV-2", line("1", 30, price="10.00"), of="4500002", issuer="", id="invoice without issuer"),
)
NOW = dt.datetime(2026, 11, 18, tzinfo=dt.UTC)


@st.composite
def arrivals(draw: st.DrawFn) -> list[bytes]:
    """All documents in some order, cut into messages."""
    shuffled = draw(st.permutations(DOCUMENTS))
    cuts = sorted(draw(st.sets(st.integers(1, len(DOCUMENTS) - 1), max_size=6)))
    bounds = [0, *cuts, len(DOCUMENTS)]
    return [batch(*shuffled[start:end]) for start, end in pairwise(bounds)]


def _live(at: Connection, bodies: list[bytes]) -> list[Any]:
    """The states that these messages lead to, from a clean ledger; nothing of it stays."""
    with transaction.atomic(), clock.at(NOW):
        assert {done.status for done in process(at, *bodies)} == {"processed"}
        assert list(rebuild(check=True)) == []
        found = states(at, ["po:4500001", "po:4500002"])
        assert len(found) == 3
        transaction.set_rollback(True)
    forget_kept()
    return found


@pytest.mark.django_db
@settings(max_examples=25)
@given(bodies=arrivals())
def test_any_arrival_and_any_cutting_gives_the_same_orders_and_cases(bodies: list[bytes]) -> None:
    trial = Connection.objects.get(name="trial")
    assert _live(trial, bodies) == _live(trial, [batch(*DOCUMENTS)])


@pytest.mark.django_db
def test_the_orders_that_arrive_in_any_way_are_full_of_trouble(trial: Connection) -> None:
    """So that the test above compares something."""
    with clock.at(NOW):
        process(trial, batch(*DOCUMENTS))
    kinds = set(ExceptionCase.objects.filter(is_open=True).values_list("kind", flat=True))
    assert {"received_short", "invoice_price", "unknown_item"} <= kinds
    first, second, _ = states(trial, ["po:4500001", "po:4500002"])
    orders = {found["order"]["number"]: found for found in (first, second)}
    assert [own["received"] for own in orders["4500001"]["lines"]] == ["85", None]
    assert len(orders["4500001"]["entries"]) == 8
    assert orders["4500002"]["lines"][0]["invoiced"] == "30"
