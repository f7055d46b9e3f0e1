"""The sandbox's other systems: commands are done once and answered always, and faults come on demand."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from integrations.sandbox.systems import erp, logistics, supplier
from integrations.sandbox.systems.books import Books
from integrations.sandbox.systems.serving import System
from integrations.sandbox.systems.signatures import UnsignedError, check, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ORDER = {"number": "4500018277", "issuer": "ZZ:NORTHGATE"}
LINE = {"order": ORDER, "line": "10", "item": {"buyer": "SKU-1042"}, "unit": "CA"}


@pytest.fixture
def books(tmp_path: Path) -> Books:
    own = Books(tmp_path / "erp.sqlite", source="/sandbox/erp")
    own.enter([{"number": "4500018277", "line": "10", "item": "SKU-1042", "unit": "CA", "ordered": "100"}])
    return own


@pytest.fixture
def system(books: Books) -> Iterator[System]:
    served = System(port=0, books=books, handlers=erp.HANDLERS, secrets=(SECRET,))
    threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


def call(system: System, path: str, told: object | None = None, *, key: str = "", secret: str = SECRET):
    body = b"" if told is None else json.dumps(told).encode()
    message, now = key or str(uuid.uuid4()), int(time.time())
    headers = {
        "webhook-id": message,
        "webhook-timestamp": str(now),
        "webhook-signature": sign(secret=secret, message_id=message, timestamp=now, body=body),
        "Idempotency-Key": message,
    }
    method = "GET" if told is None else "POST"
    return httpx.request(method, f"{system.url}{path}", content=body, headers=headers, timeout=10)


def cancel(quantity: int) -> dict[str, object]:
    return {"type": "order.line.cancel", "data": {**LINE, "quantity": str(quantity)}}


def test_a_command_sent_again_is_answered_again_and_done_once(system: System):
    first, second = (call(system, "/commands", cancel(40), key="one") for _ in range(2))
    assert (first.status_code, first.json()["text"]) == (200, "PO 4500018277 line 10: 60 ordered")
    assert second.json() == {**first.json(), "again": True}
    assert system.books.line(number="4500018277", line="10")["ordered"] == "60"
    assert call(system, "/commands/one").json()["state"] == "done"
    assert call(system, "/commands/two").status_code == 404


def test_fifty_at_once_under_one_key_are_done_once(system: System):
    answers: list[int] = []

    def send() -> None:
        answers.append(call(system, "/commands", cancel(2), key="same").status_code)

    threads = [threading.Thread(target=send) for _ in range(50)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [200] * 50
    assert system.books.count() == 1
    assert system.books.line(number="4500018277", line="10")["ordered"] == "98"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (cancel(101), "100 ordered; 101 cannot go"),
        ({"type": "order.line.cancel", "data": {**LINE, "line": "70", "quantity": "1"}}, "has no line 70"),
        ({"type": "order.line.cancel", "data": LINE}, "could not be read"),
        ({"type": "make.coffee", "data": {}}, "make.coffee is nothing this system does"),
    ],
)
def test_what_it_will_not_do_is_refused_with_the_reason_and_changes_nothing(system: System, told, says):
    answer = call(system, "/commands", told)
    assert answer.status_code == 422
    assert says in answer.json()["text"]
    assert system.books.line(number="4500018277", line="10")["ordered"] == "100"
    assert call(system, "/changes").json()["events"] == []


def test_changes_are_told_page_by_page_with_ids_that_stay(system: System):
    for n in range(3):
        call(system, "/commands", cancel(10), key=f"c{n}")
    page = call(system, "/changes?limit=2").json()
    assert [event["data"]["lines"][0]["quantity"] for event in page["events"]] == ["90", "80"]
    assert page["more"] is True
    rest = call(system, f"/changes?limit=2&cursor={page['cursor']}").json()
    assert [event["type"] for event in rest["events"]] == ["order.changed"]
    assert call(system, "/changes?limit=2").json()["events"] == page["events"]


def test_faults_come_when_they_are_asked_for_and_a_dropped_answer_has_its_effect(system: System):
    for kind in ("throttled", "broken", "dropped"):
        assert call(system, "/faults", {"kind": kind, "seconds": 3}).status_code == 200
    later = call(system, "/commands", cancel(40), key="k")
    assert (later.status_code, later.headers["Retry-After"]) == (429, "3")
    assert call(system, "/commands", cancel(40), key="k").status_code == 500
    assert system.books.count() == 0
    with pytest.raises(httpx.TransportError):
        call(system, "/commands", cancel(40), key="k")
    assert call(system, "/commands/k").json()["state"] == "done"
    assert system.books.line(number="4500018277", line="10")["ordered"] == "60"


def test_whoever_does_not_sign_is_told_nothing(system: System):
    stranger = "whsec_" + "A" * 32
    assert call(system, "/commands", cancel(1), secret=stranger).status_code == 401
    assert httpx.get(f"{system.url}/changes").status_code == 401
    assert system.books.count() == 0


def test_an_old_signature_is_none():
    body, then = b"{}", 1_700_000_000
    signature = sign(secret=SECRET, message_id="m", timestamp=then, body=body)
    headers = {"webhook-id": "m", "webhook-timestamp": str(then), "webhook-signature": f"v1,zzzz {signature}"}
    check(secrets=("whsec_" + "A" * 32, SECRET), headers=headers, body=body, now=then + 299)
    with pytest.raises(UnsignedError):
        check(secrets=(SECRET,), headers=headers, body=body, now=then + 301)


def test_books_are_kept_when_the_system_is_started_again(books: Books, tmp_path: Path):
    told = cancel(40)
    books.carry_out(command_id="k", kind=told["type"], data=told["data"], handler=erp.cancel_line)
    again = Books(tmp_path / "erp.sqlite", source="/sandbox/erp")
    again.enter([{"number": "4500018277", "line": "10", "ordered": "100"}])
    assert again.line(number="4500018277", line="10")["ordered"] == "60"
    assert again.carry_out(command_id="k", kind="", data={}, handler=None).again


def test_a_supplier_answers_a_change_by_a_document(tmp_path: Path):
    books = Books(tmp_path / "acme.sqlite", source="/sandbox/acme")
    data = {**LINE, "quantity": "60", "formerly": "100"}
    answer = books.carry_out(
        command_id="k", kind="order.change_request", data=data, handler=supplier.change_order
    )
    assert answer.body["text"] == "PO 4500018277 line 10: 60 of 60"
    (event,), _last, _more = books.changes(after=0, limit=10)
    assert event["type"] == "order.acknowledged"
    assert event["data"]["lines"][0]["parts"] == [{"answer": "accepted", "quantity": "60", "unit": "CA"}]


def test_a_warehouse_takes_a_receipt_back_and_tells_so(tmp_path: Path):
    books = Books(tmp_path / "wms.sqlite", source="/sandbox/wms")
    data = {**LINE, "receipt": "R-1", "quantity": "12"}
    done = books.carry_out(
        command_id="k", kind="wms.receipt.reverse", data=data, handler=logistics.reverse_receipt
    )
    (event,), _last, _more = books.changes(after=0, limit=10)
    assert done.state == "done"
    assert (event["type"], event["data"]["reverses"]) == ("goods.received", "R-1")
