"""CloudEvents to canonical documents: one event, or a batch of them with an outcome for each."""

from collections.abc import Iterator
from typing import Any

import msgspec

from visibility.canonical.events import BYTE_ORDER_MARK, Event, digest_of, split_error
from visibility.core.errors import InputError
from visibility.inbox.ports import Problem, Reply, Translated, Unit, VerbatimMessage

_event = msgspec.json.Decoder(Event)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder()
BATCH = "application/cloudevents-batch+json"


class CloudEventTranslator:
    """A unit for each event; a bad one is told and left out, its neighbours go on."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        body = message.body.removeprefix(BYTE_ORDER_MARK)
        if message.content_type != BATCH:
            yield _unit(body, where="")
            return
        try:
            events = _list.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield _unreadable(error)
            return
        for index, raw in enumerate(events):
            yield _unit(raw, where=f"/{index}")

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        return []


def _unit(raw: bytes | msgspec.Raw, *, where: str) -> Unit:
    try:
        event = _event.decode(raw)
        _refuse_nul(raw)
        document = event.document()
    except InputError as error:
        return Unit(problems=(Problem(code=error.code, text=error.text, where=where + error.where),))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _unreadable(error, where=where)
    return Unit(
        documents=(
            Translated(
                document=document,
                source=event.source,
                event_id=event.id,
                body_digest=digest_of(raw),
                body=raw,
                envelope_at=event.time,
                where=where,
                occurred_at=event.time,
                correlation_id=event.correlationid.strip(),
            ),
        )
    )


def _refuse_nul(raw: bytes | msgspec.Raw) -> None:
    """InputError for a text with a NUL, which no database of ours can keep, with its JSON pointer."""
    if b"\\u0000" not in bytes(raw):
        return
    where = _find_nul(_anything.decode(raw), "")
    if where is not None:
        raise InputError("invalid_event", "This text holds a NUL character; send it without.", where)


def _find_nul(value: Any, where: str) -> str | None:
    if isinstance(value, str):
        return where if "\0" in value else None
    named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, own in named:
        found = where if "\0" in str(name) else _find_nul(own, f"{where}/{name}")
        if found is not None:
            return found
    return None


def _unreadable(error: Exception, *, where: str = "") -> Unit:
    if isinstance(error, RecursionError):
        return Unit(problems=(Problem(code="too_deep", text="The JSON is nested too deeply.", where=where),))
    text, pointer = split_error(error)
    code = "invalid_event" if isinstance(error, msgspec.ValidationError) else "invalid_json"
    return Unit(problems=(Problem(code=code, text=text, where=where + pointer),))
