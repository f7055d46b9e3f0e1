"""The published contract: one JSON Schema for each document type, and one for the event that carries it.

They are made from the documents themselves, so they cannot say anything else. A name carries its version
("order.placed.v1"); `$id` is that name, relative to wherever the schemas are served.
"""

from functools import cache
from typing import Any

import msgspec

from visibility.canonical.documents import DOCUMENT_TYPES
from visibility.canonical.events import Event
from visibility.canonical.examples import EXAMPLES

VERSION = "v1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE = f"event.{VERSION}"
DECIMAL = {
    "type": "string",
    "format": "decimal",
    "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
    "description": "A decimal number, written as a string so that no reader rounds it.",
}

JsonSchema = dict[str, Any]


def schema_names() -> list[str]:
    """The names of all published schemas: the envelope first, then the documents."""
    return [ENVELOPE, *(f"{name}.{VERSION}" for name in DOCUMENT_TYPES)]


def find_schema(name: str) -> JsonSchema | None:
    """The schema of that name, with or without its version or ".json"; None if there is none."""
    stem = name.removesuffix(".json").removesuffix(f".{VERSION}")
    return _published().get(f"{stem}.{VERSION}")


def document_components(*, ref_template: str) -> dict[str, JsonSchema]:
    """The schemas of all documents and their parts by class name, for another page to refer to (OpenAPI)."""
    _, components = msgspec.json.schema_components(DOCUMENT_TYPES.values(), ref_template=ref_template)
    return {name: _mend(component) for name, component in components.items()}


def envelope_schema(*, document_refs: dict[str, str]) -> JsonSchema:
    """A CloudEvent whose data is one of the documents; `document_refs` says where each type's schema is."""
    return {
        "title": "Event",
        "description": "A CloudEvents 1.0 envelope around a canonical document. source + id is its identity: "
        "sent again it counts once, sent with another content it is refused.",
        "type": "object",
        "required": [field.name for field in msgspec.structs.fields(Event) if field.required]
        + ["specversion", "data"],
        "properties": {
            "specversion": {"type": "string", "pattern": r"^1\."},
            "id": {"type": "string", "minLength": 1, "maxLength": 500},
            "source": {"type": "string", "minLength": 1, "maxLength": 500},
            "type": {"type": "string", "enum": [_type_of(name) for name in document_refs]},
            "time": {"type": ["string", "null"], "format": "date-time"},
            "subject": {"type": ["string", "null"]},
            "datacontenttype": {"type": ["string", "null"]},
            "correlationid": {
                "type": "string",
                "maxLength": 200,
                "description": "Names the order this event is about. Believed from trusted connections only.",
            },
            "data": {"type": "object"},
        },
        "oneOf": [
            {"properties": {"type": {"const": _type_of(name)}, "data": {"$ref": ref}}}
            for name, ref in document_refs.items()
        ],
    }


def _type_of(name: str) -> str:
    return name.removesuffix(f".{VERSION}")


@cache
def _published() -> dict[str, JsonSchema]:
    components = document_components(ref_template="#/$defs/{name}")
    found = {
        ENVELOPE: {
            "$schema": DIALECT,
            "$id": ENVELOPE,
            **envelope_schema(document_refs={name: name for name in schema_names() if name != ENVELOPE}),
        }
    }
    for name, kind in DOCUMENT_TYPES.items():
        own = dict(components[kind.__name__])
        parts = _reached(own, components)
        title = f"{name}.{VERSION}"
        example = EXAMPLES[name]
        found[title] = {"$schema": DIALECT, "$id": title, **own, "examples": [example], "$defs": parts}
    return found


def _reached(schema: JsonSchema, components: dict[str, JsonSchema]) -> dict[str, JsonSchema]:
    """The components a schema refers to, directly or through others."""
    reached: dict[str, JsonSchema] = {}
    waiting = [schema]
    while waiting:
        for name in sorted(_references(waiting.pop())):
            if name not in reached:
                reached[name] = components[name]
                waiting.append(components[name])
    return reached


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for part in value for name in _references(part)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"].rpartition("/")[2]} if "$ref" in value else set()
    return own | {name for part in value.values() for name in _references(part)}


def _mend(schema: Any) -> Any:
    """Say what msgspec leaves out: that a decimal is a string of digits, and that the tag may be left out,
    because the envelope's type says it already."""
    if isinstance(schema, list):
        return [_mend(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal":
        return {**schema, **DECIMAL}
    mended = {key: _mend(value) for key, value in schema.items()}
    if "required" in mended and "enum" in mended.get("properties", {}).get("type", {}):
        mended["required"] = [name for name in mended["required"] if name != "type"]
    return mended
