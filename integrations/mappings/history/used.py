"""Which columns a mapping reads, and by which of its keys."""

from integrations.mappings.history.grammar import POSITION, Fields, Mapping, Value


def columns_used(mapping: Mapping) -> set[str]:
    """Every column that a mapping reads."""
    return {column for column, _ in used_columns(mapping)}


def used_columns(mapping: Mapping) -> list[tuple[str, str]]:
    """Every column that a mapping reads, with the key that names it."""
    row = mapping.row
    found: list[tuple[str, str]] = []
    if row.id != POSITION:
        found += [(each, "row.id") for each in ((row.id,) if isinstance(row.id, str) else row.id)]
    found += _of_value(row.time, "row.time")
    if row.sequence:
        found.append((row.sequence, "row.sequence"))
    found += [(column, f"columns.{column}") for column in mapping.columns]
    for number, skip in enumerate(mapping.skip, start=1):
        found += [(column, f"skip {number}.when") for column in skip.when]
    found += _of_fields(mapping.fields, "fields")
    for number, part in enumerate(mapping.document, start=1):
        key = f"document {number}"
        found += [(column, f"{key}.when") for column in part.when]
        found += _of_value(part.time, f"{key}.time")
        if part.sequence:
            found.append((part.sequence, f"{key}.sequence"))
        found += _of_fields(part.fields, f"{key}.fields")
    return found


def _of_fields(fields: Fields, key: str) -> list[tuple[str, str]]:
    return [each for path, value in fields.items() for each in _of_value(value, f"{key}.{path}")]


def _of_value(value: str | Value | None, key: str) -> list[tuple[str, str]]:
    return [] if value is None else [(column, key) for column in as_value(value).sources]


def as_value(value: str | Value) -> Value:
    """A value as it is meant: a mere text names a column."""
    return Value(column=value) if isinstance(value, str) else value
