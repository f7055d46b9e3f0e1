"""What of a newer contract would break those who keep to an older one: pure comparison of JSON Schemas.

Whoever writes events by the older schema must be able to go on, and whoever reads must find every field
that was there. So a document, a field or an allowed value may be added, and none may go; nothing that was
optional may be demanded, and no type may become another.
"""

from collections.abc import Iterator, Mapping
from typing import Any

JsonSchema = Mapping[str, Any]
_LIMITS = ("minLength", "minItems", "minimum", "pattern", "format")
_MOST = ("maxLength", "maxItems", "maximum")


def breaks(*, released: Mapping[str, JsonSchema], now: Mapping[str, JsonSchema]) -> list[str]:
    """Each break in words with its place ("order.placed.v1/lines/quantity: …"); nothing if there is none."""
    found = [f"{name}: the schema is gone" for name in released if name not in now]
    for name, old in released.items():
        if name in now:
            found += _of_schema(name, old, now[name])
    return found


def _of_schema(name: str, old: JsonSchema, new: JsonSchema) -> Iterator[str]:
    yield from _compare(name, old, new)
    theirs, ours = old.get("$defs", {}), new.get("$defs", {})
    for part, schema in theirs.items():
        if part in ours:
            yield from _compare(f"{name}#{part}", schema, ours[part])
        else:
            yield f"{name}#{part}: the part is gone"


def _compare(where: str, old: JsonSchema, new: JsonSchema) -> Iterator[str]:
    kinds, now = _kinds(old), _kinds(new)
    if kinds and now and not kinds <= now:
        yield f"{where}: {', '.join(sorted(kinds - now))} is not taken any more"
    if old.get("$ref") != new.get("$ref"):
        yield f"{where}: it was {old.get('$ref')} and is {new.get('$ref')}"
    lost = [value for value in old.get("enum", ()) if value not in new.get("enum", (value,))]
    if lost:
        yield f"{where}: {', '.join(map(str, lost))} is not allowed any more"
    if "const" in new and old.get("const") != new["const"]:
        yield f"{where}: only {new['const']} is allowed now"
    demanded = set(new.get("required", ())) - set(old.get("required", ()))
    if demanded:
        yield f"{where}: {', '.join(sorted(demanded))} is demanded now"
    yield from _limits(where, old, new)
    for field, schema in old.get("properties", {}).items():
        if field in new.get("properties", {}):
            yield from _compare(f"{where}/{field}", schema, new["properties"][field])
        else:
            yield f"{where}/{field}: the field is gone"
    if isinstance(old.get("items"), Mapping) and isinstance(new.get("items"), Mapping):
        yield from _compare(f"{where}/-", old["items"], new["items"])
    yield from _choices(where, old, new)


def _kinds(schema: JsonSchema) -> set[str]:
    """The JSON types a schema takes; nothing said is any."""
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _limits(where: str, old: JsonSchema, new: JsonSchema) -> Iterator[str]:
    for limit in _LIMITS:
        if limit in new and old.get(limit) != new[limit] and not _looser(old.get(limit), new[limit]):
            yield f"{where}: {limit} is {new[limit]} now"
    for limit in _MOST:
        if limit in new and (limit not in old or new[limit] < old[limit]):
            yield f"{where}: {limit} is {new[limit]} now"


def _looser(old: object, new: object) -> bool:
    return isinstance(old, int | float) and isinstance(new, int | float) and new < old


def _choices(where: str, old: JsonSchema, new: JsonSchema) -> Iterator[str]:
    """anyOf and oneOf: what could be chosen must still be there, alike or wider."""
    for word in ("anyOf", "oneOf"):
        for choice in old.get(word, ()):
            others = new.get(word, ()) or (new,)
            told = [list(_compare(where, choice, other)) for other in others]
            if all(told):
                yield f"{where}: a choice is gone ({min(told, key=len)[0].removeprefix(where + ': ')})"
