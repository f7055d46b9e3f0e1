"""A message of our own, kept and worked on in one transaction: nobody else sees it before the commit."""

from uuid import uuid4

import psycopg

from visibility.core import identifiers
from visibility.inbox.keeping import Accepted, Arrival, keep_arrivals
from visibility.inbox.models import Connection
from visibility.inbox.services import identify_message
from visibility.inbox.work import LEASE_SECONDS, Claim


def keep_claimed(*, cursor: psycopg.Cursor, connection: Connection, body: bytes, content_type: str) -> Claim:
    """Keep a message verbatim and claim its work, inside the caller's transaction.

    The caller finishes it in the same transaction, or rolls back; then nothing was ever there. Raises
    ConflictError or RuntimeError for a message that was kept before: its caller names each anew.
    """
    message_id = identifiers.new_id()
    (kept,) = keep_arrivals(
        arrivals=[
            Arrival(
                message_id=message_id,
                identity=identify_message(connection=connection, body=body, content_type=content_type),
                company_id=connection.company_id,
                connection_id=connection.pk,
                tier=connection.tier,
                content_type=content_type,
                name="",
                body=body,
                digest=identifiers.digest(body),
            )
        ]
    )
    if not isinstance(kept, Accepted):
        raise kept
    if kept.duplicate:
        raise RuntimeError("a message of our own was kept before")
    token = uuid4()
    cursor.execute(
        "UPDATE inbox_messagework SET lease_token = %s, lease_until = now() + make_interval(secs => %s), "
        "company = 1 WHERE message_id = %s",
        [token, LEASE_SECONDS, message_id],
    )
    return Claim(
        message_id=message_id,
        company_id=connection.company_id,
        connection_id=connection.pk,
        content_type=content_type,
        body=body,
        translation=1,
        cursor=0,
        attempts=0,
        alone=False,
        token=token,
    )
