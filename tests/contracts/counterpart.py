"""A system that counts: it checks signatures, does each command once, and fails on demand.

In a test it runs in threads (`Counterpart`). `python -m tests.contracts.counterpart PORT FILE SECRET` is a
process of its own: it writes each effect to FILE, one id a line, and keeps it when others are killed.
"""

import json
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from visibility.sync.signatures import read_secrets, verify

Json = dict[str, Any]
Fault = Callable[["Request", Callable[[], None]], None]
"""What happens instead of an answer; the second argument does what was asked."""


class Counterpart(ThreadingHTTPServer):
    """The system, on a port of loopback."""

    daemon_threads = True

    def __init__(self, *, secret: str, port: int = 0, book: Path | None = None) -> None:
        self.keys = read_secrets(secret)
        self.effects: list[str] = []
        self.documents: list[tuple[str, bytes]] = []
        self.done: dict[str, Json] = {}
        self.refuses: dict[str, str] = {}
        self.asked: list[str] = []
        self.faults: deque[Fault] = deque()
        self.pages: dict[str, Json] | None = None
        self.skew = 0.0
        self.book = book
        self.lock = threading.Lock()
        if book is not None and book.exists():
            self.effects = book.read_text().split()
            self.done = {each: {"state": "done", "text": "Done."} for each in self.effects}
        super().__init__(("127.0.0.1", port), Request)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Lines are cut on purpose here."""

    def take(self, command: Json, key: str) -> Json:
        """Do a command once under its key; its answer."""
        with self.lock:
            if key not in self.done:
                if command.get("type") in self.refuses:
                    self.done[key] = {"state": "refused", "text": self.refuses[command["type"]]}
                else:
                    self.effects.append(key)
                    if self.book is not None:
                        with self.book.open("a") as file:
                            file.write(f"{key}\n")
                    self.done[key] = {"state": "done", "text": "Done."}
            return self.done[key]


class Request(BaseHTTPRequestHandler):
    server: Counterpart
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self._is_signed(body):
            return
        key, kind = self.headers["Idempotency-Key"], self.headers["Content-Type"]
        if kind == "application/json":
            command = json.loads(body)
        else:
            command = {"type": kind}
            self.server.documents.append((kind, body))
        self.server.asked.append(key)

        def do() -> None:
            self.server.take(command, key)

        if self.server.faults:
            self.server.faults.popleft()(self, do)
            return
        answer = self.server.take(command, key)
        self.say(422 if answer["state"] == "refused" else 200, answer)

    def do_GET(self) -> None:
        if not self._is_signed(b""):
            return
        address = urlsplit(self.path)
        if self.server.faults:
            self.server.faults.popleft()(self, lambda: None)
        elif address.path.startswith("/commands/"):
            answer = self.server.done.get(address.path.removeprefix("/commands/"))
            self.say(200 if answer else 404, answer or {"text": "No such command came."})
        else:
            cursor = parse_qs(address.query).get("cursor", [""])[0]
            self.say(200, (self.server.pages or {}).get(cursor, {"events": [], "cursor": cursor}))

    def say(self, status: int, told: Json | bytes, **headers: str) -> None:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """The line is gone."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(int((timestamp or time.time()) + self.server.skew))

    def _is_signed(self, body: bytes) -> bool:
        headers = {name.lower(): value for name, value in self.headers.items()}
        why = verify(keys=self.server.keys, headers=headers, body=body, now=time.time() + self.server.skew)
        if why:
            self.say(401, {"text": why})
        return not why

    def log_message(self, format: str, *args: object) -> None:
        """What it did stands in its book."""


def main() -> None:
    port, book, secret = sys.argv[1:]
    counterpart = Counterpart(secret=secret, port=int(port), book=Path(book))
    counterpart.serve_forever()


if __name__ == "__main__":
    main()
