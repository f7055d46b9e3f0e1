"""Commands that did not get through: one finding each, gathered into one case a connection.

What belongs to a resolution comes back to the person who decided; it opens no case here while it is refused.
"""

import datetime as dt

from django.db.models import Q

from visibility.core import clock
from visibility.pipeline.standing import Found, bring_up
from visibility.sync.models import OutboxMessage
from visibility.triage.findings import Finding
from visibility.triage.services import Owner

KINDS = ("delivery_failed", "delivery_unknown")
UNKNOWN_FOR = dt.timedelta(minutes=10)
MOST = 5_000
"""Deliveries looked at in a run, the longest waiting first; more than that are one cause or another."""
_STATE = OutboxMessage.State


def look_after_deliveries() -> int:
    """Open and close the cases of deliveries that failed, or of which nobody knows. How many changed."""
    now = clock.now()
    ended = Q(state__in=(_STATE.FAILED, _STATE.REFUSED)) & ~Q(cause__startswith="resolution:")
    lost = Q(state=_STATE.UNKNOWN) & (Q(given_up_at__isnull=False) | Q(sent_at__lt=now - UNKNOWN_FOR))
    failed = Q(state=_STATE.FAILED)
    messages = (
        OutboxMessage.objects.filter(ended | failed | lost)
        .select_related("connection")
        .order_by("created_at", "id")[:MOST]
    )
    return bring_up(kinds=KINDS, found=[_found(message) for message in messages], as_of=now)


def _found(message: OutboxMessage) -> Found:
    name = str(message.connection)
    unknown = message.state == _STATE.UNKNOWN
    if unknown:
        kind, what = "delivery_unknown", f"Nobody knows whether {name} did this: {message.words}"
        words, action = f"{name} does not say what became of messages", "Ask there, then confirm or retry"
    else:
        verb = "refused" if message.state == _STATE.REFUSED else "could not be reached for"
        kind, what = "delivery_failed", f"{name} {verb} this: {message.words}"
        words, action = f"Messages to {name} are not delivered", "Mend the cause, then retry or cancel them"
    finding = Finding(
        kind=kind,
        subject=str(message.pk),
        severity="medium",
        summary=what,
        due_at=message.sent_at + UNKNOWN_FOR if unknown and message.sent_at else None,
        next_action=action,
        evidence=(("Delivery", message.type, message.outcome or message.failure or message.state),),
        cause=f"connection:{message.connection_id}",
        cause_words=words,
    )
    return Owner(company_id=message.company_id, message_id=message.pk), finding
