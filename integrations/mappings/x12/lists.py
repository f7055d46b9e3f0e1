"""What lists of items have in common: prices, spans of days, quantities split by place."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_text
from visibility.canonical.documents import Party

_FIRST_PLACE, _LAST_PLACE = 3, 22


def first_date(dates: Mapping[str, dt.date], kinds: Sequence[str]) -> dt.date | None:
    """The first date of these kinds."""
    return next((dates[kind] for kind in kinds if kind in dates), None)


def read_places(reader: SetReader) -> Iterator[tuple[Party, Decimal]]:
    """The present SDQ: places with the quantity of each."""
    qualifier = read_text(reader.raw(2))
    for element in range(_FIRST_PLACE, min(len(reader.row), _LAST_PLACE + 1), 2):
        place, quantity = reader.identifier(element), reader.quantity(element + 1, signed=True)
        if place and quantity is not None:
            yield Party(ids=(f"{qualifier}:{place}" if qualifier else place,)), quantity
