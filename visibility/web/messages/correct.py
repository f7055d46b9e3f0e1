"""Correcting a message segment by segment, looking at what it would become, and mending others alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.accounts.models import Role, User
from visibility.core.errors import InputError
from visibility.inbox import selectors
from visibility.inbox.correcting import mends_of
from visibility.inbox.mending import Difference, differences_between
from visibility.inbox.ports import Problem
from visibility.inbox.selectors import MessageDetail
from visibility.pipeline.correcting import (
    Preview,
    Readable,
    correct_alike,
    correct_message,
    find_alike,
    open_message,
    preview_correction,
)
from visibility.web.messages import document
from visibility.web.pages import Desk, page

MENDERS = (Role.INTEGRATION, Role.DATA_STEWARD)
PIECES_SHOWN = 60
"""A longer message shows what is around its problems, and all of it on request."""
AROUND = 2
DIFFERENCES_SHOWN = 20
_BYTE = re.compile(r"byte (\d+)")


@dataclass(frozen=True)
class Row:
    """A segment as it can be edited. `gap`: others were left out before it."""

    number: int
    text: str
    problems: tuple[Problem, ...]
    changed: bool
    gap: bool


@dataclass(frozen=True)
class Made:
    """A correction that was made, against what the message was before it."""

    who: str
    at: Any
    reason: str
    differences: tuple[Difference, ...]
    more: int


@page
def correct(request: HttpRequest, desk: Desk, *, message_id: UUID) -> HttpResponse:
    """The message in segments to put right. Posted to: what it would become, or (step save) made so."""
    _may(request, desk)
    detail = selectors.get_message(scope=desk.scope, message_id=message_id)
    try:
        readable = open_message(scope=desk.scope, message_id=message_id)
    except InputError as error:
        notes.error(request, error.text)
        return redirect("message", message_id=message_id)
    changes = _changes(request, readable)
    preview, wrong = _previewed(readable, changes) if request.method == "POST" else (None, None)
    if request.POST.get("step") == "save" and preview is not None and preview.differences:
        wrong = _save(request, desk, readable, changes)
        if wrong is None:
            return redirect("message-alike" if preview.mends else "message", message_id=message_id)
    everything = "1" in (request.GET.get("all"), request.POST.get("all"))
    context = {
        "detail": detail,
        "row": detail.row,
        "title": document.title_of(detail.row),
        "rows": (rows := _rows(detail.problems, readable, changes, everything=everything)),
        "hidden": len(readable.cut.pieces) - len(rows),
        "everything": everything,
        "seen": readable.seen,
        "problems": [each for each in detail.problems if _offset(each) is None],
        "preview": preview,
        "wrong": wrong,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "messages/correct.html", context)


@page
def alike(request: HttpRequest, desk: Desk, *, message_id: UUID) -> HttpResponse:
    """Other messages that the last correction's rules would mend. Posted to, those chosen are mended."""
    _may(request, desk)
    detail = selectors.get_message(scope=desk.scope, message_id=message_id)
    mends = mends_of(message_id=message_id)
    if not mends:
        raise Http404
    wrong = None
    if request.method == "POST":
        try:
            done, refused = correct_alike(
                scope=desk.scope,
                user=cast(User, request.user),
                message_ids=_chosen(request),
                mends=mends,
                reason=request.POST.get("reason", ""),
            )
        except InputError as error:
            wrong = error
        else:
            said = ngettext(
                "%(count)d message is corrected and read once more.",
                "%(count)d messages are corrected and read once more.",
                done,
            )
            notes.info(request, said % {"count": done})
            for reason in refused:
                notes.error(request, reason)
            return redirect("message", message_id=message_id)
    context = {
        "detail": detail,
        "row": detail.row,
        "title": document.title_of(detail.row),
        "mends": mends,
        "found": find_alike(scope=desk.scope, message_id=message_id, mends=mends),
        "reason": request.POST.get("reason") or detail.corrections[-1].reason,
        "wrong": wrong,
    }
    return render(request, "messages/alike.html", context)


def made_of(detail: MessageDetail) -> list[Made]:
    """The corrections of a message, each against what was read before it, the first first."""
    before, found = detail.original, []
    for each in detail.corrections:
        told = differences_between(before=before, after=each.body)
        found.append(
            Made(
                each.made_by,
                each.made_at,
                each.reason,
                told[:DIFFERENCES_SHOWN],
                max(len(told) - DIFFERENCES_SHOWN, 0),
            )
        )
        before = each.body
    return found


def _may(request: HttpRequest, desk: Desk) -> None:
    if desk.scope.partners is not None or getattr(request.user, "role", None) not in MENDERS:
        raise Http404


def _changes(request: HttpRequest, readable: Readable) -> dict[int, str]:
    """The pieces whose posted text is not what they say now."""
    now = {piece.number: piece.text for piece in readable.cut.pieces}
    changes = {}
    for number, text in now.items():
        posted = request.POST.get(f"p-{number}")
        if posted is not None and posted.strip() != text.strip():
            changes[number] = posted.strip()
    return changes


def _previewed(readable: Readable, changes: dict[int, str]) -> tuple[Preview | None, InputError | None]:
    try:
        return preview_correction(readable=readable, changes=changes), None
    except InputError as error:
        return None, error


def _save(request: HttpRequest, desk: Desk, readable: Readable, changes: dict[int, str]) -> InputError | None:
    try:
        correct_message(
            scope=desk.scope,
            user=cast(User, request.user),
            message_id=readable.message.pk,
            seen=UUID(request.POST.get("seen", "")),
            changes=changes,
            reason=request.POST.get("reason", ""),
        )
    except InputError as error:
        return error
    except ValueError:
        raise Http404 from None
    notes.info(request, _("The message is corrected and read once more. What came is kept as it was."))
    return None


def _offset(problem: Problem) -> int | None:
    found = _BYTE.search(problem.where)
    return int(found.group(1)) if found else None


def _rows(
    problems: Sequence[Problem], readable: Readable, changes: dict[int, str], *, everything: bool
) -> list[Row]:
    at: dict[int, tuple[Problem, ...]] = {}
    for problem in problems:
        offset = _offset(problem)
        for piece in readable.cut.pieces:
            if offset is not None and piece.start <= offset <= piece.end:
                at[piece.number] = (*at.get(piece.number, ()), problem)
                break
    pieces = readable.cut.pieces
    wanted = set(range(1, len(pieces) + 1))
    if not everything and len(pieces) > PIECES_SHOWN:
        middle = sorted(at.keys() | changes.keys()) or [1]
        wanted = {near for number in middle for near in range(number - AROUND, number + AROUND + 1)}
    rows: list[Row] = []
    last = 0
    for piece in pieces:
        if piece.number in wanted:
            text = changes.get(piece.number, piece.text)
            told = at.get(piece.number, ())
            rows.append(Row(piece.number, text, told, piece.number in changes, gap=piece.number != last + 1))
            last = piece.number
    return rows


def _chosen(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(text) for text in request.POST.getlist("message")]
    except ValueError as error:
        raise Http404("No such message.") from error
