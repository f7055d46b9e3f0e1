"""What is said after something was done to cases: how many, which not and why, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from visibility.accounts.models import User
from visibility.core.errors import InputError
from visibility.triage.working import Failed
from visibility.web.drawings.status import Status

SALT = "undo-cases"
WHILE = 3600
"""Seconds in which something can be undone."""


@dataclass(frozen=True)
class Toast:
    """`done`: what was done, in a sentence; `undo`: a token, empty where it cannot be undone here."""

    status: Status
    detail: str = ""
    failed: Sequence[Failed] = ()
    undo: str = ""


def report(*, asked: int, failed: Sequence[Failed], done: str, detail: str = "", undo: str = "") -> Toast:
    """`done` is the deed with %(n)s: "%(n)s assigned to M. Ortiz."."""
    worked = asked - len(failed)
    if not failed:
        return Toast(Status("ok", "done", done % {"n": worked}), detail, (), undo)
    of = _("%(n)s of %(all)s") % {"n": worked, "all": asked}
    token, shape = ("warn", "triangle") if worked else ("bad", "diamond")
    return Toast(Status(token, shape, done % {"n": of}), detail, failed, undo if worked else "")  # type: ignore[arg-type]  # literals


def refused(text: str) -> Toast:
    """Nothing was done, and why."""
    return Toast(Status("bad", "diamond", text))


def seal(*, user: User, deeds: Sequence[Mapping[str, Any]]) -> str:
    """What takes something back, handed to the page and nobody else's: {"do", "case_ids", …} each."""
    return signing.dumps({"user": user.pk, "deeds": list(deeds)}, salt=SALT, compress=True)


def unseal(token: str, *, user: User) -> list[dict[str, Any]]:
    """What a token of this person says. InputError where it is too old, or not theirs."""
    try:
        found = signing.loads(token, salt=SALT, max_age=WHILE)
    except signing.BadSignature as error:
        raise InputError("undo_gone", _("That was too long ago to be undone here.")) from error
    if found["user"] != user.pk:
        raise InputError("undo_gone", _("Somebody else did that."))
    deeds: list[dict[str, Any]] = found["deeds"]
    return deeds
