"""The timeline: days newest first, effects under their cause, old days folded with a count."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from visibility.flows.selectors import TimelineEntry
from visibility.triage.selectors import CaseRow
from visibility.web import words
from visibility.web.cases.kinds import kind_label
from visibility.web.drawings.status import Status

DAYS_OPEN = 5
"""So many days are shown open; older ones are folded."""
TOGETHER = dt.timedelta(seconds=5)
"""A case opened so soon after an entry was recorded is taken for its effect."""


@dataclass(frozen=True)
class Effect:
    """What followed from the entry above it."""

    text: str
    case_id: int | None = None


@dataclass
class Happening:
    """A row of the timeline: one message's entries, or something the clock brought."""

    at: dt.datetime
    has_time: bool
    status: Status
    sentence: str
    source: str
    message_id: UUID | None = None
    document_code: str = ""
    effects: list[Effect] = field(default_factory=list)
    current: bool = False
    recorded_at: dt.datetime | None = None


@dataclass(frozen=True)
class Day:
    """A day with its rows; a folded one is opened by hand."""

    date: dt.date
    today: bool
    happenings: tuple[Happening, ...]
    folded: bool

    @property
    def count(self) -> int:
        """Rows and their effects."""
        return sum(1 + len(each.effects) for each in self.happenings)


def build(
    *, entries: Iterable[TimelineEntry], cases: Sequence[CaseRow], current: UUID | None = None
) -> list[Day]:
    """The days of a flow; the rows of message `current` are marked."""
    rows = _by_message(entries, current)
    for case in cases:
        _hang(case, rows)
    rows.sort(key=lambda row: (row.at, row.recorded_at or row.at), reverse=True)
    today, days = words.today(), dict[dt.date, list[Happening]]()
    for row in rows:
        days.setdefault(words.local(row.at).date(), []).append(row)
    return [
        Day(date, date == today, tuple(found), folded=index >= DAYS_OPEN)
        for index, (date, found) in enumerate(days.items())
    ]


def _by_message(entries: Iterable[TimelineEntry], current: UUID | None) -> list[Happening]:
    """Entries of one message about one moment are one row: the first says it, the others follow from it."""
    rows: dict[tuple[UUID, dt.datetime | None], Happening] = {}
    for entry in sorted(entries, key=lambda each: each.position):
        key = (entry.message_id, entry.occurred_at)
        known = rows.get(key)
        if known is not None:
            known.effects.append(Effect(entry.summary))
            continue
        rows[key] = Happening(
            at=entry.occurred_at or entry.recorded_at,
            has_time=_has_time(entry.occurred_at),
            status=Status("ok", "done", _("Done")),
            sentence=entry.summary,
            source=entry.source,
            message_id=entry.message_id,
            document_code=entry.document_code,
            current=entry.message_id == current,
            recorded_at=entry.recorded_at,
        )
    return list(rows.values())


def _has_time(moment: dt.datetime | None) -> bool:
    """Midnight UTC is what a date alone becomes; its time of day means nothing."""
    return moment is None or moment.astimezone(dt.UTC).time() != dt.time(0)


def _hang(case: CaseRow, rows: list[Happening]) -> None:
    """Put the case under the message that opened it, else on a row of its own: the clock brought it."""
    over = case.state in ("closed", "resolved")
    status = Status("ok", "done", _("Closed")) if over else Status("bad", "diamond", _("Exception"))
    cause = _cause(case, rows)
    if cause is None:
        rows.append(
            Happening(
                at=case.opened_at, has_time=True, status=status, sentence=case.summary, source=_("clock"),
                effects=[Effect(_opened(case), case.id)],
            )
        )  # fmt: skip
        return
    cause.effects.append(Effect(_opened(case), case.id))
    if not over:
        cause.status = status


def _cause(case: CaseRow, rows: list[Happening]) -> Happening | None:
    if case.message_id is not None:
        return next((row for row in rows if row.message_id == case.message_id), None)
    near = [
        row
        for row in rows
        if row.recorded_at is not None and row.recorded_at <= case.opened_at + TOGETHER
        and case.opened_at - row.recorded_at <= TOGETHER
    ]  # fmt: skip
    return max(near, key=lambda row: row.recorded_at or row.at, default=None)


def _opened(case: CaseRow) -> str:
    if case.state in ("closed", "resolved"):
        return _("opened and closed: %(kind)s") % {"kind": kind_label(case.kind).lower()}
    return _("opened: %(kind)s") % {"kind": kind_label(case.kind).lower()}
