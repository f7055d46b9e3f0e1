"""A known identity came with another body: refused to the sender, and shown to people as a case.

The refused body is not kept, because nothing of it was accepted; the case says what can be said of it.
"""

from uuid import UUID

from django.db import connection as database
from django.db import transaction

from visibility.core import clock, identifiers
from visibility.core.db import server_cursor
from visibility.inbox.models import Connection
from visibility.inbox.services import identify_message
from visibility.triage.findings import Finding
from visibility.triage.reconcile import fingerprint, reconcile
from visibility.triage.services import Owner, marked_cases, write_changes


def record_conflict(
    *, connection: Connection, body: bytes, content_type: str, idempotency_key: str = ""
) -> UUID | None:
    """Open a conflicting_duplicate case on the message that came first; answers that message's id.

    One case for each message and refused body, however often it is sent; None where no message bears this
    identity (then there is nothing to conflict with). Call it after accept_message raised ConflictError.
    """
    identity = identify_message(
        connection=connection, body=body, content_type=content_type, idempotency_key=idempotency_key
    )
    with transaction.atomic(), server_cursor(database) as cursor:
        cursor.execute("SELECT message_id FROM inbox_identity WHERE key = %s", [identity.key])
        row = cursor.fetchone()
        if row is None:
            return None
        message_id: UUID = row[0]
        finding = _find(connection, body, content_type, message_id)
        mark = fingerprint(owner=f"message:{message_id}", finding=finding)
        # Senders repeat what was refused: the second telling must find the case of the first.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(mark.bytes[:8], "big", signed=True)]
        )
        known = marked_cases(cursor=cursor, marks=[mark])
        of = f"message:{message_id}"
        change = reconcile(owner=of, findings=[finding], known=known.values(), sweeping=False)
        owner = Owner(company_id=connection.company_id, message_id=message_id)
        write_changes(cursor=cursor, changes=[(owner, change)], as_of=clock.now())
    return message_id


def _find(connection: Connection, body: bytes, content_type: str, message_id: UUID) -> Finding:
    refused = identifiers.digest(body)
    return Finding(
        kind="conflicting_duplicate",
        subject=str(refused),
        severity="medium",
        summary=f"{connection} sent an id again with another body; the second one was refused",
        next_action="Ask the sender which of the two is right; a change needs a new id",
        evidence=(
            ("Message", str(message_id), "refused"),
            ("Content type", "", content_type),
            ("Bytes", "", str(len(body))),
            ("Digest", "", str(refused)),
        ),
    )
