"""How long exceptions wait: until somebody first does something, until they are settled (MTTA, MTTR).

On two clocks: working time without what the case's clock stood, and the wall clock, because a clock that
pauses hides waiting. What evidence closed without anybody is counted apart, and so is what is still open.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from msgspec import Struct

from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.flows.calendar import WorkingCalendar
from visibility.scorecards.spread import Spread, spread_of
from visibility.triage.clocks import Clocks
from visibility.triage.models import CaseEvent
from visibility.triage.selectors import scoped_cases

FORMULA = 1
"""Goes up when a figure is reckoned otherwise, so that figures of two versions are not compared."""
MOST = 5_000
"""So many of the newest cases of each group are reckoned; the page says when there were more."""
By = Literal["queue", "kind", "supplier_name"]
STOPS = frozenset({"clock_paused", "decided"})
STARTS = frozenset({"clock_resumed", "woken", "reopened", "refused"})


class Times(Struct, kw_only=True):
    """The times of one group's cases. `settled`: by people or policies; `by_itself`: by evidence alone."""

    name: str
    touch_work: Spread = Spread()
    touch_wall: Spread = Spread()
    settle_work: Spread = Spread()
    settle_wall: Spread = Spread()
    settled: int = 0
    by_itself: int = 0
    reopened: int = 0
    open_now: int = 0
    oldest: dt.timedelta | None = None
    age: Spread = Spread()

    @property
    def spreads(self) -> tuple[Spread, ...]:
        """To the first touch and until settled, each in working time and by the wall clock."""
        return self.touch_work, self.touch_wall, self.settle_work, self.settle_wall


class Report(Struct, frozen=True, kw_only=True):
    """Times by group over a window, the groups with most settled cases first."""

    since: dt.datetime
    rows: list[Times]
    cut: bool
    formula: int = FORMULA


_COLUMNS = (
    "id",
    "company_id",
    "kind",
    "queue",
    "supplier_id",
    "supplier_name",
    "ship_to_id",
    "opened_at",
    "touched_at",
    "resolved_at",
    "closed_at",
    "state",
    "times_reopened",
)


class Line(Struct, frozen=True):
    """A case as far as its times go."""

    id: int
    company_id: int
    kind: str
    queue: str
    supplier_id: int | None
    supplier_name: str
    ship_to_id: int | None
    opened_at: dt.datetime
    touched_at: dt.datetime | None
    resolved_at: dt.datetime | None
    closed_at: dt.datetime | None
    state: str
    times_reopened: int


def resolution_times(*, scope: Scope, days: int, by: By) -> Report:
    """The times of cases settled within the last days, and of those open now, grouped."""
    now = clock.now()
    since = now - dt.timedelta(days=days)
    cases = scoped_cases(scope)
    done = _lines(cases.filter(state__in=("resolved", "closed"), closed_at__gte=since).order_by("-closed_at"))
    waiting = _lines(cases.filter(is_open=True).order_by("opened_at")) + _lines(
        cases.filter(state__in=("waiting", "snoozed")).order_by("opened_at")
    )
    reckoner = _Reckoner(done=done, now=now)
    groups: dict[str, list[Line]] = defaultdict(list)
    backlog: dict[str, list[Line]] = defaultdict(list)
    for line in done:
        groups[getattr(line, by)].append(line)
    for line in waiting:
        backlog[getattr(line, by)].append(line)
    rows = [
        reckoner.times(name=name, done=groups.get(name, []), waiting=backlog.get(name, []))
        for name in groups.keys() | backlog.keys()
    ]
    return Report(
        since=since,
        rows=sorted(rows, key=lambda row: (-row.settled, -row.open_now, row.name)),
        cut=len(done) == MOST,
    )


def _lines(cases: Any) -> list[Line]:
    return [Line(*values) for values in cases.values_list(*_COLUMNS)[:MOST]]


class _Reckoner:
    """Times of groups of cases, all on the same clock."""

    def __init__(self, *, done: Sequence[Line], now: dt.datetime) -> None:
        self._stops = _stops([line.id for line in done])
        self._calendars = _Calendars(done)
        self._now = now

    def times(self, *, name: str, done: Sequence[Line], waiting: Sequence[Line]) -> Times:
        """Of those that are done, and of those that wait still."""
        touched = [(line, line.touched_at) for line in done if line.touched_at is not None]
        settled = [(line, line.resolved_at) for line in done if line.resolved_at is not None]
        ages = [self._now - line.opened_at for line in waiting]
        return Times(
            name=name,
            touch_work=spread_of([self._worked(line, at) for line, at in touched]),
            touch_wall=spread_of([at - line.opened_at for line, at in touched]),
            settle_work=spread_of([self._worked(line, at) for line, at in settled]),
            settle_wall=spread_of([at - line.opened_at for line, at in settled]),
            settled=len(settled),
            by_itself=sum(line.touched_at is None for line in done),
            reopened=sum(line.times_reopened > 0 for line in done),
            open_now=len(waiting),
            oldest=max(ages, default=None),
            age=spread_of(ages),
        )

    def _worked(self, line: Line, until: dt.datetime) -> dt.timedelta:
        return worked_between(
            start=line.opened_at,
            end=until,
            stood=stood_in(self._stops.get(line.id, ())),
            calendar=self._calendars.of(line),
        )


def worked_between(
    *,
    start: dt.datetime,
    end: dt.datetime,
    stood: Iterable[tuple[dt.datetime, dt.datetime | None]],
    calendar: WorkingCalendar,
) -> dt.timedelta:
    """Working time from start to end, less what the clock stood (open spans stand to the end)."""
    total = calendar.between(start, end)
    for paused, resumed in stood:
        begin, over = max(paused, start), min(resumed or end, end)
        if begin < over:
            total -= calendar.between(begin, over)
    return max(total, dt.timedelta())


def stood_in(
    events: Iterable[tuple[dt.datetime, str]],
) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """The spans in which a clock stood, from a case's history: paused, or while others were to act."""
    spans: list[tuple[dt.datetime, dt.datetime | None]] = []
    paused: dt.datetime | None = None
    for at, what in events:
        if what in STOPS and paused is None:
            paused = at
        elif what in STARTS and paused is not None:
            spans.append((paused, at))
            paused = None
    return [*spans, (paused, None)] if paused is not None else spans


def _stops(ids: Sequence[int]) -> dict[int, list[tuple[dt.datetime, str]]]:
    found: dict[int, list[tuple[dt.datetime, str]]] = defaultdict(list)
    events = CaseEvent.objects.filter(case_id__in=ids, what__in=STOPS | STARTS).order_by("case_id", "id")
    for case_id, at, what in events.values_list("case_id", "at", "what"):
        found[case_id].append((at, what))
    return dict(found)


class _Calendars:
    """The calendar of each case, read for all of them at once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._clocks = {
            company: Clocks(company_id=company) for company in {each.company_id for each in lines}
        }
        for company, clocks in self._clocks.items():
            own = [line for line in lines if line.company_id == company]
            clocks.learn(
                partners={line.supplier_id for line in own}, places={line.ship_to_id for line in own}
            )

    def of(self, line: Line) -> WorkingCalendar:
        """In whose working time the case's clock runs."""
        return self._clocks[line.company_id].calendar(
            kind=line.kind, supplier_id=line.supplier_id, ship_to_id=line.ship_to_id
        )
