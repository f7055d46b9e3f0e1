"""The lines of an order as rows: river and state, the exceptional first where there are many."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from visibility.flows.history import Step
from visibility.flows.state import LineView, Milestone, MilestoneName
from visibility.triage.selectors import CaseRow
from visibility.web import words
from visibility.web.cases.kinds import kind_label
from visibility.web.drawings import milestone_track, quantity_river
from visibility.web.drawings.milestone_track import item_code
from visibility.web.drawings.quantity_river import River
from visibility.web.drawings.status import Status
from visibility.web.flows import happened, mirrored, past
from visibility.web.flows.happened import Happened

LINES_IN_ORDER = 12
LINES_SHOWN = 10
SEVERITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True)
class LineRow:
    """A line in the table of an order."""

    line: LineView
    code: str
    river: River | None
    status: Status
    note: str
    case: CaseRow | None
    mirrored: tuple[str, ...] = ()
    """What mirrors told of it."""
    past: tuple[str, ...] = ()
    """What it was before, value by value, where that changed."""
    happened: tuple[Happened, ...] = ()
    """What happened that nobody told the extent of."""
    odd: tuple[str, ...] = ()
    """What is strange about that."""


@dataclass(frozen=True)
class Lines:
    """The rows shown, and how many are folded away."""

    rows: tuple[LineRow, ...]
    folded: int

    @property
    def drawn(self) -> bool:
        """Whether any has a river, or nothing has happened yet that could stand in its place."""
        return any(row.river for row in self.rows) or not any(row.happened for row in self.rows)


def build(
    *,
    lines: Sequence[LineView],
    cases: Sequence[CaseRow],
    as_of: dt.datetime,
    unfolded: bool = False,
    histories: Mapping[str, Sequence[Step]] | None = None,
) -> Lines:
    """Rows in the order of the lines; of many lines the exceptional ones first, the rest folded."""
    open_cases: dict[str, list[CaseRow]] = {}
    for case in cases:
        if case.line and case.state not in ("closed", "resolved"):
            open_cases.setdefault(case.line, []).append(case)
    ordered = list(lines)
    if len(ordered) > LINES_IN_ORDER and not unfolded:
        # Cases come worst first, so the first case of a line says how soon it must be looked at.
        rank = {line: index for index, line in enumerate(open_cases)}
        ordered.sort(key=lambda line: (rank.get(line.line, len(rank)), not _is_late(line, as_of)))
        exceptional = sum(line.line in rank or _is_late(line, as_of) for line in ordered)
        ordered = ordered[: min(max(exceptional, LINES_SHOWN), 2 * LINES_SHOWN)]
    known = histories or {}
    rows = tuple(
        _row(line, open_cases.get(line.line, []), as_of, known.get(line.line, ())) for line in ordered
    )
    return Lines(rows, len(lines) - len(rows))


def _row(line: LineView, cases: list[CaseRow], as_of: dt.datetime, steps: Sequence[Step]) -> LineRow:
    worst = min(cases, key=lambda case: SEVERITIES.index(case.severity), default=None)
    status, note = _of_case(worst) if worst else _of_line(line, as_of)
    river = quantity_river.draw(line, as_of=as_of)
    return LineRow(
        line=line,
        code=item_code(line),
        river=river,
        status=status,
        note=note,
        case=worst,
        mirrored=mirrored.told(line),
        past=past.of_line(steps),
        happened=happened.of_line(line),
        odd=happened.odd(line),
    )


def _of_case(case: CaseRow) -> tuple[Status, str]:
    word = gap_words(case.kind, case.gap) or kind_label(case.kind)
    if case.queue == "invalid-mappings":
        return Status("unk", "unknown", word), case.next_action
    if case.gap is not None and case.gap > 0 and case.kind != "promised_late":
        return Status("warn", "triangle", word), case.next_action
    return Status("bad", "diamond", word), case.next_action


def gap_words(kind: str, gap: Decimal | None) -> str:
    """40 short, 12 over, 10 damaged; empty for a kind whose gap is not a quantity."""
    if not gap or "price" in kind or kind == "invoice_extra_charge":
        return ""
    if kind in ("mirror_differs", "mirror_late", "primary_late"):
        return ""
    if kind in ("promised_late", "promised_early"):
        word = _("%(days)s d late") if kind == "promised_late" else _("%(days)s d early")
        return word % {"days": words.quantity(abs(gap))}
    if "damaged" in kind:
        return _("%(quantity)s damaged") % {"quantity": words.quantity(abs(gap))}
    if gap < 0:
        return _("%(quantity)s short") % {"quantity": words.quantity(-gap)}
    return _("%(quantity)s over") % {"quantity": words.quantity(gap)}


def _of_line(line: LineView, as_of: dt.datetime) -> tuple[Status, str]:
    if line.cancelled:
        return Status("na", "dash", _("Cancelled")), ""
    if not line.known:
        return Status("unk", "unknown", _("Not in the order")), _("No order document names this line.")
    untold = happened.status_of(line)
    if untold is not None:
        return untold
    names = milestone_track.labels()
    late = [m for m in line.milestones if m.state(as_of) == "overdue"]
    if late:
        return Status("bad", "diamond", _missing(late[0].name)), _since(late[0])
    needed = [m for m in line.milestones if m.applicable]
    if needed and all(m.done for m in needed):
        return Status("ok", "done", _("Complete")), ""
    if line.closed:
        return Status("ok", "done", _("Closed short")), _("the open rest was given up")
    done = [m for m in needed if m.done]
    waiting = next((m for m in needed if not m.done), None)
    word = names[done[-1].name] if done else _("Nothing yet")
    if waiting is not None and waiting.name == "shipped" and line.shipped:
        word = _("Part shipped")
    note = ""
    if waiting is not None:
        note = _("%(step)s: %(when)s") % {
            "step": names[waiting.name],
            "when": milestone_track.expectation(waiting, as_of),
        }
    return Status("go", "progress", word), note


def _missing(step: MilestoneName) -> str:
    """What has not happened, as people say it."""
    return {
        "ordered": _("Not ordered"),
        "released": _("Not sent"),
        "acknowledged": _("Not answered"),
        "shipped": _("Not shipped"),
        "arrived": _("Not arrived"),
        "received": _("Not received"),
        "invoiced": _("Not invoiced"),
        "matched": _("Not matched"),
    }[step]


def _since(milestone: Milestone) -> str:
    return _("due %(when)s") % {"when": words.moment(milestone.due_at)}


def _is_late(line: LineView, as_of: dt.datetime) -> bool:
    return any(m.state(as_of) == "overdue" for m in line.milestones)
