"""Quantities with units, and the units that are the same everywhere.

A unit code means something only inside its code list: X12 element 355 `CA` is a case, UN/ECE
Recommendation 20 `CA` is a can. So a document names the list its codes are from, once.
"""

from decimal import Decimal
from typing import Literal

UnitScheme = Literal["x12", "rec20", "own"]

# Codes that name one and the same unit in every item: (scheme, code) -> (base, how many of the base).
# X12 element 355 and UN/ECE Rec 20 revision 17. Packagings (case, box, pallet) are not here on purpose:
# how many pieces they hold is known only item by item.
STANDARD_UNITS: dict[tuple[str, str], tuple[str, Decimal]] = {
    ("x12", "EA"): ("piece", Decimal(1)),
    ("x12", "PC"): ("piece", Decimal(1)),
    ("x12", "UN"): ("piece", Decimal(1)),
    ("x12", "DZ"): ("piece", Decimal(12)),
    ("x12", "P2"): ("piece", Decimal(12)),
    ("x12", "GR"): ("gram", Decimal(1)),
    ("x12", "GS"): ("piece", Decimal(144)),
    ("x12", "HU"): ("piece", Decimal(100)),
    ("x12", "TH"): ("piece", Decimal(1000)),
    ("x12", "KG"): ("gram", Decimal(1000)),
    ("x12", "LB"): ("gram", Decimal("453.59237")),
    ("x12", "OZ"): ("gram", Decimal("28.349523125")),
    ("x12", "MR"): ("metre", Decimal(1)),
    ("x12", "CM"): ("metre", Decimal("0.01")),
    ("x12", "FT"): ("metre", Decimal("0.3048")),
    ("x12", "LF"): ("metre", Decimal("0.3048")),
    ("x12", "IN"): ("metre", Decimal("0.0254")),
    ("x12", "YD"): ("metre", Decimal("0.9144")),
    ("x12", "LT"): ("litre", Decimal(1)),
    ("x12", "GA"): ("litre", Decimal("3.785411784")),
    ("x12", "QT"): ("litre", Decimal("0.946352946")),
    ("rec20", "EA"): ("piece", Decimal(1)),
    ("rec20", "H87"): ("piece", Decimal(1)),
    ("rec20", "C62"): ("piece", Decimal(1)),
    ("rec20", "NAR"): ("piece", Decimal(1)),
    ("rec20", "DZN"): ("piece", Decimal(12)),
    ("rec20", "GRO"): ("piece", Decimal(144)),
    ("rec20", "CEN"): ("piece", Decimal(100)),
    ("rec20", "MIL"): ("piece", Decimal(1000)),
    ("rec20", "GRM"): ("gram", Decimal(1)),
    ("rec20", "KGM"): ("gram", Decimal(1000)),
    ("rec20", "LBR"): ("gram", Decimal("453.59237")),
    ("rec20", "ONZ"): ("gram", Decimal("28.349523125")),
    ("rec20", "MTR"): ("metre", Decimal(1)),
    ("rec20", "CMT"): ("metre", Decimal("0.01")),
    ("rec20", "FOT"): ("metre", Decimal("0.3048")),
    ("rec20", "INH"): ("metre", Decimal("0.0254")),
    ("rec20", "YRD"): ("metre", Decimal("0.9144")),
    ("rec20", "LTR"): ("litre", Decimal(1)),
    ("rec20", "GLL"): ("litre", Decimal("3.785411784")),
}


def standard_factor(*, scheme: str, unit: str, to_scheme: str, to_unit: str) -> Decimal | None:
    """How many `to_unit` one `unit` is, by the standards alone; None where they do not say."""
    if (scheme, unit) == (to_scheme, to_unit):
        return Decimal(1)
    here = STANDARD_UNITS.get((scheme, unit))
    there = STANDARD_UNITS.get((to_scheme, to_unit))
    if here is None or there is None or here[0] != there[0]:
        return None
    return here[1] / there[1]
