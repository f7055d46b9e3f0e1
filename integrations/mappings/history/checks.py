"""What can be found wrong with a mapping once the columns of its file are known."""

from collections.abc import Sequence
from difflib import get_close_matches

import msgspec

from integrations.mappings.history.grammar import Mapping, located
from integrations.mappings.history.used import used_columns
from visibility.canonical.documents import DOCUMENT_TYPES


def check_columns(mapping: Mapping, columns: Sequence[str], *, name: str) -> None:
    """InputError where the mapping names a column that the file does not have, or a field that none has."""
    for column, key in used_columns(mapping):
        if column in columns:
            continue
        numbered = [each for each in columns if each.startswith(f"{column}#")]
        close = get_close_matches(column, columns, n=1, cutoff=0.6)
        if numbered:
            hint = f"it stands there more than once; write {' or '.join(numbered)}"
        elif close:
            hint = f'did you mean "{close[0]}"?'
        else:
            hint = f"it has: {', '.join(columns)}"
        raise located(name, key)(f'the file has no column "{column}"; {hint}')
    _check_shared_fields(mapping, name)


def _check_shared_fields(mapping: Mapping, name: str) -> None:
    """Fields for all documents must be of some document at least."""
    used = [DOCUMENT_TYPES[part.type] for part in mapping.document if part.type in DOCUMENT_TYPES]
    names = {field.name for kind in used for field in msgspec.structs.fields(kind)}
    for path in mapping.fields:
        if used and path.split(".")[0] not in names:
            raise located(name, f"fields.{path}")(
                f'no document of this mapping has a field "{path.split(".")[0]}"'
            )
