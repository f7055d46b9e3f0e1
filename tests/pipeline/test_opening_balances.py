"""Opening balances through the whole pipeline: in any order, cut up in any way, taken back, rebuilt."""

import datetime as dt
from itertools import pairwise
from typing import Any

from django.db import transaction
from factories import (
    ACME,
    accepted,
    answer,
    answer_line,
    batch,
    change,
    event,
    invoice,
    line,
    notice,
    order,
    process,
    receipt,
    reference,
    states,
    tell,
    trace,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from visibility.core import clock
from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.sweep import rebuild
from visibility.pipeline.worker import drain

NOW = dt.datetime(2026, 11, 18, tzinfo=dt.UTC)


def balance(*lines: dict[str, Any], of: str = "4500001", id: str = "", **more: Any) -> dict[str, Any]:
    data = {
        "order": reference(of),
        "supplier": {"ids": [ACME], "name": "Acme Industries"},
        "as_of": "2026-11-11T18:00:00Z",
        "ordered_on": "2026-11-02",
        "currency": "USD",
        "lines": list(lines),
        **more,
    }
    return event("order.opening_balance", data, id=id)


def stood(number: str = "1", quantity: object = 100, **told: Any) -> dict[str, Any]:
    return line(number, quantity, **{name: str(value) for name, value in told.items()})


DOCUMENTS: tuple[dict[str, Any], ...] = (
    order("4500001", line("1", 120, price="10.00"), line("2", 40, sku="SKU-1051"), id="order"),
    answer("4500001", answer_line("1", accepted(120)), id="answer before"),
    change("4500001", line("1", 110), id="change before"),
    notice("ASN-1", line("1", 60), id="notice before"),
    balance(stood(confirmed=100, shipped=60, received=40, billed=0), id="balance"),
    balance(
        stood("2", 40, sku="SKU-1051", received=10), as_of="2026-11-12T18:00:00Z", id="balance of line 2"
    ),
    receipt("R-0", line("1", 40), received_at="2026-11-10T15:00:00Z", id="receipt before"),
    receipt("R-1", line("1", 20), id="receipt after"),
    receipt("R-2", line("1", 5), reverses="R-0", id="reversal after"),
    invoice("INV-1", line("1", 60, price="10.00"), invoiced_on="2026-11-16", id="invoice after"),
)


def figures(number: str = "4500001") -> list[tuple[Any, ...]]:
    names = ("line", "ordered", "confirmed", "shipped", "received", "invoiced")
    return [tuple(each[name] for name in names) for each in trace(number)["lines"]]


@st.composite
def arrivals(draw: st.DrawFn) -> list[bytes]:
    shuffled = draw(st.permutations(DOCUMENTS))
    cuts = sorted(draw(st.sets(st.integers(1, len(DOCUMENTS) - 1), max_size=5)))
    bounds = [0, *cuts, len(DOCUMENTS)]
    return [batch(*shuffled[start:end]) for start, end in pairwise(bounds)]


def lived(at: Connection, bodies: list[bytes]) -> list[Any]:
    with transaction.atomic(), clock.at(NOW):
        assert {done.status for done in process(at, *bodies)} == {"processed"}
        assert list(rebuild(check=True)) == []
        found = states(at, ["po:4500001"])
        transaction.set_rollback(True)
    forget_kept()
    return found


@settings(max_examples=25)
@given(bodies=arrivals())
def test_balances_and_documents_in_any_order_and_pieces_give_one_state(
    trial: Connection, bodies: list[bytes]
) -> None:
    assert lived(trial, bodies) == lived(trial, [batch(*DOCUMENTS)])


def test_an_order_is_opened_lived_on_and_taken_back(trial: Connection) -> None:
    tell(trial, *DOCUMENTS)
    assert figures() == [("1", "100", "100", "60", "55", "60"), ("2", "40", None, None, "10", None)]
    tell(trial, balance(purpose="cancel", issued_at="2026-11-17T09:00:00Z"))
    assert figures()[0] == ("1", "110", "120", "60", "55", "60")
    assert list(rebuild(check=True)) == []


def test_a_balance_read_again_counts_once(trial: Connection) -> None:
    (done,) = tell(trial, balance(stood(confirmed=100, received=40)))
    replay_message(message_id=done.message_id)
    drain(message_ids=[done.message_id])
    assert figures() == [("1", "100", "100", None, "40", None)]
    assert list(rebuild(check=True)) == []
