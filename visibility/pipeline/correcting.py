"""Putting messages right that could not be used: what a correction would lead to, and making it.

A mend that is the same in many messages (a unit, a qualifier) is found in them by its rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import identifiers
from visibility.core.errors import ConflictError, InputError, NotFoundError
from visibility.inbox import lists
from visibility.inbox.correcting import effective_body, keep_correction
from visibility.inbox.history import is_history
from visibility.inbox.mending import (
    Difference,
    Mend,
    apply_changes,
    as_mends,
    changes_by,
    cut_lines,
    differences,
)
from visibility.inbox.models import Message, Outcome
from visibility.inbox.ports import EditableBody, Editor, Problem, Unit, VerbatimMessage
from visibility.inbox.profiles import reading_profiles
from visibility.inbox.selectors import GIVEN_UP
from visibility.pipeline import wake
from visibility.pipeline.chunk import document_type
from visibility.pipeline.translators import translator_for

MOST_ALIKE = 200
"""So many messages are looked through for the same fault at once."""
MOST_BYTES = 4 * 1024 * 1024
"""A message larger than this is corrected by its sender."""
_UNITS_SHOWN = 500


@dataclass(frozen=True)
class Readable:
    """A message as it is read now, in pieces. `seen` names these bytes when they are corrected."""

    message: Message
    body: bytes
    cut: EditableBody
    seen: UUID


@dataclass(frozen=True)
class Outlook:
    """What a body would be read as: documents by type, and what would still be wrong."""

    documents: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether something of it would be recorded."""
        return bool(self.documents)


@dataclass(frozen=True)
class Preview:
    """A correction before it is made."""

    body: bytes
    differences: tuple[Difference, ...]
    mends: tuple[Mend, ...]
    outlook: Outlook


@dataclass(frozen=True)
class Alike:
    """Another message that the same rules would change, and what it would be read as then."""

    message_id: UUID
    name: str
    status: str
    differences: tuple[Difference, ...]
    outlook: Outlook


def open_message(*, scope: Scope, message_id: UUID) -> Readable:
    """A received message, cut for correction. NotFoundError; InputError for one that is too large."""
    if scope.partners is not None:
        raise NotFoundError("No such message.")
    message = Message.objects.filter(
        pk=message_id, company_id__in=scope.companies, direction=Message.Direction.IN
    ).first()
    if message is None:
        raise NotFoundError("No such message.")
    if is_history(message.content_type):
        text = "Rows of a history are corrected in their file and brought in again."
        raise InputError("of_a_history", text)
    if message.size > MOST_BYTES:
        raise InputError("too_large", "The message is too large to be corrected here; have it sent again.")
    body = effective_body(message=message)
    return Readable(message, body, _cut(message.content_type, body), identifiers.digest(body))


def preview_correction(*, readable: Readable, changes: Mapping[int, str]) -> Preview:
    """What the changes (text by number of the piece) would lead to. InputError, located, for bad ones."""
    body = apply_changes(body=readable.body, cut=readable.cut, changes=changes)
    return Preview(
        body=body,
        differences=tuple(differences(cut=readable.cut, changes=changes)),
        mends=as_mends(cut=readable.cut, changes=changes),
        outlook=_outlook(readable.message, body),
    )


def correct_message(
    *, scope: Scope, user: User, message_id: UUID, seen: UUID, changes: Mapping[int, str], reason: str
) -> Preview:
    """Keep a correction and have the message read by it. ConflictError where it is not as it was `seen`."""
    reason = _reason(reason)
    readable = open_message(scope=scope, message_id=message_id)
    if readable.seen != seen:
        raise ConflictError("corrected_since", "Somebody else corrected the message since you opened it.")
    preview = preview_correction(readable=readable, changes=changes)
    if not preview.differences:
        raise InputError("unchanged", "Nothing was changed.")
    _keep(user, readable, preview.body, preview.mends, reason)
    wake.wake_workers(tier=readable.message.connection.tier)
    return preview


def find_alike(*, scope: Scope, message_id: UUID, mends: Sequence[Mend]) -> list[Alike]:
    """Other messages of the connection that could not be used, and that the same rules change. The newest."""
    readable = open_message(scope=scope, message_id=message_id)
    found = []
    for other in _unused(scope, readable.message):
        body = effective_body(message=other)
        cut = _cut(other.content_type, body)
        changes = changes_by(cut=cut, mends=mends)
        if changes:
            mended = apply_changes(body=body, cut=cut, changes=changes)
            found.append(
                Alike(
                    message_id=other.pk,
                    name=other.name,
                    status=_status(other),
                    differences=tuple(differences(cut=cut, changes=changes)),
                    outlook=_outlook(other, mended),
                )
            )
    return found


def correct_alike(
    *, scope: Scope, user: User, message_ids: Sequence[UUID], mends: Sequence[Mend], reason: str
) -> tuple[int, list[str]]:
    """Mend messages by the same rules: how many were, and why others were not. Each is kept by itself."""
    reason = _reason(reason)
    done, refused = 0, []
    tiers: set[str] = set()
    for message_id in message_ids[:MOST_ALIKE]:
        try:
            readable = open_message(scope=scope, message_id=message_id)
            changes = changes_by(cut=readable.cut, mends=mends)
            if not changes:
                raise InputError("unchanged", "Nothing in it is to be mended so (any more).")
            body = apply_changes(body=readable.body, cut=readable.cut, changes=changes)
            _keep(user, readable, body, mends, reason)
        except (InputError, NotFoundError) as error:
            refused.append(f"{message_id}: {error}")
            continue
        done += 1
        tiers.add(readable.message.connection.tier)
    for tier in sorted(tiers):
        wake.wake_workers(tier=tier)
    return done, refused


def _keep(user: User, readable: Readable, body: bytes, mends: Sequence[Mend], reason: str) -> None:
    keep_correction(
        message_id=readable.message.pk,
        seen=readable.seen,
        body=body,
        mends=[
            {"tag": each.tag, "element": each.element, "was": each.was, "becomes": each.becomes}
            for each in mends
        ],
        reason=reason,
        made_by=str(user),
    )


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise InputError("no_reason", "Say why the message is corrected: the sender may ask.", "reason")
    return reason[:500]


@cache
def _editor_for(content_type: str) -> Editor | None:
    dotted = settings.EDITORS.get(content_type)
    return cast(Editor, import_string(dotted)()) if dotted else None


def _cut(content_type: str, body: bytes) -> EditableBody:
    editor = _editor_for(content_type)
    return editor.cut(body) if editor else cut_lines(body)


def _outlook(message: Message, body: bytes) -> Outlook:
    units: list[Unit] = list(
        islice(
            translator_for(message.content_type).translate(
                VerbatimMessage(
                    body=body,
                    content_type=message.content_type,
                    issuer=message.connection.issuer,
                    received_at=message.received_at,
                    profiles=reading_profiles(company=message.connection.company),
                )
            ),
            _UNITS_SHOWN,
        )
    )
    documents = [document_type(each.document) for unit in units for each in unit.documents]
    problems = [problem for unit in units for problem in unit.problems]
    return Outlook(tuple(documents), tuple(problems))


def _unused(scope: Scope, like: Message) -> list[Message]:
    """The newest messages of the same connection and kind that were held, rejected or given up."""
    ids = [
        row.id
        for status in (Outcome.Status.HELD, Outcome.Status.REJECTED, GIVEN_UP)
        for row in lists.list_messages(
            scope=scope, status=status, connection=like.connection.name, limit=MOST_ALIKE
        ).rows
    ]
    return list(
        Message.objects.filter(pk__in=ids, content_type=like.content_type)
        .exclude(pk=like.pk)
        .filter(size__lte=MOST_BYTES)
        .select_related("connection__company")
        .order_by("-received_at", "-id")[:MOST_ALIKE]
    )


def _status(message: Message) -> str:
    last = Outcome.objects.filter(message=message, partial=False).order_by("-translation").first()
    return last.status if last else ""
