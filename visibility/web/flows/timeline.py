"""The timeline: days newest first, effects under their cause, old days folded with a count."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from visibility.desk.selectors import ResolutionRow
from visibility.flows.history import Fate
from visibility.flows.selectors import TimelineEntry
from visibility.triage.selectors import CaseRow
from visibility.web import words
from visibility.web.cases import decided
from visibility.web.cases.kinds import CAUSES, CLOCKED, document_label, kind_label
from visibility.web.drawings.status import Status
from visibility.web.flows import past
from visibility.web.flows.past import Past

Fates = Mapping[tuple[UUID, UUID], Fate]
DAYS_OPEN = 5
"""So many days are shown open; older ones are folded."""
EFFECTS_SHOWN = 6
DECISION, OUTCOME = "decision.taken", "command.outcome"
TOGETHER = dt.timedelta(seconds=5)
"""Of no known cause, a case opened so soon after an entry was recorded is taken for its effect."""


@dataclass(frozen=True)
class Effect:
    """What followed from the entry above it."""

    text: str
    case_id: int | None = None
    past: Past | None = None
    """Why it does not count as it was told."""
    status: Status | None = None
    """How a step of a decision stands."""


@dataclass
class Happening:
    """A row of the timeline: one message's entries about one moment, or something the clock brought."""

    date: dt.date
    at: dt.datetime | None
    """None: only the day is known."""
    status: Status
    sentence: str
    source: str
    type: str = ""
    message_id: UUID | None = None
    document_label: str = ""
    recorded_at: dt.datetime | None = None
    effects: list[Effect] = field(default_factory=list)
    current: bool = False
    case_id: int | None = None
    """The case that a decision is about."""
    past: Past | None = None
    """Why it does not count as it was told."""

    @property
    def shown_effects(self) -> list[Effect]:
        """The first few of many."""
        return self.effects if len(self.effects) <= EFFECTS_SHOWN else self.effects[: EFFECTS_SHOWN - 1]

    @property
    def more_effects(self) -> int:
        """How many are not shown."""
        return len(self.effects) - len(self.shown_effects)

    @property
    def folded_effects(self) -> list[Effect]:
        """Those that are folded away, where all are entries; of many cases there is a list to go to."""
        hidden = self.effects[len(self.shown_effects) :]
        return [] if any(effect.case_id for effect in hidden) else hidden


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
    *,
    entries: Iterable[TimelineEntry],
    cases: Sequence[CaseRow],
    current: UUID | None = None,
    superseded: Iterable[TimelineEntry] = (),
    fates: Fates | None = None,
    decisions: Sequence[ResolutionRow] = (),
) -> list[Day]:
    """The days of a flow; the rows of message `current` are marked.

    `superseded` are entries that a replay took the place of; `fates` say which others no longer count.
    `decisions` are those about the order's cases: what they asked of other systems hangs under them.
    """
    rows = _by_message([*entries, *superseded], current, fates or {})
    told = hang_decisions(rows=rows, decisions=decisions)
    for case in cases:
        _hang(case, rows, told.get(case.id, ""))
    today, days = words.today(), dict[dt.date, list[Happening]]()
    for row in _newest_first(rows):
        days.setdefault(row.date, []).append(row)
    return [
        Day(date, date == today, tuple(found), folded=index >= DAYS_OPEN)
        for index, (date, found) in enumerate(days.items())
    ]


def _by_message(entries: Sequence[TimelineEntry], current: UUID | None, fates: Fates) -> list[Happening]:
    """Entries of one message about one moment are one row: the first says it, the others follow from it."""
    rows: dict[tuple[UUID, dt.datetime | None, bool], Happening] = {}
    read = {entry.message_id: entry.recorded_at for entry in entries if not entry.superseded}
    for entry in sorted(entries, key=lambda each: (each.sequence, each.position)):
        key = (entry.message_id, entry.occurred_at, entry.superseded)
        gone = _past(entry, fates, read)
        known = rows.get(key)
        if known is not None:
            known.effects.append(Effect(entry.summary, past=gone))
            continue
        date, at = _when(entry)
        rows[key] = Happening(
            date=date,
            at=at,
            status=_status(gone),
            past=gone,
            sentence=entry.summary,
            source=entry.source,
            type=entry.type,
            message_id=entry.message_id,
            document_label=document_label(entry.document_code or entry.type),
            recorded_at=entry.recorded_at,
            current=entry.message_id == current,
        )
    return list(rows.values())


def _past(entry: TimelineEntry, fates: Fates, read: dict[UUID, dt.datetime]) -> Past | None:
    if entry.superseded:
        return past.of_replay(read.get(entry.message_id))
    fate = fates.get((entry.event_id, entry.message_id)) if entry.event_id else None
    return past.of_fate(fate) if fate else None


def _status(gone: Past | None) -> Status:
    if gone is not None and gone.gone:
        return Status("na", "dash", _("No longer counts"))
    return Status("ok", "done", _("Done"))


def _when(entry: TimelineEntry) -> tuple[dt.date, dt.datetime | None]:
    """Midnight UTC is what a date alone became; its day is the same in every zone."""
    moment = entry.occurred_at
    if moment is None:
        return words.local(entry.recorded_at).date(), entry.recorded_at
    if moment.astimezone(dt.UTC).time() == dt.time(0):
        return moment.astimezone(dt.UTC).date(), None
    return words.local(moment).date(), moment


def _newest_first(rows: list[Happening]) -> list[Happening]:
    """By day and time. What has only a day stands after what was recorded before it on that day."""
    latest: dict[dt.date, dt.datetime] = {}
    placed: list[tuple[dt.date, dt.datetime, int, Happening]] = []
    start = dt.datetime.min.replace(tzinfo=dt.UTC)
    for index, row in enumerate(rows):
        at = row.at or latest.get(row.date, start)
        latest[row.date] = max(latest.get(row.date, start), at)
        placed.append((row.date, at, index, row))
    return [row for *_key, row in sorted(placed, key=lambda each: each[:3], reverse=True)]


def hang_decisions(*, rows: list[Happening], decisions: Sequence[ResolutionRow]) -> dict[int, str]:
    """Each decision's steps under it, as they stand; of each case what was decided last, in words.

    The steps say what the outcomes of their commands said when these came: those rows go.
    """
    by_message = {row.message_id: row for row in rows if row.type == DECISION}
    shown = [each for each in decisions if each.message_id in by_message]
    for each in shown:
        row = by_message[each.message_id]
        row.status = decided.status_of(each.state)
        row.case_id = each.case_id
        row.effects += [
            Effect(
                f"{step.system}: {step.words}" + (f" · {step.note}" if step.note else ""), status=step.status
            )
            for step in decided.show(each).effects
        ]
    if len(shown) == sum(each.message_id is not None for each in decisions) and shown:
        rows[:] = [row for row in rows if row.type != OUTCOME]
    told: dict[int, str] = {}
    for each in decisions:
        if each.state not in ("rejected", "draft"):
            told.setdefault(each.case_id, f"{decided.status_of(each.state).word}: {each.words}")
    return told


def _hang(case: CaseRow, rows: list[Happening], decision: str = "") -> None:
    """Put the case under the entry it came from, else on a row of its own: the clock brought it."""
    closed = case.state in ("closed", "resolved")
    status = Status("ok", "done", _("Closed")) if closed else Status("bad", "diamond", _("Exception"))
    effect = Effect(f"{_opened(case)}. {decision}" if decision else _opened(case), case.id)
    cause = _cause(case, rows)
    if cause is None:
        at = min(case.opened_at, case.due_at) if case.due_at else case.opened_at
        date = words.local(at).date()
        rows.append(Happening(date, at, status, case.summary, _("clock"), effects=[effect]))
        return
    cause.effects.append(effect)
    if not closed:
        cause.status = status


def _cause(case: CaseRow, rows: list[Happening]) -> Happening | None:
    """The row of the case's message; else the last one, before it opened, of the type its kind is about."""
    if case.kind in CLOCKED:
        return None
    if case.message_id is not None:
        return next((row for row in rows if row.message_id == case.message_id), None)
    before = [
        row
        for row in rows
        if row.recorded_at
        and row.recorded_at <= case.opened_at + TOGETHER
        and not (row.past and row.past.gone)
    ]
    about = [row for row in before if row.type == CAUSES.get(case.kind)]
    near = about or [
        row for row in before if row.recorded_at and case.opened_at - row.recorded_at <= TOGETHER
    ]
    return max(near, key=lambda row: row.recorded_at or case.opened_at, default=None)


def _opened(case: CaseRow) -> str:
    kind = kind_label(case.kind).lower()
    if case.state in ("closed", "resolved"):
        return _("opened and closed: %(kind)s") % {"kind": kind}
    return _("opened: %(kind)s") % {"kind": kind}
