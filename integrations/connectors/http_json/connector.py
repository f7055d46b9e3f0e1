"""Commands as signed JSON over HTTP.

`POST <url>/commands` asks, with the command's id as `Idempotency-Key` (a command that leaves as a document is
posted as that document, under its content type); `GET <url>/commands/<id>` says what
became of it; `GET <url>/changes?cursor=…&limit=…` tells what happened.
docs/connectors.md has the whole agreement.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from django.conf import settings

from integrations.connectors.http_json import answers
from integrations.connectors.http_json.answers import Got
from visibility.core.errors import InputError
from visibility.sync.outbound import check_address, find_address
from visibility.sync.ports import ChangePage, Delivery, OutgoingCommand, encode_command
from visibility.sync.signatures import read_secrets, sign

SECONDS = 20.0
MOST_SECONDS = 40.0
CONNECT_SECONDS = 5.0
MOST_BYTES = 4 * 1024 * 1024
JSON = "application/json"
_OF_THE_WAY_THERE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class TooMuchError(Exception):
    """The answer is larger than any answer should be."""


class HttpJsonConnector:
    """The way to one such system. Settings: `url`, `seconds` for the whole request, `private`, `changes`."""

    def __init__(self, *, options: Mapping[str, Any], secret: str) -> None:
        url = options.get("url")
        if not isinstance(url, str):
            raise InputError("bad_setting", '"url" is missing.', "url")
        self._scheme, self._host, self._port = check_address(url)
        self._base = url.rstrip("/")
        self._private = options.get("private") is True
        seconds = options.get("seconds", SECONDS)
        if (
            isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not 0 < seconds <= MOST_SECONDS
        ):
            raise InputError("bad_setting", f'"seconds" is a number up to {MOST_SECONDS:.0f}.', "seconds")
        self._seconds = float(seconds)
        self._keys = read_secrets(secret)

    def send(self, command: OutgoingCommand) -> Delivery:
        """Ask the system, under the command's own id."""
        document = command.document
        got = self._ask(
            "POST",
            "/commands",
            str(command.id),
            document.body if document else encode_command(command),
            content_type=document.content_type if document else JSON,
        )
        return got if isinstance(got, Delivery) else answers.of_command(got)

    def read_back(self, command: OutgoingCommand) -> Delivery:
        """What became of it."""
        got = self._ask("GET", f"/commands/{command.id}", str(uuid4()))
        if isinstance(got, Delivery):
            return _not_found_out(got)
        return answers.of_read_back(got)

    def read_changes(self, *, cursor: str, limit: int) -> ChangePage | Delivery:
        """A page of changes."""
        query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        got = self._ask("GET", "/changes", str(uuid4()), query=query)
        return got if isinstance(got, Delivery) else answers.of_changes(got, cursor)

    def _ask(
        self,
        method: str,
        path: str,
        message_id: str,
        body: bytes = b"",
        query: Mapping[str, str] | None = None,
        *,
        content_type: str = JSON,
    ) -> Got | Delivery:
        """The answer, or what kept it from coming."""
        try:
            address = find_address(
                host=self._host, port=self._port, private=self._private, allowed=settings.OUTBOUND_HOSTS
            )
        except InputError as error:
            return Delivery(result="retry", failure="denied", text=error.text)
        except OSError as error:
            return Delivery(
                result="retry", failure="unavailable", text=f"{self._host} is not known: {error}."
            )
        url = httpx.URL(self._base + path, params=query) if query else httpx.URL(self._base + path)
        headers = self._headers(url, message_id, body, content_type)
        reached = url.copy_with(host=str(address))
        try:
            return self._exchange(method, reached, headers, body)
        except _OF_THE_WAY_THERE as error:
            return Delivery(
                result="retry", failure="unavailable", text=f"{self._host} was not reached: {error}"
            )
        except httpx.TimeoutException:
            return Delivery(
                result="unknown", failure="timeout", text=f"No answer within {self._seconds:g} s."
            )
        except TooMuchError:
            return Delivery(
                result="unknown", failure="invalid", text=f"It answered with more than {MOST_BYTES} bytes."
            )
        except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError) as error:
            return Delivery(result="unknown", failure="dropped", text=f"The answer was cut off: {error}")

    def _headers(self, url: httpx.URL, message_id: str, body: bytes, content_type: str) -> dict[str, str]:
        signed = sign(keys=self._keys, message_id=message_id, timestamp=int(time.time()), body=body)
        headers = {
            "Host": url.netloc.decode(),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            **signed,
        }
        if body:
            headers |= {"Content-Type": content_type, "Idempotency-Key": message_id}
        return headers

    def _exchange(self, method: str, url: httpx.URL, headers: dict[str, str], body: bytes) -> Got:
        """One request on a connection of its own, all of it within the time there is."""
        limits = httpx.Timeout(self._seconds, connect=min(CONNECT_SECONDS, self._seconds))
        with httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client:
            # Time-outs of the library are for each byte: one who sends a byte now and then is cut here.
            late = threading.Event()

            def cut() -> None:
                late.set()
                client.close()

            guard = threading.Timer(self._seconds, cut)
            guard.daemon = True
            guard.start()
            request = client.build_request(
                method, url, headers=headers, content=body or None, extensions={"sni_hostname": self._host}
            )
            try:
                response = client.send(request, stream=True)
                return Got(response.status_code, response.headers, _read(response))
            except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError) as error:
                if late.is_set():
                    raise httpx.ReadTimeout("all the time is over") from error
                raise
            finally:
                guard.cancel()


def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooMuchError
    return bytes(body)


def _not_found_out(delivery: Delivery) -> Delivery:
    """Asking what became of a command failed: that says nothing of the command."""
    return msgspec.structs.replace(delivery, result="unknown")
