"""Lines and milestones for the tests of drawings."""

import datetime as dt
from decimal import Decimal
from typing import Any

from visibility.canonical.documents import Item
from visibility.flows.state import LineView, Milestone, MilestoneName
from visibility.flows.workflows.replenishment import MILESTONES

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def on(day: int, hour: int = 12) -> dt.datetime:
    """A moment of November 2026."""
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def milestones(**known: Any) -> list[Milestone]:
    """All of the workflow's; each keyword gives one: a moment it was done, or a Milestone."""
    made = []
    for name in MILESTONES:
        said = known.get(name)
        if isinstance(said, Milestone):
            made.append(said)
        elif said is not None:
            made.append(Milestone(name, actual_at=said, done=True))
        else:
            made.append(Milestone(name, waits=True, planned_at=on(30)))
    return made


def milestone(name: MilestoneName, **values: Any) -> Milestone:
    return Milestone(name, **values)


def line(number: str = "10", *, steps: list[Milestone] | None = None, **quantities: Any) -> LineView:
    """A line of 100 cases unless said otherwise."""
    quantities.setdefault("ordered", 100)
    amounts = {
        name: Decimal(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else value
        for name, value in quantities.items()
    }
    return LineView(
        line=number,
        item=Item(buyer=f"SKU-{number}"),
        unit="CA",
        milestones=milestones(ordered=on(17)) if steps is None else steps,
        **amounts,
    )
