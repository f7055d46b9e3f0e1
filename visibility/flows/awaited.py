"""What should have been told beside the steps that have a deadline of their own, and when it is missed.

An order's milestones say when each step is due. Some of what is missing has no step to wait at: the notice
of goods that came without one, the firm word after "accepted, subject to", the order itself. `due_at` is
when a sweep looks; which lines are meant a rule asks again (`base_of`), so nothing is kept for each line.
Pure.
"""

import datetime as dt
from collections.abc import Callable, Iterator

from visibility.flows.calendar import WorkingCalendar
from visibility.flows.matching import Draft, Tally
from visibility.flows.moments import UNTOLD, Moment, add_hours, invoice_moment, receipt_moment, told_at
from visibility.flows.movements import Moved
from visibility.flows.state import (
    Awaited,
    AwaitedWhat,
    Fact,
    FlowView,
    LineView,
    Milestone,
    MilestoneName,
    Terms,
)

PASSED_OVER: tuple[tuple[MilestoneName, MilestoneName], ...] = (("shipped", "arrived"), ("invoiced", "paid"))
"""Steps, each with the later one that passes over it; what else may be lacking is a kind of its own."""
Steps = dict[MilestoneName, Milestone]


def note_moments(*, line: LineView, draft: Draft, there: Moved) -> None:
    """Keep when what came without something else was told; of most lines nothing did."""
    if line.soft and isinstance(draft.answer_by, Fact):
        line.soft_since = told_at(draft.answer_by).at
    if there.received is not None and line.receipts and not line.shipments:
        line.came_at = _first(there.received, receipt_moment)
    if there.invoiced is not None and not line.receipts and (line.invoiced is None or line.invoiced > 0):
        line.billed_at = _first(there.invoiced, invoice_moment)


def _first(tally: Tally, moment_of: Callable[[object], Moment]) -> dt.datetime | None:
    moments = [moment_of(fact) for fact, _ in tally.steps]
    return min([each.at for each in moments if each.at is not None], default=None)


def read_awaited(*, view: FlowView, terms: Terms, told: list[Fact]) -> list[Awaited]:
    """What is awaited of an order whose clocks run, each kind and starting point once, the earliest first."""
    found: dict[tuple[AwaitedWhat, dt.datetime], Awaited] = {}
    view.notices = "shipped" not in terms.not_sent
    if not view.placed:
        start = _order_base(view, told)
        if start is not None:
            _note(found, "order", start, terms.calendar, terms.receipt_hours)
    if view.cancelled:
        return sorted(found.values(), key=lambda each: (each.due_at, each.what))
    seen: set[int] = set()
    for line in view.lines:
        plain = not line.soft and line.came_at is None and line.billed_at is None
        if plain and id(line.milestones) in seen:
            continue  # lines with the same steps and nothing of their own wait for the same
        seen.add(id(line.milestones))
        for what, start in bases_of(line, view):
            calendar, hours = _time(what, terms)
            _note(found, what, start, calendar, hours)
    return sorted(found.values(), key=lambda each: (each.due_at, each.what))


def _time(what: AwaitedWhat, terms: Terms) -> tuple[WorkingCalendar, int]:
    if what == "notice":
        return terms.partner_calendar, terms.asn_hours
    if what == "decision":
        return terms.partner_calendar, terms.follow_up_hours
    if what == "posting":
        return terms.calendar, 0
    if what == "bill_receipt":
        return terms.calendar, terms.match_hours
    return terms.calendar, terms.receipt_hours


def _note(
    found: dict[tuple[AwaitedWhat, dt.datetime], Awaited],
    what: AwaitedWhat,
    start: dt.datetime,
    calendar: WorkingCalendar,
    hours: int,
) -> None:
    if (what, start) not in found:
        found[what, start] = Awaited(what, start, add_hours(calendar, start, hours))


def bases_of(line: LineView, view: FlowView) -> Iterator[tuple[AwaitedWhat, dt.datetime]]:
    """What is awaited of a line, and the moment from which the hours for it run."""
    if not line.known or line.cancelled:
        return
    steps = {step.name: step for step in line.milestones}
    told: tuple[tuple[AwaitedWhat, dt.datetime | None], ...] = (
        ("notice", _notice(line, steps, view)),
        ("receipt", _receipt(line, steps, view)),
        ("posting", _posting(line, steps)),
        ("late_notice", _late_notice(line, steps, view)),
        ("bill_receipt", _bill_receipt(line, steps)),
        ("decision", _decision(line)),
        ("step", _passed_over(line, view)),
    )
    for what, start in told:
        if start is not None:
            yield what, start


def _notice(line: LineView, steps: Steps, view: FlowView) -> dt.datetime | None:
    """The ship date, of goods of which no notice tells and that have not come either."""
    step = steps["shipped"]
    if not _runs(step) or step.waits or line.receipts or not view.notices:
        return None
    return step.due_at


def _receipt(line: LineView, steps: Steps, view: FlowView) -> dt.datetime | None:
    """When what was announced should be there: as the carrier expects it, or as promised if that is later."""
    step = steps["received"]
    if not _runs(step) or steps["arrived"].done or not (line.shipments or not view.notices):
        return None
    if _is_all_in(line):
        return None
    return max([at for at in (step.due_at, step.estimated_at) if at is not None], default=None)


def _posting(line: LineView, steps: Steps) -> dt.datetime | None:
    """When what has arrived should be received; the receiver's hours are in that."""
    step = steps["received"]
    return step.due_at if _runs(step) and steps["arrived"].done and not _is_all_in(line) else None


def _is_all_in(line: LineView) -> bool:
    """Whether all that was announced has come: what is left the supplier still has."""
    return line.shipped is not None and line.received is not None and line.received >= line.shipped


def _late_notice(line: LineView, steps: Steps, view: FlowView) -> dt.datetime | None:
    """When goods came in of which no notice had told, from a partner who sends them."""
    if not view.notices or line.shipments or not steps["shipped"].applicable:
        return None
    return line.came_at


def _bill_receipt(line: LineView, steps: Steps) -> dt.datetime | None:
    """When goods were billed of which nothing was announced or came; not before they are due."""
    step = steps["received"]
    if line.billed_at is None or line.shipments or line.receipts or not _runs(step):
        return None
    return max(line.billed_at, step.due_at or line.billed_at)


def _decision(line: LineView) -> dt.datetime | None:
    """When a line was accepted with its price or date pending. What has left is firm."""
    if not line.soft or line.shipments or line.receipts or line.closed:
        return None
    return line.soft_since


def _passed_over(line: LineView, view: FlowView) -> dt.datetime | None:
    """When a later step was told of a line of which an earlier one never was."""
    later = [after.first_at or after.actual_at for _, after in passed_over(line, view)]
    return min([at for at in later if at is not None], default=None)


def passed_over(line: LineView, view: FlowView) -> Iterator[tuple[Milestone, Milestone]]:
    """Steps of a line that nobody told, each with a later one that was told of it, or of the whole order."""
    for name, other in PASSED_OVER:
        step = _step(line.milestones, name)
        if step is None or step.first_at is not None or not _runs(step):
            continue
        if line.receipts and name == "shipped":
            continue  # that is a receipt without a notice
        for owner in (line.milestones, view.milestones):
            after = _step(owner, other)
            if after is not None and (after.done or after.first_at is not None):
                yield step, after
                break


def _step(milestones: list[Milestone], name: MilestoneName) -> Milestone | None:
    return next((step for step in milestones if step.name == name), None)


def _runs(step: Milestone) -> bool:
    return step.applicable and not step.done and not step.unclocked


def _order_base(view: FlowView, told: list[Fact]) -> dt.datetime | None:
    """When something was told first of an order that nobody has placed."""
    if not (view.answered or view.shipments or view.receipts or view.invoices):
        return None
    moments = [UNTOLD if fact.document.history_as_of else told_at(fact) for fact in told]
    return min([each.at for each in moments if each.at is not None], default=None)
