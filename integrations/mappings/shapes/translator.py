"""JSON of vendors to canonical documents: the translator that settings name for `application/json`.

A shape is recognised by its structure. Collections and webhook envelopes are looked into; each object of a
known shape is a unit of its own, so that a faulty one leaves its neighbours alone.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from integrations.mappings.shapes.reading import Notes, Part, Read, decode
from integrations.mappings.shapes.registry import SHAPES, Shape
from visibility.core import identifiers
from visibility.inbox.ports import Problem, Reply, Translated, Unit, VerbatimMessage

CONTENT_TYPE = "application/json"
WRAPPERS = (
    "d",
    "results",
    "value",
    "items",
    "payload",
    "orders",
    "order",
    "fulfillments",
    "fulfillment",
    "shipments",
    "shipmentConfirmations",
    "acknowledgements",
    "trackers",
    "events",
    "data",
    "entity",
    "body",
    "result",
)
"""Fields in which collections and envelopes carry what they are about."""
DEEPEST = 6
KEYS_TOLD = 8
_encoder = msgspec.json.Encoder()


class ShapeTranslator:
    """One unit an object of a known shape, in their order."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        """The units of the message. Never raises: bad input becomes problems."""
        try:
            value = decode(message.body)
        except (ValueError, RecursionError) as error:
            text = (
                "The JSON is nested too deeply." if isinstance(error, RecursionError) else f"No JSON: {error}"
            )
            yield Unit(problems=(Problem(code="invalid_json", text=text),))
            return
        found = False
        for shape, part in _recognised(value, "", 0):
            found = True
            yield _unit(shape, part, message)
        if not found:
            yield Unit(problems=(_unknown(value),))

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        """Nothing is owed: the sender was answered over HTTP."""
        return []


def _recognised(value: Any, pointer: str, depth: int) -> Iterator[tuple[Shape, Part]]:
    """The objects of known shapes, from the outside in; what is inside one is its own matter."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _recognised(each, f"{pointer}/{index}", depth + 1)
        return
    if not isinstance(value, dict):
        return
    for shape in SHAPES:
        if shape.recognises(value):
            yield shape, Part(value, pointer, Notes())
            return
    for name in WRAPPERS:
        if isinstance(value.get(name), dict | list):
            yield from _recognised(value[name], f"{pointer}/{name}", depth + 1)


def _unit(shape: Shape, part: Part, message: VerbatimMessage) -> Unit:
    read = shape.read(part, message.issuer)
    problems = tuple(part.notes.problems)
    if part.notes.refused:
        return Unit(problems=problems)
    where = part.pointer or "/"
    return Unit(
        documents=tuple(_translated(each, where) for each in read), problems=problems, skipped=not read
    )


def _translated(read: Read, where: str) -> Translated:
    document = read.document
    if not read.event_id:
        return Translated(
            document=document,
            where=where,
            occurred_at=document.issued_at,
            correlation_id=read.correlation_id,
        )
    told = _encoder.encode(document)
    return Translated(
        document=document,
        source=read.source,
        event_id=read.event_id,
        body_digest=identifiers.digest(told),
        body=told,
        where=where,
        occurred_at=document.issued_at,
    )


def _unknown(value: Any) -> Problem:
    keys = ", ".join(list(value)[:KEYS_TOLD]) if isinstance(value, dict) else type(value).__name__
    known = ", ".join(sorted(shape.name for shape in SHAPES))
    text = (
        f"No shape that is known here ({keys[:200] or 'empty'}). Known are: {known}, and CloudEvents with "
        "canonical documents. Have a mapping for it added, or send one of these."
    )
    return Problem(code="unsupported_shape", text=text)
