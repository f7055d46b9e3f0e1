"""Mean, median and 90th percentile of spans. Pure."""

import datetime as dt
import math
from collections.abc import Sequence

from msgspec import Struct


class Spread(Struct, frozen=True, kw_only=True):
    """How a set of spans lies. The median of an even number is the mean of the middle two; the p90 is the
    smallest span that nine in ten do not exceed (nearest rank). Nothing of it where there is no span."""

    count: int = 0
    mean: dt.timedelta | None = None
    median: dt.timedelta | None = None
    p90: dt.timedelta | None = None


def spread_of(spans: Sequence[dt.timedelta]) -> Spread:
    """The spread of these spans, in any order."""
    if not spans:
        return Spread()
    ordered, count = sorted(spans), len(spans)
    middle = ordered[(count - 1) // 2] + (ordered[count // 2] - ordered[(count - 1) // 2]) / 2
    return Spread(
        count=count,
        mean=sum(ordered, dt.timedelta()) / count,
        median=middle,
        p90=ordered[math.ceil(count * 0.9) - 1],
    )
