"""Histories in the inbox: files brought in part by part, each part a message."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Now

from visibility.core import identifiers
from visibility.core.errors import ConflictError
from visibility.inbox.keeping import Arrival, Identified, keep_arrivals
from visibility.inbox.models import (
    Connection,
    History,
    HistoryPart,
    HistoryReading,
    Message,
    MessageWork,
    Outcome,
)
from visibility.inbox.ports import Guidance
from visibility.inbox.ports import HistoryPart as Cut

PREFIX = "application/vnd.throughline.history+"
TIER = Connection.Tier.BATCH


@dataclass(frozen=True)
class Begun:
    """A reading to go on with. `ended`: all of it was worked through before."""

    reading: HistoryReading
    ended: bool


def is_history(content_type: str) -> bool:
    """Whether a message is a part of a history."""
    return content_type.startswith(PREFIX)


def begin_reading(
    *,
    connection: Connection,
    mapping_name: str,
    file_name: str,
    file_digest: bytes,
    mapping: str,
    fingerprint: str,
    as_of: dt.date | None,
    today: dt.date,
) -> Begun:
    """Find the reading of this file by this mapping, or begin one.

    Without `as_of` an earlier reading's day stands, and a first one is as of `today`. The same mapping and
    day is the same reading, ended or not; another is a new one.
    """
    mark = identifiers.digest(fingerprint.encode())
    with transaction.atomic():
        history, _ = History.objects.get_or_create(
            connection=connection,
            mapping_name=mapping_name,
            file_digest=UUID(bytes=file_digest),
            defaults={"company_id": connection.company_id, "file_name": file_name[:255]},
        )
        history = History.objects.select_for_update(no_key=True).get(pk=history.pk)
        last = history.readings.order_by("-pk").first()
        day = as_of or (last.as_of if last else today)
        if last is None or (last.fingerprint, last.as_of) != (mark, day):
            last = HistoryReading.objects.create(
                history=history, mapping=mapping, fingerprint=mark, as_of=day
            )
    return Begun(reading=last, ended=last.ended_at is not None)


def end_reading(*, reading: HistoryReading) -> None:
    """All of it is worked through."""
    HistoryReading.objects.filter(pk=reading.pk, ended_at=None).update(ended_at=Now())


def keep_parts(
    *, reading: HistoryReading, connection: Connection, parts: Sequence[Cut], content_type: str
) -> list[UUID]:
    """Keep parts as messages of the batch tier, in one transaction; the ids of those that are new.

    A part is known by its place and its bytes within the connection and the mapping's name: what an earlier
    file had of this one is not brought in again.
    """
    history = reading.history
    # Ids in the order of the parts: of two rows with one identity the first in the file is told first.
    ids = sorted(identifiers.new_id() for _ in parts)
    arrivals = [
        _arrival(history, connection, part, content_type, message_id)
        for part, message_id in zip(parts, ids, strict=True)
    ]
    with transaction.atomic():
        kept = keep_arrivals(arrivals=arrivals)
        rows = []
        for part, answer in zip(parts, kept, strict=True):
            if isinstance(answer, ConflictError):  # the identity is made of the bytes
                raise answer
            rows.append(
                HistoryPart(
                    history=history,
                    reading=reading,
                    number=part.number,
                    message_id=answer.message_id,
                    first_row=part.first_row,
                    first_line=part.first_line,
                    rows=part.rows,
                    brought_before=answer.duplicate,
                )
            )
        # Somebody else may be bringing in the same file at this moment.
        HistoryPart.objects.bulk_create(rows, ignore_conflicts=True)
    return [row.message_id for row in rows if not row.brought_before]


def _arrival(
    history: History, connection: Connection, part: Cut, content_type: str, message_id: UUID
) -> Arrival:
    digest = identifiers.digest(part.body)
    key = identifiers.digest(
        b"history",
        str(connection.pk).encode(),
        history.mapping_name.encode(),
        str(part.number).encode(),
        digest.bytes,
    )
    return Arrival(
        message_id=message_id,
        identity=Identified(key, digest),
        company_id=connection.company_id,
        connection_id=connection.pk,
        tier=TIER,
        content_type=content_type,
        name=f"{history.file_name[:200]} rows {part.first_row}–{part.first_row + part.rows - 1}",
        body=part.body,
        digest=digest,
    )


def parts_kept(*, history: History) -> set[int]:
    """The numbers of the parts that are in the inbox."""
    return set(HistoryPart.objects.filter(history=history).values_list("number", flat=True))


def parts_to_reread(*, reading: HistoryReading, most: int) -> list[UUID]:
    """Parts of this file's own that were last queued under another reading."""
    stale = HistoryPart.objects.filter(history=reading.history, brought_before=False)
    stale = stale.exclude(reading=reading).order_by("number")
    return list(stale.values_list("message_id", flat=True)[:most])


def reread_parts(*, reading: HistoryReading, message_ids: Collection[UUID]) -> None:
    """Queue parts that are done for another translation, by this reading, in one transaction."""
    with transaction.atomic():
        messages = Message.objects.select_for_update(no_key=True).filter(pk__in=message_ids).order_by("pk")
        ids = [message.pk for message in messages.only("pk")]
        outcomes = Outcome.objects.filter(message_id__in=ids).order_by("translation")
        last = dict(outcomes.values_list("message_id", "translation"))
        MessageWork.objects.bulk_create(
            [
                MessageWork(message_id=message, tier=TIER, translation=last.get(message, 0) + 1)
                for message in ids
            ]
        )
        HistoryPart.objects.filter(history=reading.history, message_id__in=ids).update(reading=reading)


def parts_waiting(*, history: History, most: int) -> list[UUID]:
    """Parts that still need work, the oldest first."""
    waiting = MessageWork.objects.filter(
        message_id__in=HistoryPart.objects.filter(history=history).values("message_id")
    )
    return list(waiting.order_by("created_at", "message_id").values_list("message_id", flat=True)[:most])


def rows_waiting(*, history: History) -> int:
    """How many rows stand in parts that still need work."""
    waiting = HistoryPart.objects.filter(
        history=history, message_id__in=MessageWork.objects.values("message_id")
    )
    return waiting.aggregate(rows=Sum("rows"))["rows"] or 0


def guidance_of(*, message_ids: Collection[UUID]) -> dict[UUID, Guidance]:
    """How parts of histories are to be read: each as the file that brought it was last read."""
    parts = (
        HistoryPart.objects.filter(Q(message_id__in=message_ids))
        .select_related("reading", "history")
        .order_by("brought_before", "pk")
    )
    found: dict[UUID, Guidance] = {}
    for part in parts:
        found.setdefault(
            part.message_id,
            Guidance(
                mapping=part.reading.mapping,
                as_of=part.reading.as_of,
                source=f"history:{part.history.connection_id}:{part.history.mapping_name}",
                file=part.history.file_name,
                first_row=part.first_row,
                first_line=part.first_line,
            ),
        )
    return found
