"""A person says whose a document is. Their word is a message of the desk, and an entry like any other."""

from uuid import UUID

from django.db import connection as database

from visibility.access.scopes import Scope
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError
from visibility.flows.models import Flow
from visibility.flows.selectors import scoped
from visibility.inbox.models import Message
from visibility.pipeline.recording import (
    desk_connection,
    desk_event,
    order_reference,
    record_in,
    with_retries,
)


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

    `place` is the document's ordinal in its message. The word is worked through before this returns.
    NotFoundError where the reader may not know of the document or of the order (who sees one partner's part
    only may not move documents at all); InputError without a reason.
    """
    if not reason.strip():
        raise InputError("no_reason", "Say why; the next person will want to know.", "reason")
    order = scoped(scope).filter(correlation_id=correlation_id).first()
    if order is None or scope.partners is not None:
        raise NotFoundError("No such order.")
    if not _is_recorded(company_id=order.company_id, message_id=message_id, place=place):
        raise NotFoundError("No such document.")
    said = {
        "order": _reference(order),
        "message": str(message_id),
        "place": place,
        "linked": linked,
        "who": who,
        "note": reason.strip(),
        "issued_at": clock.now().isoformat(),
    }
    event = desk_event(type="entry.linked", data=said)
    return with_retries(lambda: record_in(connection=desk_connection(company=order.company), events=[event]))


def _is_recorded(*, company_id: int, message_id: UUID, place: int) -> bool:
    if not Message.objects.filter(pk=message_id, company_id=company_id).exists():
        return False
    with server_cursor(database) as cursor:
        cursor.execute(
            "SELECT 1 FROM ledger_entry WHERE message_id = %s AND ordinal = %s LIMIT 1", [message_id, place]
        )
        return cursor.fetchone() is not None


def _reference(order: Flow) -> dict[str, str]:
    found = order_reference(flow_id=order.pk)
    if found is None:
        raise InputError("no_number", "This order has no number yet; link the document once it has.")
    return found
