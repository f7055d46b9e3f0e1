"""Keeping corrections of messages. The message's own bytes stay; a correction is read in their place."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from visibility.core import identifiers
from visibility.core.errors import ConflictError, NotFoundError
from visibility.inbox.mending import Mend
from visibility.inbox.models import Message, MessageCorrection, MessageWork
from visibility.inbox.services import replay_message


def effective_body(*, message: Message) -> bytes:
    """What the message is read as now: its latest correction, else its own bytes."""
    last = MessageCorrection.objects.filter(message=message).order_by("-translation").first()
    return bytes(last.body if last else message.body)


def mends_of(*, message_id: UUID) -> tuple[Mend, ...]:
    """The rules of a message's latest correction; none where it had none, or cannot be said so."""
    last = MessageCorrection.objects.filter(message=message_id).order_by("-translation").first()
    return tuple(Mend(**each) for each in last.mends) if last else ()


def keep_correction(
    *,
    message_id: UUID,
    seen: UUID,
    body: bytes,
    mends: Sequence[dict[str, Any]],
    reason: str,
    made_by: str,
) -> int:
    """Keep a correction and queue the translation that reads it, in one transaction; its number.

    `seen` is the digest of the bytes that were corrected. ConflictError where somebody else corrected them
    since, or where the message is being read just now; NotFoundError where there is no such message.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(no_key=True)
            .filter(pk=message_id, direction=Message.Direction.IN)
            .first()
        )
        if message is None:
            raise NotFoundError("No such message.")
        if MessageWork.objects.filter(message=message).exists():
            raise ConflictError("being_read", "The message is being read just now. Try again in a moment.")
        if identifiers.digest(effective_body(message=message)) != seen:
            raise ConflictError("corrected_since", "Somebody else corrected the message since you opened it.")
        translation = replay_message(message_id=message_id)
        MessageCorrection.objects.create(
            message=message,
            translation=translation,
            body=body,
            mends=list(mends),
            reason=reason,
            made_by=made_by,
        )
    return translation
