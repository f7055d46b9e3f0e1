"""Reading a body, and what is refused before anything is kept.

Only what cannot be told apart from noise is refused here: no bytes, no JSON, no CloudEvent, no array. An X12
file is kept whatever is in it, and a well-formed event whatever its data says; translation tells what is
wrong with them, and they can be replayed.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from visibility.api.errors import LengthRequiredError
from visibility.canonical.events import Event, split_error
from visibility.core.errors import InputError, TooLargeError, UnsupportedError

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LONGEST_KEY = 255

_event = msgspec.json.Decoder(Event)
_batch = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder()


@dataclass(frozen=True)
class Sent:
    """A message as it stands in a request."""

    body: bytes
    content_type: str
    idempotency_key: str
    name: str = ""
    """How the sender calls the file, where a Content-Disposition says it."""


def read_message(request: HttpRequest) -> Sent:
    """The message of a request: by its headers first, so that a hopeless one is never read.

    Raises UnsupportedError, TooLargeError, LengthRequiredError or InputError.
    """
    content_type = request.content_type or ""
    if content_type not in settings.TRANSLATORS:
        raise UnsupportedError(
            "unsupported_content_type",
            f"{content_type or 'A body without a content type'} is not taken here; send one of: "
            + ", ".join(sorted(settings.TRANSLATORS)),
            "header Content-Type",
        )
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise UnsupportedError(
            "unsupported_content_encoding",
            "Bodies are taken as they are, without a Content-Encoding.",
            "header Content-Encoding",
        )
    _check_length(request)
    key = _read_key(request)
    body = request.body
    check_body(body=body, content_type=content_type)
    return Sent(body=body, content_type=content_type, idempotency_key=key, name=_read_name(request))


def _read_name(request: HttpRequest) -> str:
    """The file name of a Content-Disposition header, without any folder; empty where there is none."""
    try:
        _, values = parse_header_parameters(request.headers.get("Content-Disposition", ""))
    except ValueError:
        return ""  # the name is a courtesy; a header that cannot be read takes nothing from the message
    name = "".join(char for char in values.get("filename", "") if char.isprintable())
    return PurePosixPath(name.replace("\\", "/")).name


def _check_length(request: HttpRequest) -> None:
    if not request.headers.get("Content-Length") and "Transfer-Encoding" in request.headers:
        raise LengthRequiredError("Send a Content-Length: how long a chunked body is, nobody knows.")
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > settings.MAX_MESSAGE_BYTES:
        raise TooLargeError(
            "too_large",
            f"The message has {length} bytes; {settings.MAX_MESSAGE_BYTES} fit.",
            "header Content-Length",
        )


def _read_key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        raise InputError(
            "invalid_idempotency_key",
            f"An Idempotency-Key has up to {LONGEST_KEY} characters.",
            "header Idempotency-Key",
        )
    return key


def check_body(*, body: bytes, content_type: str) -> None:
    """Raises InputError for a body that is nothing of what its content type says."""
    if not body:
        raise InputError("empty", "The body is empty: 0 bytes. Send the document as the body.")
    if content_type not in (EVENT, BATCH):
        return
    try:
        body.decode()
        if content_type == EVENT:
            _event.decode(body)
            # The data too: what is not JSON throughout cannot be compared with a repeat.
            _anything.decode(body)
        elif not _batch.decode(body):
            raise InputError("empty", "The batch holds no events.")
    except UnicodeDecodeError as error:
        raise InputError("invalid_json", _encoding(body), f"byte {error.start}") from error
    except RecursionError as error:
        raise InputError("too_deep", "The JSON is nested too deeply.") from error
    except msgspec.ValidationError as error:
        text, where = split_error(error)
        raise InputError("invalid_event", _say(text, content_type, where), where) from error
    except msgspec.DecodeError as error:
        raise InputError("invalid_json", f"{_marked(body)}{error}.") from error


def _say(text: str, content_type: str, where: str) -> str:
    if where:
        return f"{text}."
    wanted = (
        "a CloudEvent: a JSON object" if content_type == EVENT else "a batch: a JSON array of CloudEvents"
    )
    return f"{text}. This content type takes {wanted}."


def _encoding(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "The body is UTF-16; JSON is sent in UTF-8."
    return "The body is not UTF-8."


def _marked(body: bytes) -> str:
    return (
        "The body begins with a byte order mark; send it without one. "
        if body.startswith(b"\xef\xbb\xbf")
        else ""
    )
