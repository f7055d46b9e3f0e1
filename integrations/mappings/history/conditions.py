"""Conditions on the cells of a row."""

from integrations.mappings.history.grammar import Mapping, Test, When


def tested_columns(mapping: Mapping) -> set[str]:
    """The columns that conditions look at."""
    found = {column for skip in mapping.skip for column in skip.when}
    return found | {column for part in mapping.document for column in part.when}


def fits(when: When, texts: dict[str, str | None], raw: dict[str, str]) -> bool:
    """Whether all conditions hold: `texts` are a row's as mapped, None where unknown; `raw` as written."""
    return all(_is(test, texts[column], raw[column]) for column, test in when.items())


def _is(test: str | tuple[str, ...] | Test, text: str | None, raw: str) -> bool:
    """Whether a cell passes: by its text as it stands, or as the column's map has it."""
    said = {raw} if text is None else {raw, text}
    if isinstance(test, str):
        return test in said
    if isinstance(test, tuple):
        return bool(said & set(test))
    passes = test.known is None or test.known == (text is not None)
    passes = passes and (test.one_of is None or bool(said & set(test.one_of)))
    passes = passes and (test.none_of is None or not said & set(test.none_of))
    return passes and (test.starts is None or any(raw.startswith(start) for start in test.starts))
