"""Who keeps to the contract as it was last released is not broken by how it is now."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from visibility.canonical.compatibility import breaks
from visibility.canonical.documents import DOCUMENT_TYPES
from visibility.canonical.events import Event
from visibility.canonical.examples import EXAMPLES, example_event
from visibility.canonical.released import read_released
from visibility.canonical.schemas import find_schema, schema_names

Schemas = dict[str, Any]


def now() -> Schemas:
    return {name: find_schema(name) or {} for name in schema_names()}


def test_nothing_of_the_released_contract_is_broken() -> None:
    released = read_released()
    assert "order.placed.v1" in released
    assert breaks(released=released, now=now()) == []


def test_every_document_there_is_was_released() -> None:
    assert set(read_released()) == set(schema_names())


def _line(schemas: Schemas) -> dict[str, Any]:
    line: dict[str, Any] = schemas["order.placed.v1"]["$defs"]["OrderLine"]
    return line


BREAKS: dict[str, Callable[[Schemas], object]] = {
    "the schema is gone": lambda s: s.pop("order.placed.v1"),
    "the part is gone": lambda s: s["order.placed.v1"]["$defs"].pop("OrderLine"),
    "/quantity: the field is gone": lambda s: _line(s)["properties"].pop("quantity"),
    "line is demanded now": lambda s: _line(s).update(required=["line"]),
    "string is not taken any more": lambda s: _line(s)["properties"]["line"].update(type="number"),
    "maxLength is 3 now": lambda s: _line(s)["properties"]["line"].update(maxLength=3),
    "pattern is x now": lambda s: _line(s)["properties"]["line"].update(pattern="x"),
    "cancel is not allowed any more": lambda s: s["order.placed.v1"]["properties"]["purpose"]["enum"].remove(
        "cancel"
    ),
    "a choice is gone": lambda s: _line(s)["properties"]["quantity"]["anyOf"].pop(0),
}


@pytest.mark.parametrize("told", BREAKS)
def test_what_would_break_somebody_is_told_with_its_place(told: str) -> None:
    broken = copy.deepcopy(now())
    BREAKS[told](broken)
    found = breaks(released=now(), now=broken)
    assert any(told in line and "order.placed.v1" in line for line in found), found


def test_more_documents_fields_and_values_break_nobody() -> None:
    more = copy.deepcopy(now())
    more["something.new.v1"] = {"type": "object"}
    _line(more)["properties"]["colour"] = {"type": "string"}
    more["order.placed.v1"]["properties"]["purpose"]["enum"].append("draft")
    more["order.placed.v1"]["$defs"]["Colour"] = {"type": "object", "required": ["name"]}
    assert breaks(released=now(), now=more) == []


def test_every_document_has_an_example_that_is_one() -> None:
    assert set(EXAMPLES) == set(DOCUMENT_TYPES)
    for kind in EXAMPLES:
        event = msgspec.json.decode(msgspec.json.encode(example_event(kind)), type=Event)
        document = event.document()
        assert isinstance(document, DOCUMENT_TYPES[kind])
        assert set(EXAMPLES[kind]) <= set(document.__struct_fields__)
