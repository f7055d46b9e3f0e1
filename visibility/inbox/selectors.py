"""Reading messages: the list, one message with what became of it. Scoped like everything."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from visibility.access.scopes import Scope
from visibility.core.errors import NotFoundError
from visibility.counters.selectors import count_by
from visibility.inbox.models import Connection, Message, MessageWork, Outcome
from visibility.inbox.ports import Problem

CAP = 10_000
GIVEN_UP = "given_up"
"""A list of its own among the rejected: what no worker could process."""


@dataclass(frozen=True)
class MessageRow:
    """A message in a list. `status` is received until its work is done."""

    id: UUID
    connection: str
    direction: str
    content_type: str
    name: str
    size: int
    received_at: dt.datetime
    status: str
    document_types: list[str]
    entries: int
    problems: int
    reason: str = ""
    """The first thing that kept something of it from being used."""
    given_up: bool = False
    """Its processing failed as often as is allowed; it waits for a replay."""


@dataclass(frozen=True)
class Corrected:
    """A correction of a message: who made it, why, and what it was read as from then on."""

    translation: int
    body: bytes
    reason: str
    made_by: str
    made_at: dt.datetime


@dataclass(frozen=True)
class MessageDetail:
    """A message verbatim, with its problems and the answers it got."""

    row: MessageRow
    body: bytes
    """What it is read as: its latest correction, else as it came."""
    original: bytes
    corrections: list[Corrected]
    """The first first."""
    problems: list[Problem]
    replies: list[MessageRow]
    in_reply_to: UUID | None
    translations: int


def _scoped(scope: Scope) -> QuerySet[Message]:
    """Messages carry many partners' documents, so a reader of one partner's part sees none of them."""
    if scope.partners is not None:
        return Message.objects.none()
    return Message.objects.filter(company_id__in=scope.companies)


def _with_outcome(messages: QuerySet[Message]) -> QuerySet[Message]:
    last = Outcome.objects.filter(message=OuterRef("pk"), partial=False).order_by("-translation")
    return messages.annotate(
        outcome_status=Subquery(last.values("status")[:1]),
        outcome_entries=Subquery(last.values("entries")[:1]),
        outcome_types=Subquery(last.values("document_types")[:1]),
        outcome_problems=Subquery(last.values("problems")[:1]),
        outcome_cut_short=Subquery(last.values("cut_short")[:1]),
    )


def _rows(messages: QuerySet[Message]) -> list[MessageRow]:
    columns = ("id", "connection__name", "direction", "content_type", "name", "size", "received_at")
    rows = _with_outcome(messages).values_list(
        *columns,
        "outcome_status",
        "outcome_types",
        "outcome_entries",
        "outcome_problems",
        "outcome_cut_short",
    )
    return [_row(*row) for row in rows]


def _row(  # noqa: PLR0917  one parameter a column
    message_id: UUID,
    connection: str,
    direction: str,
    content_type: str,
    name: str,
    size: int,
    received_at: dt.datetime,
    status: str | None,
    types: list[str] | None,
    entries: int | None,
    problems: list[dict[str, str]] | None,
    cut_short: bool | None,
) -> MessageRow:
    sent = direction == Message.Direction.OUT
    return MessageRow(
        id=message_id,
        connection=connection,
        direction=direction,
        content_type=content_type,
        name=name,
        size=size,
        received_at=received_at,
        status="sent" if sent else (status or "received"),
        document_types=types or [],
        entries=entries or 0,
        problems=len(problems or []),
        reason=next((p["text"] for p in problems or [] if p.get("severity", "error") == "error"), ""),
        given_up=bool(cut_short),
    )


def read_rows(*, ids: Sequence[UUID]) -> list[MessageRow]:
    """These messages, in this order."""
    rows = {row.id: row for row in _rows(Message.objects.filter(pk__in=ids))} if ids else {}
    return [rows[pk] for pk in ids if pk in rows]


def status_counts(*, scope: Scope, connection: str = "") -> dict[str, int]:
    """Messages by what their last translation made of them, those given up apart; and those that wait.

    A reader of one partner's part sees none. A message that is read once more counts twice until it is done.
    """
    if scope.partners is not None:
        return {}
    known = Connection.objects.filter(company_id__in=scope.companies, name=connection).first()
    if connection and known is None:
        return {}
    only = {"connection": known.pk if known else None}
    found = count_by(scope=scope, what="message", by="status", only=only)
    given_up = count_by(scope=scope, what="message", by="given_up", only=only).get(GIVEN_UP, 0)
    waiting = MessageWork.objects.filter(message__company_id__in=scope.companies)
    if known is not None:
        waiting = waiting.filter(message__connection=known)
    counts = {**found, GIVEN_UP: given_up, "received": waiting.order_by()[: CAP + 1].count()}
    return {status: n for status, n in counts.items() if n}


def replayable(*, scope: Scope, message_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these messages that this reader may have read once more."""
    messages = _scoped(scope).filter(pk__in=message_ids, direction=Message.Direction.IN)
    return list(messages.order_by("received_at", "id").values_list("pk", flat=True))


def get_message(*, scope: Scope, message_id: UUID) -> MessageDetail:
    """One message, verbatim. NotFoundError if there is none for this reader."""
    message = _scoped(scope).filter(pk=message_id).first()
    if message is None:
        raise NotFoundError("No such message.")
    (row,) = _rows(_scoped(scope).filter(pk=message_id))
    last = Outcome.objects.filter(message=message).order_by("-translation").first()
    corrections = [
        Corrected(each.translation, bytes(each.body), each.reason, each.made_by, each.made_at)
        for each in message.corrections.order_by("translation")
    ]
    original = bytes(message.body)
    return MessageDetail(
        row=row,
        body=corrections[-1].body if corrections else original,
        original=original,
        corrections=corrections,
        problems=[Problem(**problem) for problem in last.problems] if last else [],
        replies=_rows(_scoped(scope).filter(in_reply_to=message).order_by("received_at", "id")),
        in_reply_to=message.in_reply_to_id,
        translations=last.translation if last else 0,
    )


def status_of(*, message_ids: list[UUID]) -> dict[UUID, Outcome]:
    """The last finished outcome of each message that has one."""
    outcomes = Outcome.objects.filter(message_id__in=message_ids, partial=False).order_by("translation")
    return {outcome.message_id: outcome for outcome in outcomes}
