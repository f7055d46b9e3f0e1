"""Reading messages once more, one or many, and waking whoever reads them."""

from collections.abc import Sequence
from uuid import UUID

from visibility.inbox.models import Message
from visibility.inbox.services import replay_message
from visibility.pipeline import wake


def replay_messages(*, message_ids: Sequence[UUID]) -> int:
    """Queue messages for another translation; how many. Those that were never received are left out.

    Each is queued by itself, so that a worker may begin with the first while the last is asked for.
    """
    tiers: set[str] = set()
    queued = 0
    for message_id in message_ids:
        try:
            replay_message(message_id=message_id)
        except Message.DoesNotExist:
            continue
        queued += 1
    tiers.update(
        Message.objects.filter(pk__in=message_ids).values_list("connection__tier", flat=True).distinct()
    )
    for tier in sorted(tiers):
        wake.wake_workers(tier=tier)
    return queued
