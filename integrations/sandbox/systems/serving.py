"""A system's HTTP side, all signed: POST /commands, GET /commands/<id>, GET /changes, POST /faults."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from integrations.sandbox.systems.books import Answer, Books, Handler
from integrations.sandbox.systems.faults import Fault, Faults
from integrations.sandbox.systems.signatures import UnsignedError, check

MOST_BYTES = 1_000_000
PAGE = 100


class System(ThreadingHTTPServer):
    """One system on a port of loopback. `secrets`: whose requests it believes, two while they change."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, *, port: int, books: Books, handlers: Mapping[str, Handler], secrets: tuple[str, ...]
    ) -> None:
        self.books, self.handlers, self.secrets, self.faults = books, handlers, secrets, Faults()
        super().__init__(("127.0.0.1", port), _Request)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Request(BaseHTTPRequestHandler):
    server: System
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """A command, or a fault to come."""
        body = self._body()
        if body is None or not self._is_signed(body):
            return
        try:
            told: dict[str, Any] = json.loads(body)
        except ValueError:
            self._say(HTTPStatus.BAD_REQUEST, {"text": "the body is not JSON"})
            return
        if self.path == "/faults":
            fault = Fault(told["kind"], float(told.get("seconds", 1.0)))
            self.server.faults.add(fault=fault, times=int(told.get("times", 1)))
            self._say(HTTPStatus.OK, {"text": "as you wish"})
        elif self.path == "/commands":
            self._command(told)
        else:
            self._say(HTTPStatus.NOT_FOUND, {"text": f"nothing is at {self.path}"})

    def do_GET(self) -> None:
        """What became of a command; what changed."""
        if not self._is_signed(b""):
            return
        address = urlsplit(self.path)
        if address.path.startswith("/commands/"):
            answer = self.server.books.answered(address.path.removeprefix("/commands/"))
            if answer is None:
                self._say(HTTPStatus.NOT_FOUND, {"text": "no such command came"})
            else:
                self._answer(answer)
        elif address.path == "/changes":
            self._changes(parse_qs(address.query))
        else:
            self._say(HTTPStatus.NOT_FOUND, {"text": f"nothing is at {address.path}"})

    def _command(self, told: dict[str, Any]) -> None:
        fault = self.server.faults.next()
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault is not None and fault.kind == "throttled":
            later = {"Retry-After": f"{fault.seconds:.0f}"}
            self._say(HTTPStatus.TOO_MANY_REQUESTS, {"text": "later"}, later)
            return
        elif fault is not None and fault.kind == "broken":
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, {"text": "broken"})
            return
        kind, data = str(told.get("type", "")), told.get("data")
        command_id = self.headers.get("Idempotency-Key") or str(told.get("id", ""))
        if not command_id or not isinstance(data, dict):
            self._say(HTTPStatus.BAD_REQUEST, {"text": "a command has an id, a type and data"})
            return
        answer = self.server.books.carry_out(
            command_id=command_id, kind=kind, data=data, handler=self.server.handlers.get(kind)
        )
        if fault is not None and fault.kind == "dropped":
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(2)
            return
        self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        status = HTTPStatus.OK if answer.state == "done" else HTTPStatus.UNPROCESSABLE_ENTITY
        self._say(status, {"state": answer.state, "again": answer.again, **answer.body})

    def _changes(self, query: dict[str, list[str]]) -> None:
        cursor = query.get("cursor", ["0"])[0] or "0"
        limit = query.get("limit", [str(PAGE)])[0]
        if not (cursor.isdigit() and limit.isdigit()):
            self._say(HTTPStatus.BAD_REQUEST, {"text": "cursor and limit are numbers"})
            return
        events, last, more = self.server.books.changes(after=int(cursor), limit=min(int(limit), PAGE))
        self._say(HTTPStatus.OK, {"events": events, "cursor": str(last), "more": more})

    def _body(self) -> bytes | None:
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True
            self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"text": f"say a length of up to {MOST_BYTES}"})
            return None
        return self.rfile.read(int(size))

    def _is_signed(self, body: bytes) -> bool:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            check(secrets=self.server.secrets, headers=headers, body=body, now=time.time())
        except UnsignedError as error:
            self._say(HTTPStatus.UNAUTHORIZED, {"text": str(error)})
            return False
        return True

    def _say(self, status: HTTPStatus, told: dict[str, Any], more: Mapping[str, str] = {}) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Its books say what happened."""
