"""Quantities and prices brought to the unit of a line. Exact: what does not convert is left out and said."""

from decimal import Decimal
from functools import lru_cache

from visibility.canonical.documents import Item
from visibility.canonical.quantities import UnitScheme
from visibility.flows.state import Units

ZERO = Decimal(0)
ONE = Decimal(1)
_PLACES = Decimal("0.000000001")
_MANY_DIGITS = 12


def is_sensible(value: Decimal) -> bool:
    """Whether this can be a quantity or price at all: finite, and below a million million."""
    return value.is_finite() and value.adjusted() < _MANY_DIGITS


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros, and without the dust that a third of a case leaves."""
    if value.same_quantum(ONE):
        return value or ZERO  # plain already, as nearly always; of -0 nothing but 0
    return value if value.adjusted() > _MANY_DIGITS else _tidied(value)


# Mostly prices, and of those there are not so many.
@lru_cache(maxsize=8192)
def _tidied(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    if whole == value:
        return Decimal(int(whole))
    return value.quantize(_PLACES).normalize()


def convert(
    *,
    quantity: Decimal,
    item: Item,
    scheme: UnitScheme,
    unit: str,
    to_scheme: UnitScheme,
    to_unit: str,
    units: Units,
) -> Decimal | None:
    """`quantity` in `to_unit`; None where no factor is known.

    Dividing by the whole number of pieces in a case is exact where multiplying by its inverse is not.
    """
    factor = units.factor(item=item, scheme=scheme, unit=unit, to_scheme=to_scheme, to_unit=to_unit)
    if factor is None:
        return None
    if factor < 1:
        inverse = units.factor(item=item, scheme=to_scheme, unit=to_unit, to_scheme=scheme, to_unit=unit)
        if inverse:
            return quantity / inverse
    return quantity * factor
