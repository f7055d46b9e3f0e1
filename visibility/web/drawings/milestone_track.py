"""The milestone track: milestones across, a row for each group of lines with one and the same history."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from visibility.flows.moments import moment
from visibility.flows.state import FlowView, LineView, Milestone, MilestoneName
from visibility.web import words
from visibility.web.drawings import status as statuses
from visibility.web.drawings.status import Status

ROWS_IN_ORDER = 8
"""Up to so many groups stand in the order of their lines; beyond, the exceptional come first."""
ROWS_SHOWN = 6
"""Of more groups so many are shown until somebody asks for all."""


class Column(Struct, frozen=True):
    """A milestone of the workflow and when it was planned, over all lines."""

    name: str
    label: str
    planned: str


class Cell(Struct, frozen=True):
    """One milestone of one group: its shape, the date under it, a remark beside it, the thread after it."""

    label: str
    status: Status
    when: str
    remark: str = ""
    remark_token: str = ""
    urgent: bool = False
    thread: str = ""
    """To the next milestone: "solid" to what is done, "dotted" after, empty where one does not apply."""


class Row(Struct, frozen=True):
    """Lines with one history."""

    title: str
    detail: str
    lines: tuple[str, ...]
    cells: tuple[Cell, ...]
    exceptional: bool


class Track(Struct, frozen=True):
    """The whole picture; `folded_rows` groups with `folded_lines` lines are left out."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    folded_rows: int = 0
    folded_lines: int = 0


def labels() -> dict[MilestoneName, str]:
    """What the milestones are called."""
    return {
        "ordered": _("Ordered"),
        "released": _("Released"),
        "acknowledged": _("Acknowledged"),
        "shipped": _("Shipped"),
        "arrived": _("Arrived"),
        "received": _("Received"),
        "accepted": _("Work accepted"),
        "invoiced": _("Invoiced"),
        "matched": _("Matched"),
        "paid": _("Paid"),
    }


def draw(view: FlowView, *, as_of: dt.datetime, unfolded: bool = False) -> Track:
    """The track of an order as it stands at `as_of`."""
    names = labels()
    histories = [line.milestones for line in view.lines] or [view.milestones]
    order = [m.name for m in max([view.milestones, *histories], key=len)]
    columns = tuple(Column(name, names[name], _planned(name, histories)) for name in order)
    rows = _rows(view, order, names, as_of)
    if unfolded or len(rows) <= ROWS_IN_ORDER:
        return Track(columns, tuple(rows))
    rows.sort(key=lambda row: not row.exceptional)
    exceptional = sum(row.exceptional for row in rows)
    shown = min(max(exceptional, ROWS_SHOWN), 2 * ROWS_SHOWN)
    return Track(
        columns,
        tuple(rows[:shown]),
        folded_rows=len(rows) - shown,
        folded_lines=sum(len(row.lines) for row in rows[shown:]),
    )


def draw_line(line: LineView, *, as_of: dt.datetime) -> Track:
    """The track of one line alone."""
    names = labels()
    order = [m.name for m in line.milestones]
    columns = tuple(Column(name, names[name], _planned(name, [line.milestones])) for name in order)
    return Track(columns, (_row([line], _cells(line.milestones, order, names, as_of)),))


def _rows(
    view: FlowView, order: Sequence[MilestoneName], names: dict[MilestoneName, str], as_of: dt.datetime
) -> list[Row]:
    if not view.lines:
        cells = _cells(view.milestones, order, names, as_of)
        return [Row(_("Order"), _("no lines known"), (), cells, _is_exceptional(cells))] if cells else []
    groups: dict[tuple[Cell, ...], list[LineView]] = {}
    for line in view.lines:
        groups.setdefault(_cells(line.milestones, order, names, as_of), []).append(line)
    return [_row(lines, cells) for cells, lines in groups.items()]


def _row(lines: list[LineView], cells: tuple[Cell, ...]) -> Row:
    names = tuple(line.line for line in lines)
    if len(lines) == 1:
        title = _("Line %(line)s") % {"line": names[0]} if names[0] else _("Line without a number")
        detail = " · ".join(part for part in (item_code(lines[0]), _amount(lines[0])) if part)
    elif len(lines) <= 3:
        title = _("Lines %(lines)s") % {"lines": ", ".join(names)}
        detail = ", ".join(code for line in lines if (code := item_code(line)))
    else:
        title = ngettext("%(count)s line", "%(count)s lines", len(lines)) % {"count": len(lines)}
        detail = _("lines %(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return Row(title, detail, names, cells, _is_exceptional(cells))


def item_code(line: LineView) -> str:
    """The code people know an item by: ours, the supplier's, the GTIN."""
    return line.item.buyer or line.item.vendor or line.item.gtin


def _amount(line: LineView) -> str:
    amount: Decimal | None = line.ordered if line.ordered is not None else line.shipped
    return f"{words.quantity(amount)} {line.unit}".strip() if amount is not None else ""


def _is_exceptional(cells: Sequence[Cell]) -> bool:
    """A step that happened in unknown extent is none: of an order without quantities all are like that."""
    return any(
        cell.remark or (cell.status.token in ("bad", "warn", "unk") and cell.status.shape != "progress")
        for cell in cells
    )


def _cells(
    milestones: Sequence[Milestone],
    order: Sequence[MilestoneName],
    names: dict[MilestoneName, str],
    as_of: dt.datetime,
) -> tuple[Cell, ...]:
    by_name = {m.name: m for m in milestones}
    row = [by_name.get(name, Milestone(name, applicable=False)) for name in order]
    following = [*row[1:], None][: len(row)]
    return tuple(
        _cell(milestone, names[milestone.name], _thread(milestone, after), as_of)
        for milestone, after in zip(row, following, strict=True)
    )


def _thread(milestone: Milestone, after: Milestone | None) -> str:
    if after is None or not milestone.applicable or not after.applicable:
        return ""
    return "solid" if milestone.done and after.done else "dotted"


def _cell(milestone: Milestone, label: str, thread: str, as_of: dt.datetime) -> Cell:
    status = statuses.of_milestone(milestone, as_of)
    state = milestone.state(as_of)
    if milestone.first_at is not None and not milestone.done:
        return Cell(label, status, _happened(milestone), thread=thread)
    if state == "done":
        late = _lateness(milestone)
        remark = _("%(span)s late") % {"span": words.late(late)} if late else ""
        return Cell(label, status, _actual(milestone), remark, "warn" if late else "", thread=thread)
    if state == "overdue" and milestone.due_at is not None:
        over = _("%(span)s over") % {"span": words.late(as_of - milestone.due_at)}
        when = _("due %(when)s") % {"when": words.due(milestone.due_at)}
        return Cell(label, status, when, over, "bad", urgent=True, thread=thread)
    urgent = (
        state == "due"
        and milestone.due_at is not None
        and words.local(milestone.due_at).date() == words.local(as_of).date()
    )
    return Cell(label, status, expectation(milestone, as_of), urgent=urgent, thread=thread)


def expectation(milestone: Milestone, as_of: dt.datetime) -> str:
    """When a milestone that is not done is expected, the best source first: due, estimated, planned."""
    if milestone.unclocked == "before_go_live":
        return _("before go-live")
    if milestone.unclocked == "not_in_programme":
        return _("not sent")
    if not milestone.applicable:
        return _("n/a")
    if milestone.state(as_of) in ("due", "overdue") and milestone.due_at is not None:
        return _("due %(when)s") % {"when": words.due(milestone.due_at)}
    if milestone.estimated_at is not None:
        return _("est. %(day)s") % {"day": words.day(_day(milestone.estimated_at))}
    if milestone.planned_at is not None:
        return _("plan %(day)s") % {"day": words.day(_day(milestone.planned_at))}
    if milestone.due_at is not None:
        return _("due %(when)s") % {"when": words.due(milestone.due_at)}
    return _("not due") if milestone.waits else _("no date")


def _day(at: dt.datetime) -> dt.date:
    """The day of an expectation. One that is exactly midnight UTC was told as a date, and is that date."""
    told = moment(at)
    return at.date() if told.date_only else words.local(at).date()


def _happened(milestone: Milestone) -> str:
    """From the first to the last day that it happened, as far as that was told. Each breaks no line."""
    told = [at for at in (milestone.first_at, milestone.actual_at) if at is not None]
    days = list(
        dict.fromkeys(words.day(words.local(at).date()).replace(" ", "\N{NO-BREAK SPACE}") for at in told)
    )
    return " – ".join(days)


def _actual(milestone: Milestone) -> str:
    if milestone.actual_at is None:
        return _("date not said")
    if milestone.date_only:
        return words.day(words.local(milestone.actual_at).date())
    return words.moment(milestone.actual_at)


def _lateness(milestone: Milestone) -> dt.timedelta | None:
    """How much later than due it happened; one known by its date alone is late from the next day on."""
    actual, due = milestone.actual_at, milestone.due_at
    if actual is None or due is None or actual <= due:
        return None
    if milestone.date_only:
        apart = words.local(actual).date() - words.local(due).date()
        return apart if apart.days > 0 else None
    return actual - due


def _planned(name: str, histories: Sequence[Sequence[Milestone]]) -> str:
    dates = [
        words.local(m.planned_at).date()
        for milestones in histories
        for m in milestones
        if m.name == name and m.planned_at is not None
    ]
    return words.days(dates)
