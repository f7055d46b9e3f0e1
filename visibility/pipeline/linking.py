"""A person says whose a document is. Their word is a message of the desk, and an entry like any other."""

import json
from uuid import UUID

from django.db import connection as database

from visibility.access.scopes import Scope
from visibility.canonical.keys import CORRELATION
from visibility.core import clock, identifiers
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError
from visibility.flows.models import Flow
from visibility.flows.selectors import scoped
from visibility.inbox.models import Connection, Message
from visibility.inbox.services import accept_message
from visibility.pipeline import wake
from visibility.pipeline.worker import drain

EVENT = "application/cloudevents+json"
SOURCE = "/desk"


def link_document(
    *,
    scope: Scope,
    message_id: UUID,
    place: int,
    correlation_id: UUID,
    linked: bool,
    who: str,
    reason: str,
) -> UUID:
    """Say that a recorded document belongs to an order, or (`linked` False) does not; the word's message id.

    `place` is the document's ordinal in its message. The word is worked through before this returns, unless
    a worker took it first. NotFoundError where the reader may not know of the document or of the order (who
    sees one partner's part only may not move documents at all); InputError without a reason.
    """
    if not reason.strip():
        raise InputError("no_reason", "Say why; the next person will want to know.", "reason")
    order = scoped(scope).filter(correlation_id=correlation_id).first()
    if order is None or scope.partners is not None:
        raise NotFoundError("No such order.")
    if not _is_recorded(company_id=order.company_id, message_id=message_id, place=place):
        raise NotFoundError("No such document.")
    body = {
        "specversion": "1.0",
        "id": str(identifiers.new_id()),
        "source": SOURCE,
        "type": "entry.linked",
        "time": clock.now().isoformat(),
        "data": {
            "order": _reference(order),
            "message": str(message_id),
            "place": place,
            "linked": linked,
            "who": who,
            "note": reason.strip(),
            "issued_at": clock.now().isoformat(),
        },
    }
    accepted = accept_message(
        connection=desk_connection(order=order), body=json.dumps(body).encode(), content_type=EVENT
    )
    drain(message_ids=[accepted.message_id], announce=wake.announce)
    return accepted.message_id


def desk_connection(*, order: Flow) -> Connection:
    """The connection by which what people of an order's company decide comes in."""
    company = order.company
    found, _ = Connection.objects.get_or_create(
        name=f"desk-{company.code}",
        defaults={"company": company, "title": "Desk", "witness": Connection.Witness.DESK},
    )
    return found


def _is_recorded(*, company_id: int, message_id: UUID, place: int) -> bool:
    if not Message.objects.filter(pk=message_id, company_id=company_id).exists():
        return False
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT 1 FROM ledger_entry WHERE message_id = %s AND ordinal = %s LIMIT 1", [message_id, place]
        )
        return cursor.fetchone() is not None


def _reference(order: Flow) -> dict[str, str]:
    """The order by the narrowest of its numbers, so that no other one can be meant."""
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT scheme, scope, value FROM ledger_correlation_key "
            "WHERE flow_id = %s AND scheme <> %s ORDER BY length(scope) DESC, scope LIMIT 1",
            [order.pk, CORRELATION],
        )
        row = cursor.fetchone()
    if row is None:
        raise InputError("no_number", "This order has no number yet; link the document once it has.")
    scheme, scope, value = row
    issuer, _, system = scope.partition("|")
    return {"scheme": scheme, "issuer": issuer, "system": system, "number": value}
