"""What the flow page shows, from a flow's detail: pure, so that a preview and a test need no database."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from visibility.core import clock
from visibility.desk.selectors import ResolutionRow
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.selectors import MANY, NEWEST, FlowDetail
from visibility.flows.state import FlowView
from visibility.inbox.selectors import MessageDetail
from visibility.triage.selectors import CaseRow
from visibility.web import clocks, words
from visibility.web.cases import decided
from visibility.web.cases.kinds import kind_label
from visibility.web.drawings import milestone_track, quantity_river, status
from visibility.web.drawings.status import Clock, Status
from visibility.web.flows import lines, timeline
from visibility.web.messages import document as documents

CLOSED = ("closed", "resolved")
RELATED_SHOWN = 3
CASES_SHOWN = 6


@dataclass(frozen=True)
class OpenCase:
    """A case as the flow page puts it before a person."""

    case: CaseRow
    kind: str
    severity: Status
    clock: Clock | None


def flow_context(
    *,
    detail: FlowDetail,
    cases: Sequence[CaseRow],
    document: MessageDetail | None = None,
    unfolded: bool = False,
    calendar: WorkingCalendar | None = None,
    decisions: Sequence[ResolutionRow] = (),
) -> dict[str, Any]:
    """The context of flows/detail.html; `document` is the message open in the drawer."""
    as_of, row, view = clock.now(), detail.row, detail.view
    open_cases = [case for case in cases if case.state not in CLOSED]
    calendar_of = clocks.calendars_of(open_cases[:CASES_SHOWN], otherwise=calendar or WorkingCalendar())
    return {
        "row": row,
        "view": view,
        "headline": status.of_flow(row.state),
        "workflow": workflow_label(detail.workflow),
        "wanted": wanted(view) or words.day(row.wanted_on),
        "related": related(view),
        "short_id": f"{str(row.correlation_id)[:8]}…{str(row.correlation_id)[-6:]}",
        "changed_at": max((entry.recorded_at for entry in detail.entries), default=None),
        "moves": decided.moves(map(decided.show, decisions)),
        "open_cases": [_open_case(case, as_of, calendar_of(case)) for case in open_cases[:CASES_SHOWN]],
        "open_count": len(open_cases),
        "cases_url": f"{reverse('cases')}?{urlencode({'q': row.number, 'state': 'all'})}",
        "closed_count": len(cases) - len(open_cases),
        "track": milestone_track.draw(view, as_of=as_of, unfolded=unfolded),
        "legend": legend(untold=bool(view.counts)),
        "stages": list(quantity_river.stage_labels().values()),
        "lines": lines.build(
            lines=view.lines, cases=cases, as_of=as_of, unfolded=unfolded, histories=detail.histories
        ),
        "entry_count": detail.entry_count,
        "entries_shown": len(detail.entries) if _is_cut(detail) else 0,
        "days": timeline.build(
            entries=detail.entries,
            cases=cases,
            current=document.row.id if document else None,
            superseded=detail.superseded,
            fates=detail.fates,
            decisions=decisions,
        ),
        "document": documents.read(document) if document else None,
        "became": [entry for entry in detail.entries if document and entry.message_id == document.row.id],
        "flow_url": reverse("flow", args=[row.correlation_id]),
    }


def _is_cut(detail: FlowDetail) -> bool:
    """Whether only the newest of very many entries are here."""
    return detail.entry_count > MANY and len(detail.entries) <= NEWEST


def _open_case(case: CaseRow, as_of: dt.datetime, calendar: WorkingCalendar) -> OpenCase:
    running = clocks.of_deadline(opened_at=case.opened_at, due_at=case.due_at, as_of=as_of, calendar=calendar)
    return OpenCase(case, kind_label(case.kind), status.of_severity(case.severity), running)


def workflow_label(workflow: str) -> str:
    """What a workflow is called."""
    return {
        "replenishment": _("Replenishment"),
        "drop_ship": _("Drop-ship"),
        "consignment": _("Consignment"),
    }.get(workflow, workflow.replace("_", " ").capitalize())


def wanted(view: FlowView) -> str:
    """The range of dates asked for."""
    return words.days([each.date for line in view.lines for each in line.requests if each.date])


def related(view: FlowView) -> list[tuple[str, str]]:
    """The ship notices, receipts and invoices of the order; the first few of each."""
    found = []
    for label, numbers in (
        (_("ASN"), view.shipments),
        (_("Receipt"), view.receipts),
        (_("Invoice"), view.invoices),
    ):
        found += [(label, number) for number in numbers[:RELATED_SHOWN]]
        if len(numbers) > RELATED_SHOWN:
            found.append((label, _("and %(count)s more") % {"count": len(numbers) - RELATED_SHOWN}))
    return found


def legend(*, untold: bool = False) -> list[Status]:
    """The shapes of the milestone track with their words; `untold`: of some steps the extent is not told."""
    happened = [Status("unk", "progress", _("Happened, how much is not known"))] if untold else []
    return [
        Status("ok", "done", _("Done")),
        Status("go", "due", _("Due")),
        Status("bad", "diamond", _("Overdue")),
        Status("na", "empty", _("Not due")),
        *happened,
        Status("unk", "unknown", _("Unknown")),
        Status("na", "dash", _("Not applicable")),
    ]
