"""Queueing commands, letting them go, taking them back; pausing connections. The outbox's only writer beside
`claims.py`, which sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import connection as database
from django.db import transaction
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock, identifiers
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError
from visibility.sync.models import DeliveryWord, Endpoint, OutboxMessage
from visibility.sync.sealing import seal_secret
from visibility.sync.wake import wake_deliverers

State = OutboxMessage.State
What = DeliveryWord.What
MOST_AT_ONCE = 1_000
_FREE = "(lease_until IS NULL OR lease_until < statement_timestamp())"


@dataclass(frozen=True)
class NewCommand:
    """What a system is to be asked. `ready`: at once; else it is held until `release_commands`."""

    company_id: int
    connection_id: int
    type: str
    data: dict[str, Any]
    words: str
    cause: str
    correlation_id: UUID | None = None
    ready: bool = True


@dataclass(frozen=True)
class Unmoved:
    """A command that could not be retried or cancelled, and why, in words."""

    id: UUID
    why: str


def queue_commands(*, commands: Sequence[NewCommand]) -> list[UUID]:
    """Put commands into the outbox, in the caller's transaction: they leave if, and only if, it commits.

    Those of one order to one connection leave in this order. Their ids, which are their idempotency keys.
    """
    # Ids made within a millisecond are in no order; sorted they are in the order of the commands.
    ids = sorted(identifiers.new_id() for _each in commands)
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            id=own,
            company_id=command.company_id,
            connection_id=command.connection_id,
            type=command.type,
            data=msgspec.to_builtins(command.data),
            words=command.words,
            cause=command.cause,
            correlation_id=command.correlation_id,
            state=State.READY if command.ready else State.HELD,
        )
        for own, command in zip(ids, commands, strict=True)
    )
    if any(command.ready for command in commands):
        wake_deliverers()
    return ids


def release_commands(*, ids: Sequence[UUID]) -> list[UUID]:
    """Let held commands go, in the caller's transaction; those that were held."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "UPDATE sync_outboxmessage SET state = 'ready', due_at = statement_timestamp() "
            "WHERE id = ANY(%b::uuid[]) AND state = 'held' RETURNING id",
            [list(ids)],
        )
        released = [row[0] for row in cursor.fetchall()]
    if released:
        wake_deliverers()
    return released


def cancel_commands(*, ids: Sequence[UUID], why: str) -> list[UUID]:
    """Take commands back that nobody has begun to send, in the caller's transaction; those it reached.

    What was tried already, or is being tried, cannot be taken back: it may have been done.
    """
    with server_cursor(database) as cursor:
        return _cancel(cursor, ids, why, f"state = 'held' OR (state = 'ready' AND attempts = 0 AND {_FREE})")


def _cancel(cursor: psycopg.Cursor, ids: Sequence[UUID], why: str, condition: str) -> list[UUID]:
    cursor.execute(
        "UPDATE sync_outboxmessage SET state = 'cancelled', outcome = %s, given_up_at = NULL, "
        "  lease_token = NULL, lease_until = NULL, finished_at = statement_timestamp(), told_at = NULL "
        f"WHERE id = ANY(%b::uuid[]) AND ({condition}) RETURNING id",
        [why, list(ids)],
    )
    return [row[0] for row in cursor.fetchall()]


def retry_commands(*, scope: Scope, user: User, ids: Sequence[UUID], reason: str = "") -> list[Unmoved]:
    """Have failed and unknown commands tried again now, those that wait without waiting on; what was not.

    Under the same key: what was done is not done twice, and an unknown one is read back first. NotFoundError
    for a command outside of the scope.
    """
    with transaction.atomic(), server_cursor(database) as cursor:
        known = _locked(scope, ids)
        cursor.execute(
            "UPDATE sync_outboxmessage SET state = CASE WHEN state = 'failed' THEN 'ready' ELSE state END, "
            "  due_at = statement_timestamp(), given_up_at = NULL, finished_at = NULL, told_at = NULL, "
            "  retried_from = attempts, sent_at = NULL "
            f"WHERE id = ANY(%b::uuid[]) AND state IN ('failed', 'unknown', 'ready') AND {_FREE} "
            "RETURNING id",
            [list(known)],
        )
        moved = {row[0] for row in cursor.fetchall()}
        _keep_words(user, What.RETRIED, [known[each] for each in moved], reason)
        if moved:
            wake_deliverers()
    return [Unmoved(own, _why_not_retried(row)) for own, row in known.items() if own not in moved]


def _why_not_retried(row: OutboxMessage) -> str:
    if row.state in (State.READY, State.UNKNOWN):
        return _("It is being sent just now.")
    if row.state == State.REFUSED:
        return _("It was refused, and would be again: decide anew.")
    if row.state == State.HELD:
        return _("It waits for another command to be confirmed.")
    return _("It is %(state)s.") % {"state": row.get_state_display().lower()}


def withdraw_commands(*, scope: Scope, user: User, ids: Sequence[UUID], reason: str) -> list[Unmoved]:
    """Take commands back on a person's word, also one of which nobody knows whether it was done.

    Those that were not. InputError without a reason, NotFoundError for a command outside of the scope.
    """
    if not reason.strip():
        raise InputError("reason_missing", _("Say why, so that others can follow it later."), "reason")
    with transaction.atomic(), server_cursor(database) as cursor:
        known = _locked(scope, ids)
        why = _("Cancelled by %(who)s: %(why)s") % {"who": user, "why": reason.strip()}
        condition = f"state IN ('held', 'ready', 'unknown') AND {_FREE}"
        moved = set(_cancel(cursor, list(known), why, condition))
        _keep_words(user, What.CANCELLED, [known[each] for each in moved], reason)
        if moved:
            wake_deliverers()  # whatever waited behind them
    return [
        Unmoved(
            own,
            _("It is being sent just now.")
            if row.state in (State.READY, State.UNKNOWN)
            else _("It is %(state)s already.") % {"state": row.get_state_display().lower()},
        )
        for own, row in known.items()
        if own not in moved
    ]


def _locked(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, OutboxMessage]:
    if len(ids) > MOST_AT_ONCE:
        raise InputError("too_many", _("At most %(most)s at once.") % {"most": MOST_AT_ONCE})
    rows = (
        OutboxMessage.objects.select_for_update(no_key=True)
        .filter(pk__in=ids, company_id__in=scope.companies)
        .order_by("pk")
    )
    known = {row.pk: row for row in rows} if scope.partners is None else {}
    if missing := set(ids) - known.keys():
        raise NotFoundError(f"There is no command {min(missing)}.")
    return known


def _keep_words(user: User, what: str, rows: Sequence[OutboxMessage], why: str) -> None:
    now = clock.now()
    DeliveryWord.objects.bulk_create(
        DeliveryWord(
            company_id=row.company_id,
            connection_id=row.connection_id,
            message=row,
            what=what,
            user=user,
            who=str(user),
            why=why.strip()[:500],
            said_at=now,
        )
        for row in rows
    )


def pause_connection(*, scope: Scope, user: User, endpoint_id: int, reason: str) -> None:
    """Let nothing leave by a connection until it is resumed. InputError without a reason."""
    if not reason.strip():
        raise InputError("reason_missing", _("Say why, so that others can follow it later."), "reason")
    with transaction.atomic():
        endpoint = _own_endpoint(scope, endpoint_id)
        if endpoint.paused_at is None:
            endpoint.paused_at, endpoint.paused_by = clock.now(), str(user)
            endpoint.pause_reason = reason.strip()[:500]
            endpoint.save(update_fields=["paused_at", "paused_by", "pause_reason"])
            _keep_word(endpoint, user, What.PAUSED, reason)


def resume_connection(*, scope: Scope, user: User, endpoint_id: int, reason: str = "") -> None:
    """Let commands leave again, at once: also a breaker that is open gives the system another chance."""
    with transaction.atomic():
        endpoint = _own_endpoint(scope, endpoint_id)
        endpoint.paused_at, endpoint.paused_by, endpoint.pause_reason = None, "", ""
        endpoint.open_until = None
        endpoint.save(update_fields=["paused_at", "paused_by", "pause_reason", "open_until"])
        _keep_word(endpoint, user, What.RESUMED, reason)
        wake_deliverers()


def set_secret(*, endpoint: Endpoint, secret: str, user: User | None = None, who: str = "") -> None:
    """Keep an endpoint's secret, encrypted; two with a blank between while it changes. Never shown again."""
    with transaction.atomic():
        endpoint.secret = seal_secret(secret)
        endpoint.save(update_fields=["secret"])
        _keep_word(endpoint, user, What.SECRET, "", who)


def _own_endpoint(scope: Scope, endpoint_id: int) -> Endpoint:
    rows = Endpoint.objects.select_for_update(of=("self",), no_key=True).select_related("connection")
    found = rows.filter(pk=endpoint_id, connection__company_id__in=scope.companies).first()
    if found is None or scope.partners is not None:
        raise NotFoundError(f"There is no connection {endpoint_id}.")
    return found


def _keep_word(endpoint: Endpoint, user: User | None, what: str, why: str, who: str = "") -> None:
    DeliveryWord.objects.create(
        company_id=endpoint.connection.company_id,
        connection_id=endpoint.connection_id,
        what=what,
        user=user,
        who=str(user) if user else who,
        why=why.strip()[:500],
        said_at=clock.now(),
    )
