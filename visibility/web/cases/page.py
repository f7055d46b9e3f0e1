"""What the case page shows, from a case's detail."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.accounts.models import Role
from visibility.core import clock
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.selectors import TimelineEntry
from visibility.flows.state import LineView
from visibility.masterdata.tolerances import Agreed
from visibility.pipeline.tolerances import MEASURES_OF_KIND, Source
from visibility.triage.selectors import CaseDetail, CaseRow
from visibility.web import clocks, words
from visibility.web.cases.kinds import CAUSES, document_label, kind_label, queue_label
from visibility.web.drawings import gap_bar, milestone_track, quantity_river, status
from visibility.web.drawings.milestone_track import item_code
from visibility.web.drawings.status import Clock, Status
from visibility.web.flows.lines import gap_words
from visibility.web.words import MINUS

SIBLINGS_SHOWN = 8
_ROLES = {str(role): label for role, label in Role.choices}


@dataclass(frozen=True)
class EvidenceRow:
    """What was agreed, what came, and how they compare."""

    label: str
    agreed: str
    came: str
    status: Status
    differs: bool
    tolerance: str = ""
    """How much may differ; "none" where nothing is agreed, empty where the row is not judged by one."""
    agreed_with: str = ""
    """With whom, by whom and when it was set."""


def case_context(
    *,
    detail: CaseDetail,
    entries: Sequence[TimelineEntry] = (),
    calendar: WorkingCalendar,
    tolerances: Sequence[Source] = (),
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
        "clock": _clock(row, as_of, calendar) if is_open else None,
        "deadline": (deadline := row.sla_due_at or row.due_at),
        "warns_at": row.sla_warns_at,
        "paused": row.sla_paused_at is not None,
        "left": words.span(row.sla_left) if row.sla_paused_at and row.sla_left else "",
        "wall_clock": words.late(abs(deadline - as_of)) if deadline else "",
        "wall_over": deadline is not None and deadline < as_of,
        "calendar": calendar,
        "evidence": _evidence(detail.evidence, row, tolerances),
        "judged": row.kind in MEASURES_OF_KIND,
        "owner": str(_ROLES.get(row.owner_role, "")),
        "hurts": (hurts := _hurts(row)),
        "consequence": _consequence(row, hurts) if is_open else "",
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


def _clock(row: CaseRow, as_of: dt.datetime, calendar: WorkingCalendar) -> Clock | None:
    """By when it is to be resolved; of a case that has no such clock, its deadline."""
    own = clocks.of_case(row, as_of=as_of, calendar=calendar)
    if own is not None:
        return own
    return clocks.of_deadline(opened_at=row.opened_at, due_at=row.due_at, as_of=as_of, calendar=calendar)


def _hurts(row: CaseRow) -> str:
    """When it hurts, as far as it was known when it was last weighed."""
    if row.days is None:
        return ""
    if row.days < 0:
        return ngettext("late by %(n)s day", "late by %(n)s days", -row.days) % {"n": -row.days}
    if row.days == 0:
        return _("wanted today")
    return ngettext("wanted in %(n)s day", "wanted in %(n)s days", row.days) % {"n": row.days}


def _consequence(row: CaseRow, hurts: str) -> str:
    """What it comes to, as far as it is known: "$3,196.00 at risk; wanted in 10 days."."""
    money = words.money(row.money, row.currency or "") if row.money else ""
    said = [_("%(money)s at risk") % {"money": money}] if money else []
    told = "; ".join([*said, *([hurts] if hurts else [])])
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _evidence(
    rows: Sequence[tuple[str, str, str]], case: CaseRow, tolerances: Sequence[Source]
) -> list[EvidenceRow]:
    """Rows with their result; the first that differs is the one the gap is of, and the one that is judged."""
    word, found = gap_words(case.kind, case.gap), []
    within, agreed_with = _tolerance(tolerances) if case.kind in MEASURES_OF_KIND else ("", "")
    for label, agreed, came in rows:
        status, differs = _compare(agreed, came, case, word)
        told = (within, agreed_with) if differs else ("", "")
        if differs:
            word = within = agreed_with = ""
        found.append(EvidenceRow(label, agreed or _("none"), came or _("not said"), status, differs, *told))
    return found


def _tolerance(sources: Sequence[Source]) -> tuple[str, str]:
    """ "−0 % / +5 %", "set for Acme by J. Kim, 4 Mar"."""
    if not sources:
        return _("none"), _("none is set, so every difference counts")
    first = sources[0]
    said = " / ".join(amount_words(each.agreed) for each in sources)
    by = {"by": first.agreed.set_by, "day": words.day(words.local(first.agreed.set_at).date())}
    if not first.whom:
        return said, _("set for the company by %(by)s, %(day)s") % by
    return said, _("set for %(whom)s by %(by)s, %(day)s") % (by | {"whom": first.whom})


def amount_words(agreed: Agreed) -> str:
    """ "−0 %", "+5 % and at most 10", "2 days later"."""
    measure = agreed.measure
    sign = MINUS if measure == "quantity_under" else "+" if measure == "quantity_over" else ""
    if measure.startswith("days"):
        return _("%(n)s days") % {"n": words.quantity(agreed.amount)}
    parts = []
    if agreed.percent is not None:
        parts.append(f"{sign}{words.quantity(agreed.percent)} %")
    if agreed.amount is not None:
        parts.append(f"{sign}{words.quantity(agreed.amount)}")
    return (_(" or ") if agreed.both == "greater" else _(" and ")).join(parts)


def _compare(agreed: str, came: str, case: CaseRow, word: str) -> tuple[Status, bool]:
    if not came:
        return Status("unk", "unknown", _("Cannot tell")), False
    if agreed == came:
        return Status("ok", "done", _("Same")), False
    if not agreed:
        return Status("na", "dash", _("Nothing to compare with")), False
    if case.gap is not None and case.gap > 0 and case.kind != "promised_late":
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
        "assigned": _("Assigned"),
        "snoozed": _("Snoozed"),
        "woken": _("Back on the desk"),
        "commented": _("Comment"),
        "clock_paused": _("Clock paused"),
        "clock_resumed": _("Clock goes on"),
        "severity": _("Severity"),
        "decided": _("Decided"),
        "resolved": _("Decided"),
        "rejected": _("Not approved"),
        "taken_back": _("Taken back"),
        "stopped": _("Stopped"),
        "progress": _("Progress"),
        "done": _("Done"),
    }.get(what, what.replace("_", " ").capitalize())
