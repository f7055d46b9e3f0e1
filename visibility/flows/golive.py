"""Which clocks run. Pure.

None runs for an order from before go-live: its documents were partly sent before anybody listened. None
runs for a document that the partner's programme does not include. Neither says that the step was taken.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from visibility.canonical.documents import OpeningBalance, OrderPlaced
from visibility.flows.state import Fact, FlowView, Milestone, Terms


def stop_clocks(view: FlowView, *, terms: Terms, told: Sequence[Fact]) -> bool:
    """Take the deadlines of an order from before go-live; whether it is one. What was planned stays.

    An order whose document nobody has sent is as old as the first thing that was told of it. What is told of
    it by a history is as of a day, and to the end of that day nobody was live.
    """
    history_to = _history_to(told)
    live_from = _live_from(terms, history_to)
    if live_from is None:
        return False
    day = view.ordered_on or _first_told(view, told, terms.calendar.zone)
    # Of a history that gives no day at all, the order is as old as the history.
    day = day or history_to
    if day is None or day >= live_from:
        return False
    for owner in (view.milestones, *(line.milestones for line in view.lines)):
        for milestone in owner:
            if milestone.applicable and not milestone.done:
                milestone.due_at = None
                milestone.unclocked = "before_go_live"
    for line in view.lines:
        line.mirrors = [replace(each, due_at=None, counted_due_at=None) for each in line.mirrors]
    return True


def _history_to(told: Sequence[Fact]) -> dt.date | None:
    """The last day that a history is as of.

    None where the order itself, or its balance at a cut-over, came otherwise: then it is watched.
    """
    days = [day for fact in told if (day := fact.document.history_as_of) is not None]
    if not days:
        return None
    watched = (OrderPlaced, OpeningBalance)
    live = any(fact.document.history_as_of is None and isinstance(fact.document, watched) for fact in told)
    return None if live else max(days)


def _live_from(terms: Terms, history_to: dt.date | None) -> dt.date | None:
    if history_to is None:
        return terms.live_from
    after = history_to + dt.timedelta(days=1)
    return after if terms.live_from is None else max(after, terms.live_from)


def _first_told(view: FlowView, told: Iterable[Fact], zone: str) -> dt.date | None:
    moments = [at for fact in told if (at := fact.document.issued_at or fact.envelope_at) is not None]
    first = min([*moments, *([view.released_at] if view.released_at else [])], default=None)
    return None if first is None else first.astimezone(ZoneInfo(zone)).date()


def leave_out(milestones: Iterable[Milestone], terms: Terms) -> None:
    """Steps whose document the partner does not send are not waited for; told after all, they count."""
    if not terms.not_sent:
        return
    for milestone in milestones:
        if milestone.name in terms.not_sent and milestone.applicable and not milestone.done:
            milestone.applicable = False
            milestone.due_at = None
            milestone.unclocked = "not_in_programme"
