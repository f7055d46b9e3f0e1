"""The gap bar: 60 px in a row of a table, what was had and what is missing or too much."""

from decimal import Decimal

from msgspec import Struct

WIDTH = 60
LEAST = 4


class GapBar(Struct, frozen=True):
    """Widths in px. `missing` hangs at the right in bad, `over` in warn; one of them is 0."""

    had: float
    missing: float = 0
    over: float = 0
    width: int = WIDTH


def draw(*, had: Decimal | None, expected: Decimal | None) -> GapBar | None:
    """None where either is not known, or nothing was expected and nothing came."""
    if had is None or expected is None or had < 0 or expected < 0 or not (had or expected):
        return None
    if had <= expected:
        missing = _share(expected - had, expected)
        return GapBar(had=WIDTH - missing, missing=missing)
    over = _share(had - expected, had)
    return GapBar(had=WIDTH - over, over=over)


def _share(part: Decimal, whole: Decimal) -> float:
    """The width of a part: nothing for nothing, at least 4 px for something, never all but all for all."""
    if part == 0:
        return 0
    if part == whole:
        return WIDTH
    return round(min(max(float(part / whole) * WIDTH, LEAST), WIDTH - LEAST), 1)
