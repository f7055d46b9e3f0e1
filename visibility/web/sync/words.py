"""How deliveries are spoken of."""

import datetime as dt

from django.utils.translation import gettext as _

from visibility.sync.breaker import THRESHOLD
from visibility.sync.selectors import DeliveryDetail, DeliveryRow, EndpointRow, Try
from visibility.web import words
from visibility.web.drawings.status import Status

STATES = ("ready", "unknown", "held", "failed", "refused", "delivered", "cancelled")


def of_state(state: str, *, given_up: bool = False, tried: bool = False) -> Status:
    """What became of a command."""
    if state == "unknown":
        word = _("Unknown: a person has to look") if given_up else _("Unknown, being found out")
        return Status("unk", "unknown", word)
    if state == "ready" and tried:
        return Status("warn", "triangle", _("To be tried again"))
    return {
        "held": Status("na", "pause", _("Waits for another")),
        "ready": Status("go", "progress", _("On its way")),
        "delivered": Status("ok", "done", _("Delivered")),
        "refused": Status("bad", "diamond", _("Refused")),
        "failed": Status("bad", "diamond", _("Failed")),
        "cancelled": Status("na", "dash", _("Cancelled")),
    }.get(state, Status("unk", "unknown", state))


def of_row(row: DeliveryRow) -> Status:
    """The state of a command in a list."""
    return of_state(row.state, given_up=row.given_up_at is not None, tried=row.attempts > 0)


def of_filter(state: str) -> str:
    """A state as something to narrow a list to."""
    return {"ready": _("Not sent yet"), "unknown": _("Unknown")}.get(state, of_state(state).word)


def of_endpoint(row: EndpointRow) -> Status:
    """How a connection is doing."""
    if row.paused_at is not None:
        return Status("na", "pause", _("Paused"))
    if row.open_until is not None:
        return Status("bad", "diamond", _("Left alone until %(at)s") % {"at": words.time(row.open_until)})
    if row.failures >= THRESHOLD:
        return Status("warn", "triangle", _("Tried with one command at a time"))
    if row.failures:
        return Status("warn", "triangle", _("Failing"))
    if row.last_good_at is None:
        return Status("na", "empty", _("Nothing sent yet"))
    return Status("ok", "done", _("Working"))


def of_failure(kind: str) -> str:
    """A kind of failure, in words."""
    return {
        "refused": _("refused"),
        "invalid": _("not understood"),
        "denied": _("not let in"),
        "not_found": _("not found"),
        "conflict": _("being worked on"),
        "throttled": _("asked to wait"),
        "unavailable": _("not there"),
        "timeout": _("no answer"),
        "dropped": _("answer cut off"),
    }.get(kind, kind)


def of_try(item: Try) -> Status:
    """How a try ended."""
    if item.ended_at is None:
        return Status("go", "progress", _("Under way"))
    if item.read_back and item.result == "retry":
        return Status("na", "empty", _("It is not there"))
    return {
        "delivered": Status("ok", "done", _("Delivered")),
        "refused": Status("bad", "diamond", _("Refused")),
        "retry": Status("warn", "triangle", _("Not done")),
    }.get(item.result, Status("unk", "unknown", _("Unknown")))


def next_step(detail: DeliveryDetail, *, as_of: dt.datetime) -> str:
    """What happens by itself, or whom it waits for."""
    row = detail.row
    if row.given_up_at is not None:
        return _(
            "Nobody could find out whether it was done. Look in %(system)s; then send it again or cancel it."
        ) % {"system": row.system}
    if row.state == "held":
        return _("It leaves when the command before it is confirmed.")
    if row.state not in ("ready", "unknown"):
        return ""
    if detail.paused:
        return _("The connection is paused; it leaves when that is resumed.")
    if detail.behind is not None:
        return _("It waits for an earlier command of the same order.")
    at = max(row.due_at, detail.open_until or row.due_at)
    if at <= as_of:
        return _("It is next.")
    what = _("It is asked for again %(at)s.") if row.state == "unknown" else _("It is tried again %(at)s.")
    return what % {"at": words.full_moment(at)}
