"""Cursors of lists: opaque to the reader, and no more trusted than any other input."""

import base64
import json
from typing import Any

from visibility.core.errors import NotFoundError


def write_cursor(*values: Any) -> str:
    """A cursor that holds these values; what JSON does not know is held as text."""
    text = json.dumps([value if value is None or isinstance(value, int) else str(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_cursor(cursor: str, *, size: int) -> list[Any]:
    """The values of a cursor. NotFoundError if it was not written by us."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, RecursionError) as error:
        raise NotFoundError(LOST) from error
    if not isinstance(values, list) or len(values) != size:
        raise NotFoundError(LOST)
    return values


LOST = "This page of the list cannot be found; start again from its beginning."
