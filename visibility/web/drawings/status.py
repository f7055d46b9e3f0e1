"""The status vocabulary: colour and word and shape together, the word carrying the figure."""

import datetime as dt
from typing import Literal

from django.utils.translation import gettext as _
from msgspec import Struct

from visibility.flows.state import Milestone
from visibility.web import words

Token = Literal["ok", "go", "warn", "bad", "unk", "na"]
Shape = Literal["done", "progress", "due", "empty", "triangle", "diamond", "unknown", "dash", "pause", "dot"]


class Status(Struct, frozen=True):
    """What a state looks like and is called."""

    token: Token
    shape: Shape
    word: str


def of_milestone(milestone: Milestone, as_of: dt.datetime) -> Status:
    """The shape of a milestone; its word says what the shape means for those who do not see it."""
    state = milestone.state(as_of)
    if state == "done":
        return Status("ok", "done", _("Done"))
    if state == "overdue":
        return Status("bad", "diamond", _("Overdue"))
    if state == "due":
        return Status("go", "due", _("Due"))
    if state == "not_applicable":
        return Status("na", "dash", _unclocked(milestone))
    if state == "unknown" and milestone.first_at is not None:
        return Status("unk", "progress", _("Happened, how much is not known"))
    if state == "unknown":
        return Status("unk", "unknown", _("Unknown"))
    return Status("na", "empty", _("Not due"))


def _unclocked(milestone: Milestone) -> str:
    """Why a step is not waited for."""
    return {
        "before_go_live": _("Before go-live"),
        "not_in_programme": _("The partner does not send it"),
    }.get(milestone.unclocked, _("Not applicable"))


def of_flow(state: str) -> Status:
    """The state of an order in a list."""
    return {
        "attention": Status("bad", "diamond", _("Needs a decision")),
        "done": Status("ok", "done", _("Done")),
        "cancelled": Status("na", "dash", _("Cancelled")),
        "untold": Status("unk", "progress", _("Quantities not told")),
        "not_ordered": Status("unk", "unknown", _("Not yet ordered")),
    }.get(state, Status("go", "progress", _("Open")))


def of_case(state: str) -> Status:
    """The state of an exception case."""
    return {
        "new": Status("go", "dot", _("New")),
        "in_progress": Status("go", "progress", _("In progress")),
        "waiting": Status("na", "pause", _("Waiting")),
        "snoozed": Status("na", "pause", _("Snoozed")),
        "resolved": Status("ok", "done", _("Resolved")),
        "closed": Status("ok", "done", _("Closed")),
        "reopened": Status("warn", "triangle", _("Reopened")),
    }.get(state, Status("unk", "unknown", state))


def of_severity(severity: str) -> Status:
    """How much it hurts."""
    return {
        "critical": Status("bad", "diamond", _("Critical")),
        "high": Status("bad", "diamond", _("High")),
        "medium": Status("warn", "triangle", _("Medium")),
        "low": Status("na", "empty", _("Low")),
    }.get(severity, Status("unk", "unknown", severity))


def of_message(status: str) -> Status:
    """What became of a message."""
    return {
        "received": Status("go", "progress", _("Received, waiting to be read")),
        "processed": Status("ok", "done", _("Processed")),
        "held": Status("warn", "triangle", _("Held")),
        "rejected": Status("bad", "diamond", _("Rejected")),
        "given_up": Status("bad", "diamond", _("Given up")),
        "sent": Status("go", "dot", _("Outgoing")),
    }.get(status, Status("unk", "unknown", status))


class Clock(Struct, frozen=True):
    """A deadline's clock: how much of its time is used, 0 to 100, with the status in words."""

    status: Status
    used: int

    @property
    def px(self) -> float:
        """Width of the used part of a bar of 96 px."""
        return round(self.used * 0.96, 1)


def clock_of(*, used: dt.timedelta, left: dt.timedelta) -> Clock:
    """Warns from 75 % on, is bad when over. Both are working time; `left` is negative when over."""
    total = used + left
    if left <= dt.timedelta():
        return Clock(Status("bad", "diamond", _("%(span)s over") % {"span": words.span(-left)}), 100)
    share = round(100 * (used / total)) if total else 0
    word = _("%(span)s left") % {"span": words.span(left)}
    if share >= 75:
        return Clock(Status("warn", "triangle", word), share)
    return Clock(Status("go", "due", word), share)
