"""Taking messages in and putting answers out. The only writer of the inbox."""

import secrets
from hashlib import sha256
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from visibility.canonical.events import BYTE_ORDER_MARK, Event, digest_of, event_identity
from visibility.core import clock, identifiers
from visibility.core.errors import InputError, TooLargeError, UnsupportedError
from visibility.inbox.history import TIER as HISTORY_TIER
from visibility.inbox.history import is_history
from visibility.inbox.keeping import Accepted, Arrival, Identified
from visibility.inbox.models import ApiKey, Connection, Message, MessageWork, Outcome
from visibility.inbox.together import arriving

EVENT_TYPE = "application/cloudevents+json"


def identify_message(
    *, connection: Connection, body: bytes, content_type: str, idempotency_key: str = ""
) -> Identified:
    """An explicit id is identity; without one, all the bytes on this connection are."""
    return _identify(connection, body, identifiers.digest(body), content_type, idempotency_key)


def _identify(
    connection: Connection, body: bytes, whole: UUID, content_type: str, idempotency_key: str
) -> Identified:
    if idempotency_key:
        return Identified(
            identifiers.digest(b"key", str(connection.pk).encode(), idempotency_key.encode()), whole
        )
    if content_type == EVENT_TYPE:
        try:
            raw = body.removeprefix(BYTE_ORDER_MARK)
            event = msgspec.json.decode(raw, type=Event)
            identity = event_identity(company_id=connection.company_id, event=event)
            return Identified(identity, whole if raw is body else digest_of(raw), event=raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InputError):
            pass  # kept by its bytes; translation will say what is wrong with it
    return Identified(identifiers.digest(b"bytes", str(connection.pk).encode(), whole.bytes), whole)


def accept_message(
    *,
    connection: Connection,
    body: bytes,
    content_type: str,
    name: str = "",
    idempotency_key: str = "",
) -> Accepted:
    """Keep a message verbatim and queue its work, in one transaction, which others may share.

    Raises TooLargeError, UnsupportedError (nothing is kept), or ConflictError for a known identity with
    another body. Call it outside of a transaction: what it returns may be told to the sender.
    """
    if len(body) > settings.MAX_MESSAGE_BYTES:
        raise TooLargeError(
            "too_large", f"The message has {len(body)} bytes; {settings.MAX_MESSAGE_BYTES} fit."
        )
    if content_type not in settings.TRANSLATORS or is_history(content_type):
        raise UnsupportedError(
            "unsupported_content_type",
            f"{content_type or 'No content type'} is not taken here; send one of: "
            + ", ".join(sorted(name for name in settings.TRANSLATORS if not is_history(name))),
        )
    whole = identifiers.digest(body)
    return arriving.keep(
        Arrival(
            message_id=identifiers.new_id(),
            identity=_identify(connection, body, whole, content_type, idempotency_key),
            company_id=connection.company_id,
            connection_id=connection.pk,
            tier=connection.tier,
            content_type=content_type,
            name=name[:255],
            body=body,
            digest=whole,
        )
    )


def keep_reply(*, message: Message, body: bytes, content_type: str, name: str) -> None:
    """Keep what we owe the sender (a 997) as an outgoing message, inside the caller's transaction."""
    Message.objects.create(
        company_id=message.company_id,
        connection_id=message.connection_id,
        direction=Message.Direction.OUT,
        content_type=content_type,
        name=name[:255],
        body=body,
        size=len(body),
        body_digest=identifiers.digest(body),
        in_reply_to=message,
    )


def replay_message(*, message_id: UUID) -> int:
    """Queue a message for another translation, whose entries will supersede those of the earlier one.

    Returns the number of the new translation. Raises Message.DoesNotExist.
    """
    with transaction.atomic():
        message = (
            # Weaker than what an outcome's foreign key asks for: the worker that ends the message needs that
            # while we may be waiting for its work row.
            Message.objects.select_for_update(no_key=True)
            .select_related("connection")
            .get(pk=message_id, direction=Message.Direction.IN)
        )
        work = MessageWork.objects.filter(message=message).first()
        # None are updated where a worker ended the message while we waited for its row.
        if work is not None and MessageWork.objects.filter(message=message).update(
            attempts=0, lease_until=None, lease_token=None
        ):
            return work.translation
        last = Outcome.objects.filter(message=message).order_by("-translation").first()
        translation = last.translation + 1 if last else 1
        tier = HISTORY_TIER if is_history(message.content_type) else message.connection.tier
        MessageWork.objects.create(message=message, tier=tier, translation=translation)
    return translation


def issue_key(*, connection: Connection, scope: ApiKey.Scope) -> str:
    """Make an API key for a connection. The answer is the only time anybody sees it."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    ApiKey.objects.create(
        connection=connection, prefix=prefix, digest=sha256(secret.encode()).digest(), scope=scope
    )
    return f"tl_{prefix}_{secret}"


def check_key(*, presented: str) -> ApiKey | None:
    """The key that was presented, if it is one, in force and right."""
    from_prefix = presented.removeprefix("tl_").split("_", 1)
    if len(from_prefix) != 2 or not presented.startswith("tl_"):
        return None
    key = ApiKey.objects.select_related("connection").filter(prefix=from_prefix[0]).first()
    if key is None or not secrets.compare_digest(bytes(key.digest), sha256(from_prefix[1].encode()).digest()):
        return None
    return key if _in_force(key) else None


def _in_force(key: ApiKey) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > clock.now())
