"""What the case page shows, from a case's detail."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from visibility.core import clock
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.selectors import TimelineEntry
from visibility.flows.state import LineView
from visibility.triage.selectors import CaseDetail, CaseRow
from visibility.web import clocks, words
from visibility.web.cases.kinds import CAUSES, document_label, kind_label, queue_label
from visibility.web.drawings import gap_bar, milestone_track, quantity_river, status
from visibility.web.drawings.milestone_track import item_code
from visibility.web.drawings.status import Status
from visibility.web.flows.lines import gap_words

SIBLINGS_SHOWN = 8


@dataclass(frozen=True)
class EvidenceRow:
    """What was agreed, what came, and how they compare."""

    label: str
    agreed: str
    came: str
    status: Status
    differs: bool


def case_context(
    *, detail: CaseDetail, entries: Sequence[TimelineEntry] = (), calendar: WorkingCalendar
) -> dict[str, Any]:
    """The context of cases/detail.html."""
    as_of, row = clock.now(), detail.row
    line = _line(detail)
    is_open = row.state not in ("closed", "resolved")
    return {
        "row": row,
        "detail": detail,
        "flow": detail.flow,
        "queue": queue_label(row.queue),
        "kind": kind_label(row.kind),
        "state": status.of_case(row.state),
        "severity": status.of_severity(row.severity),
        "is_open": is_open,
        "clock": clocks.of_deadline(
            opened_at=row.opened_at, due_at=row.due_at, as_of=as_of, calendar=calendar
        )
        if is_open
        else None,
        "wall_clock": words.late(abs(row.due_at - as_of)) if row.due_at else "",
        "calendar": calendar,
        "evidence": _evidence(detail.evidence, row),
        "documents": [
            (entry, document_label(entry.document_code or entry.type), words.day(_day_of(entry)))
            for entry in _documents(entries, row.kind)
        ],
        "bar": gap_bar.draw(had=row.had, expected=row.expected),
        "gap_words": gap_words(row.kind, row.gap),
        "line": line,
        "item": item_code(line) if line else "",
        "river": quantity_river.draw(line, as_of=as_of) if line else None,
        "track": milestone_track.draw_line(line, as_of=as_of) if line and line.milestones else None,
        "currency": detail.flow.currency if detail.flow else "",
        "siblings": [(other, status.of_case(other.state)) for other in detail.siblings[:SIBLINGS_SHOWN]],
        "more_siblings": max(len(detail.siblings) - SIBLINGS_SHOWN, 0),
        "history": [(entry, event_words(entry.what)) for entry in reversed(detail.history)],
    }


def _line(detail: CaseDetail) -> LineView | None:
    if detail.view is None or not detail.row.line:
        return None
    return next((line for line in detail.view.lines if line.line == detail.row.line), None)


def _evidence(rows: Sequence[tuple[str, str, str]], case: CaseRow) -> list[EvidenceRow]:
    """Rows with their result; the first that differs is the one the gap is of."""
    word, found = gap_words(case.kind, case.gap), []
    for label, agreed, came in rows:
        status, differs = _compare(agreed, came, case, word)
        word = "" if differs else word
        found.append(EvidenceRow(label, agreed or _("none"), came or _("not said"), status, differs))
    return found


def _compare(agreed: str, came: str, case: CaseRow, word: str) -> tuple[Status, bool]:
    if not came:
        return Status("unk", "unknown", _("Cannot tell")), False
    if agreed == came:
        return Status("ok", "done", _("Same")), False
    if not agreed:
        return Status("na", "dash", _("Nothing to compare with")), False
    if case.gap is not None and case.gap > 0:
        return Status("warn", "triangle", word or _("Differs")), True
    return Status("bad", "diamond", word or _("Differs")), True


def _documents(entries: Sequence[TimelineEntry], kind: str) -> list[TimelineEntry]:
    """The order and the last document that the exception compares with it."""
    by_type = {entry.type: entry for entry in entries}
    return [by_type[type_] for type_ in types_of(kind) if type_ in by_type]


def types_of(kind: str) -> list[str]:
    """The types of the documents that a kind of exception stands on."""
    return [type_ for type_ in ("order.placed", CAUSES.get(kind, "")) if type_]


def _day_of(entry: TimelineEntry) -> dt.date:
    moment = entry.occurred_at or entry.recorded_at
    date_only = moment.astimezone(dt.UTC).time() == dt.time(0)
    return moment.astimezone(dt.UTC).date() if date_only else words.local(moment).date()


def event_words(what: str) -> str:
    """What happened to a case, in words."""
    return {
        "opened": _("Opened"),
        "updated": _("Evidence changed"),
        "changed": _("Evidence changed"),
        "closed": _("Closed by evidence"),
        "reopened": _("Reopened by evidence"),
    }.get(what, what.replace("_", " ").capitalize())
