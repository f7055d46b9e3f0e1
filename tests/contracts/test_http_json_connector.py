"""JSON over HTTP against a system that counts, with all that happens to requests on their way."""

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
import pytest
from connector_contract import TYPE, Bench, ConnectorContract, command, event
from counterpart import Counterpart, Request

from integrations.connectors.http_json import connector as http_json
from integrations.connectors.http_json.answers import Got, of_command, of_read_back
from integrations.connectors.http_json.connector import HttpJsonConnector
from visibility.core.errors import InputError
from visibility.sync import outbound
from visibility.sync.ports import Delivery, OutgoingDocument

SECRET = "whsec_" + base64.b64encode(b"a secret for the contract's tests").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret altogether, of us").decode()
SECONDS = 0.4


class HttpBench(Bench):
    def __init__(self) -> None:
        self.system = Counterpart(secret=SECRET)
        self.system.start()
        self.options: dict[str, Any] = {"url": self.system.url, "private": True, "seconds": SECONDS}
        self.free = threading.Event()

    def connector(self) -> HttpJsonConnector:
        return HttpJsonConnector(options=self.options, secret=SECRET)

    def effects(self) -> list[UUID]:
        return [UUID(each) for each in self.system.effects]

    def refuse(self, why: str) -> None:
        self.system.refuses[TYPE] = why

    def be_slow(self) -> None:
        def wait(request: Request, do: Any) -> None:
            do()
            self.free.wait(10)
            request.cut()

        self.system.faults.append(wait)

    def throttle(self, seconds: int) -> None:
        self.answer(429, {"text": "later"}, Retry_After=str(seconds))

    def break_down(self) -> None:
        self.answer(500, {"text": "broken"})

    def answer(self, status: int, told: Any, **headers: str) -> None:
        self.system.faults.append(lambda request, do: request.say(status, told, **headers))

    def drop_answer(self, *, after_effect: bool) -> None:
        def drop(request: Request, do: Any) -> None:
            if after_effect:
                do()
            request.cut()

        self.system.faults.append(drop)

    def talk_garbage(self) -> None:
        def talk(request: Request, do: Any) -> None:
            do()
            request.say(200, b'{"state": "do')

        self.system.faults.append(talk)

    def go_away(self) -> None:
        self.port = self.system.server_address[1]
        self.system.stop()

    def come_back(self) -> None:
        before, self.system = self.system, Counterpart(secret=SECRET, port=self.port)
        self.system.effects = before.effects
        self.system.start()

    def set_clock(self, seconds: float) -> None:
        self.system.skew = seconds

    def tell(self, pages: Sequence[Sequence[bytes]]) -> None:
        told: dict[str, Any] = {}
        for number, page in enumerate(pages):
            told[str(number or "")] = {
                "events": [json.loads(each) for each in page],
                "cursor": str(number + 1),
                "more": number + 1 < len(pages),
            }
        self.system.pages = told

    def tell_with_unknown_fields(self, events: Sequence[bytes]) -> None:
        self.system.pages = {"": {"events": [json.loads(each) for each in events], "cursor": "1", "hue": 3}}


@pytest.fixture
def bench() -> Iterator[HttpBench]:
    own = HttpBench()
    yield own
    own.free.set()
    with suppress(OSError):
        own.system.stop()


class TestHttpJson(ConnectorContract):
    @pytest.fixture
    def bench(self, bench: HttpBench) -> HttpBench:
        return bench


def test_changes_are_compared_as_they_were_sent(bench: HttpBench) -> None:
    bench.tell([[event(1)]])
    found = bench.connector().read_changes(cursor="", limit=5)
    assert not isinstance(found, Delivery)
    assert [json.loads(each) for each in found.events] == [json.loads(event(1))]
    assert (found.cursor, found.more) == ("1", False)


def test_a_command_that_is_a_document_is_posted_as_it_under_the_same_key(bench: HttpBench) -> None:
    document = OutgoingDocument(body=b"ISA*00~\r\n", content_type="application/edi-x12", name="860-1.edi")
    own = msgspec.structs.replace(command(), document=document)
    assert [bench.connector().send(own).result for _ in range(2)] == ["delivered", "delivered"]
    assert bench.system.documents == [("application/edi-x12", b"ISA*00~\r\n")] * 2
    assert bench.effects() == [own.id]
    assert bench.connector().read_back(own).result == "delivered"


def test_a_request_signed_with_another_secret_is_denied_and_tried_again_later(bench: HttpBench) -> None:
    denied = HttpJsonConnector(options=bench.options, secret=OTHER).send(command())
    assert (denied.result, denied.failure, denied.status) == ("retry", "denied", 401)
    assert HttpJsonConnector(options=bench.options, secret=f"{OTHER} {SECRET}").send(command()).result == (
        "delivered"
    )


def test_a_redirect_is_not_followed(bench: HttpBench) -> None:
    elsewhere = HttpBench()
    bench.answer(307, {}, Location=f"{elsewhere.system.url}/commands")
    assert bench.connector().send(command()).result == "refused"
    assert elsewhere.system.asked == []
    elsewhere.system.stop()


def test_an_answer_that_never_ends_is_cut(bench: HttpBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_json, "MOST_BYTES", 10_000)
    bench.answer(200, b"x" * 20_000)
    assert bench.connector().send(command()).failure == "invalid"


def test_an_answer_that_trickles_is_cut_when_the_time_is_over(bench: HttpBench) -> None:
    def trickle(request: Request, do: Any) -> None:
        do()
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with suppress(OSError):
            while not bench.free.wait(SECONDS / 4):
                request.wfile.write(b"x")

    bench.system.faults.append(trickle)
    began = time.monotonic()
    delivery = bench.connector().send(command())
    assert (delivery.result, delivery.failure) == ("unknown", "timeout")
    assert time.monotonic() - began < 10 * SECONDS


def test_only_the_systems_own_word_lets_a_command_be_sent_again(bench: HttpBench) -> None:
    own = of_read_back(Got(404, {}, b'{"text": "no such command"}'))
    proxy = of_read_back(Got(404, {}, b"<html>Not here</html>"))
    assert (own.result, proxy.result) == ("retry", "unknown")
    for status in (401, 429, 500, 503):
        assert of_read_back(Got(status, {}, b"{}")).result == "unknown", status


@pytest.mark.parametrize(
    ("status", "body", "result", "failure"),
    [
        (200, b"", "delivered", ""),
        (204, b"", "delivered", ""),
        (200, b'{"state": "refused", "text": "no"}', "refused", "refused"),
        (202, b'{"state": "pending"}', "unknown", ""),
        (200, b"<html>", "unknown", "invalid"),
        (400, b"", "refused", "invalid"),
        (404, b"", "refused", "not_found"),
        (409, b"", "unknown", "conflict"),
        (418, b"", "refused", "refused"),
        (500, b"", "unknown", "unavailable"),
        (502, b"", "unknown", "unavailable"),
        (503, b"", "retry", "unavailable"),
        (504, b"", "unknown", "unavailable"),
    ],
)
def test_what_an_answer_means(status: int, body: bytes, result: str, failure: str) -> None:
    delivery = of_command(Got(status, {}, body))
    assert (delivery.result, delivery.failure) == (result, failure)


def test_retry_after_may_be_a_date_of_theirs() -> None:
    headers = {"Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT", "Date": "Mon, 23 Nov 2026 12:00:00 GMT"}
    found = of_command(Got(429, headers, b""))
    assert found.retry_after is not None
    assert found.retry_after.total_seconds() == 30
    assert of_command(Got(429, {"Retry-After": "soon"}, b"")).retry_after is None


# Where requests may go


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1"],
)
def test_an_address_inside_is_not_connected_to_unless_it_is_meant(
    inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, "93.184.216.34", inside)
    delivery = HttpJsonConnector(options={"url": "https://erp.example"}, secret=SECRET).send(command())
    assert (delivery.result, delivery.failure) == ("retry", "denied")


@pytest.mark.parametrize("never", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1"])
def test_some_addresses_nobody_means(never: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, never)
    with pytest.raises(InputError):
        outbound.find_address(host="erp.example", port=443, private=True, allowed=())


def test_a_name_is_resolved_once_and_that_address_is_connected_to(
    bench: HttpBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = bench.system.server_address[1]
    asked = resolve_to(monkeypatch, "127.0.0.1")
    bench.options["url"] = f"http://erp.example:{port}"
    assert bench.connector().send(command()).result == "delivered"
    assert [each for each in asked if each == "erp.example"] == ["erp.example"]


def test_only_named_hosts_are_sent_to_where_any_are_named(bench: HttpBench, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = ["erp.example"]
    assert bench.connector().send(command()).failure == "denied"
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    assert bench.connector().send(command()).result == "delivered"


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"url": "ftp://erp.example"},
        {"url": "https://user:word@erp.example"},
        {"url": "https://erp.example?x=1"},
        {"url": "http://erp.example:port"},
        {"url": "https://erp.example", "seconds": 0},
        {"url": "https://erp.example", "seconds": 3_600},
        {"url": "https://erp.example", "seconds": True},
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(options: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        HttpJsonConnector(options=options, secret=SECRET)
    assert refused.value.where in ("url", "seconds")
