"""The ledger over HTTP: pages, cursors, and whose they are."""

from collections.abc import Callable
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from senders import Caller, event

from visibility.access.cursors import read_cursor, write_cursor
from visibility.api.shapes import LedgerPage
from visibility.inbox.models import ApiKey, Connection
from visibility.inbox.services import replay_message
from visibility.pipeline.worker import drain

# Transactions of another test run on the same server hold the feed back, and are waited for.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]

ADDRESS = "/api/v1/ledger"
PATIENCE_SECONDS = 300.0
ORDERS = ("MD-50001", "MD-50002", "MD-50003")


def wait_for_others() -> None:
    """Transactions of other databases on the same server hold the feed back: until they have ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (own,) = cursor.fetchone()
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > own:
                return
            assert monotonic() < deadline, "a transaction of somebody else does not end"
            Event().wait(0.01)


def tell(sender: Caller, *bodies: bytes) -> list[UUID]:
    """Send events and work through them; the messages."""
    ids = [UUID(sender.send(body).json()["message_id"]) for body in bodies]
    drain(message_ids=ids)
    wait_for_others()
    return ids


def test_a_reader_goes_on_from_cursor_to_cursor(sender: Caller, reader: Caller) -> None:
    messages = tell(sender, *(event(number) for number in ORDERS))
    seen: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        answer = reader.get(ADDRESS, after=cursor, limit=2)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        page = LedgerPage.model_validate(answer.json())
        seen += answer.json()["entries"]
        cursor, more = page.cursor, page.more
    assert [UUID(entry["message_id"]) for entry in seen] == messages
    nothing = reader.get(ADDRESS, after=cursor).json()
    assert nothing == {"entries": [], "cursor": cursor, "more": False}
    (late,) = tell(sender, event("MD-50009"))
    (entry,) = reader.get(ADDRESS, after=cursor).json()["entries"]
    assert UUID(entry["message_id"]) == late


def test_an_entry_says_whose_it_is_and_what_it_says(
    sender: Caller, reader: Caller, trial: Connection
) -> None:
    (message,) = tell(sender, event(ORDERS[0]))
    (entry,) = reader.get(ADDRESS).json()["entries"]
    (flow,) = reader.get("/api/v1/flows", key=ORDERS[0]).json()
    document = entry.pop("document")
    recorded_at = datetime.fromisoformat(entry.pop("recorded_at"))
    assert recorded_at == datetime.fromisoformat(flow["entries"][0]["recorded_at"])
    assert entry == {
        "position": flow["entries"][0]["position"],
        "type": "order.placed",
        "occurred_at": "2026-03-02T10:00:00Z",
        "correlation_ids": [flow["correlation_id"]],
        "source": trial.name,
        "message_id": str(message),
        "translation": 1,
        "superseded": False,
    }
    assert document["order"]["number"] == ORDERS[0]
    assert document["lines"][0]["quantity"] == "100"


def test_a_replay_comes_as_new_entries_and_the_old_ones_say_that_they_are_superseded(
    sender: Caller, reader: Caller
) -> None:
    (message,) = tell(sender, event(ORDERS[0]))
    cursor = reader.get(ADDRESS).json()["cursor"]
    replay_message(message_id=message)
    drain(message_ids=[message])
    wait_for_others()
    (new,) = reader.get(ADDRESS, after=cursor).json()["entries"]
    assert (new["translation"], new["superseded"]) == (2, False)
    told = reader.get(ADDRESS).json()["entries"]
    assert [(entry["translation"], entry["superseded"]) for entry in told] == [(1, True), (2, False)]


def test_types_are_picked_out(sender: Caller, reader: Caller) -> None:
    tell(sender, *(event(number) for number in ORDERS))
    placed = reader.get(f"{ADDRESS}?type=order.placed&type=goods.received").json()
    received = reader.get(ADDRESS, type="goods.received").json()
    assert len(placed["entries"]) == 3
    assert (received["entries"], received["cursor"]) == ([], placed["cursor"])


def test_another_company_sees_nothing_of_it_not_even_with_a_cursor_from_there(
    sender: Caller, reader: Caller, orchard: Connection, caller: Callable[[Connection, ApiKey.Scope], Caller]
) -> None:
    start = reader.get(ADDRESS).json()["cursor"]
    tell(sender, event(ORDERS[0]))
    stranger = caller(orchard, ApiKey.Scope.READ)
    assert stranger.get(ADDRESS).json()["entries"] == []
    assert stranger.get(ADDRESS, after=start).json()["entries"] == []
    assert len(reader.get(ADDRESS, after=start).json()["entries"]) == 1


def test_keys_that_send_do_not_read(sender: Caller) -> None:
    assert sender.get(ADDRESS).status_code == 403


@pytest.mark.parametrize(
    "asked", [{"limit": "0"}, {"limit": "1001"}, {"type": "order.eaten"}, {"after": "\x00"}]
)
def test_a_question_that_makes_no_sense_is_refused(reader: Caller, asked: dict[str, str]) -> None:
    answer = reader.get(ADDRESS, **asked)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_a_lost_cursor_is_not_found_and_one_of_another_life_is_gone(reader: Caller) -> None:
    life, _, _ = read_cursor(reader.get(ADDRESS).json()["cursor"], size=3)
    lost = reader.get(ADDRESS, after="nonsense")
    gone = reader.get(ADDRESS, after=write_cursor("elsewhere", 1, 1))
    ahead = reader.get(ADDRESS, after=write_cursor(life, 2**60, 1))
    assert [answer.status_code for answer in (lost, gone, ahead)] == [404, 410, 410]
    assert gone.json()["type"] == "/api/v1/problems/gone"
    assert "without a cursor" in gone.json()["detail"]


def test_readiness_tells_how_far_the_ledger_is_sealed(reader: Caller) -> None:
    assert reader.get("/api/v1/health/ready").json()["checks"]["ledger"] == "not sealed yet"
