"""Two chunks that place the same documents at the same time: neither undoes what the other one did."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from factories import NORTHGATE, connection, event, notice, one, order, process, receipt, send, status, tell
from placed_anew import misplaced
from settled import placed, unplaced
from test_settling import name_of

from visibility.inbox.models import Connection
from visibility.inbox.services import replay_message
from visibility.ledger import settle
from visibility.ledger.models import LedgerEntry
from visibility.pipeline import doubts, pins, project, worker
from visibility.pipeline.worker import drain

Check = Callable[[], None]
FIRST, SECOND = name_of(NORTHGATE, "1"), name_of(NORTHGATE, "2")


def in_a_thread(work: Callable[[], object], *, wait: float = 20.0) -> threading.Thread:
    """Begin the work beside us, and wait until it is done, or stands somewhere for longer than `wait`."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(timeout=wait)
    return thread


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, work: Callable[[], object], *, wait: float = 20.0
) -> list[threading.Thread]:
    """Have `work` done in a thread of its own right after the first call of a function; its thread."""
    real, begun = getattr(module, name), []

    def instead(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        if not begun:
            begun.append(threading.current_thread())
            begun[0] = in_a_thread(work, wait=wait)
        return found

    monkeypatch.setattr(module, name, instead)
    return begun


def word(what: LedgerEntry, number: str, *, linked: bool = True) -> dict[str, Any]:
    """A person's word at the desk on whose a recorded document is."""
    return event(
        "entry.linked",
        {
            "order": {"number": number, "issuer": NORTHGATE},
            "message": str(what.message_id),
            "place": what.ordinal,
            "linked": linked,
            "issued_at": "2026-11-20T10:00:00Z",
        },
    )


def drained(*ids: UUID) -> Callable[[], object]:
    return lambda: drain(message_ids=list(ids))


@pytest.mark.django_db(transaction=True)
def test_two_notices_on_one_bill_at_the_same_instant_both_take_the_status_along(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order("1", id="one"), order("2", id="two"), status("B", id="s"))
    other = send(trial, one(notice("N1", of="1", bol="B", id="n1"))).message_id
    begun = meanwhile(monkeypatch, settle, "learn", drained(other))
    process(trial, one(notice("N2", of="2", bol="B", id="n2")))
    assert begun
    begun[0].join(timeout=20)
    assert placed()["s"] == {FIRST, SECOND}
    assert misplaced() == {}
    assert unplaced() == set()
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("linked", [True, False])
def test_a_persons_word_during_a_replay_holds_for_what_the_replay_tells(
    linked: bool, trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order("1"), order("2"), receipt(of="1", id="r"))
    entry = LedgerEntry.objects.get(type="goods.received")
    desk = connection(of=trial.company, witness="desk")
    other = send(desk, one(word(entry, "2" if linked else "1", linked=linked))).message_id
    begun = meanwhile(monkeypatch, pins, "keep_pins", drained(other), wait=1.0)
    replay_message(message_id=entry.message_id)
    drain(message_ids=[entry.message_id])
    begun[0].join(timeout=20)
    drain()
    assert placed()["r"] == ({FIRST, SECOND} if linked else set())
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
def test_a_replay_during_a_persons_word_takes_back_what_the_word_moved(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    tell(trial, order("1"), order("2"), receipt(of="1", id="r"))
    entry = LedgerEntry.objects.get(type="goods.received")
    desk = connection(of=trial.company, witness="desk")
    said = send(desk, one(word(entry, "2"))).message_id
    replay_message(message_id=entry.message_id)
    begun = meanwhile(monkeypatch, doubts, "tell_doubts", drained(entry.message_id), wait=1.0)
    drain(message_ids=[said])
    begun[0].join(timeout=20)
    drain()
    assert LedgerEntry.objects.filter(type="goods.received").count() == 2
    assert placed()["r"] == {FIRST, SECOND}
    assert misplaced() == {}
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
def test_a_number_split_during_a_replay_leaves_nothing_of_the_old_translation(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    def sap(sent: dict[str, Any], system: str) -> dict[str, Any]:
        own = {"number": "1", "issuer": NORTHGATE, "system": system}
        return sent | {"data": sent["data"] | {"order": own}}

    best = {"supplier": {"ids": ["ZZ:BEST"], "name": "Best"}}
    tell(trial, sap(order("1", id="sap1"), "SAP1"), order("2", id="two"), receipt(of="1", id="r", **best))
    entry = LedgerEntry.objects.get(type="goods.received")
    real = worker.VerbatimMessage
    right = one(receipt(of="2", id="r", **best))
    split = send(trial, one(sap(order("1", id="sap2", **best), "SAP2"))).message_id
    begun = meanwhile(monkeypatch, project, "flows_superseded", lambda: _as_told(real, split))
    monkeypatch.setattr(worker, "VerbatimMessage", lambda **what: real(**(what | {"body": right})))
    replay_message(message_id=entry.message_id)
    drain(message_ids=[entry.message_id])
    begun[0].join(timeout=20)
    assert placed()["r"] == {SECOND}
    assert misplaced() == {}
    rebuilt_the_same()


def _as_told(real: Any, message_id: UUID) -> None:
    worker.VerbatimMessage = real  # type: ignore[misc]  # what the test put there is for the replay only
    drain(message_ids=[message_id])
