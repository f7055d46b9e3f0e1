"""Documents whose order's number fits several orders: a case each, until somebody or something settles it."""

import datetime as dt
from collections.abc import Iterable

import psycopg

from visibility.canonical.documents import DESK_WORD_TYPES
from visibility.canonical.keys import CORRELATION
from visibility.ledger.placing import Waiting
from visibility.ledger.remembered import CompanyKey
from visibility.ledger.settle import Settled
from visibility.triage.findings import Finding
from visibility.triage.reconcile import mark_of, reconcile
from visibility.triage.services import Owner, marked_cases, write_changes

KIND = "ambiguous_order"
WORDS = {
    "order.placed": "order",
    "order.opening_balance": "opening balance",
    "order.released": "release",
    "order.changed": "order change",
    "order.acknowledged": "acknowledgement",
    "order.line_closed": "short-close",
    "shipment.notified": "ship notice",
    "transport.status": "transport status",
    "goods.received": "receipt",
    "service.accepted": "acceptance of work",
    "invoice.issued": "bill written",
    "payment.status": "payment status",
    "requisition.status": "requisition",
    "order.line_blocked": "block of a line",
    "invoice.received": "invoice",
    "schedule.published": "schedule",
    "transport.tendered": "tender",
    "transport.tender_answered": "answer to a tender",
    "warehouse.shipping_ordered": "order to a warehouse",
    "freight.billed": "freight bill",
    "document.advised": "application advice",
}


def owner_of(entry: Waiting) -> str:
    """Whose cases they are: of the document's place in its message, so that a replay finds them again."""
    return f"document:{entry.message_id}:{entry.ordinal}"


def tell_doubts(*, cursor: psycopg.Cursor, settled: Settled, as_of: dt.datetime) -> None:
    """Open, change and close the cases of the documents that were placed, or could not be."""
    # A document that a replay superseded says nothing; what its newer translation says stands.
    # Nor does a person's word need a case of its own: the document it is about has one.
    looked_at = sorted(
        (entry for entry in settled.looked_at.values() if entry.type not in DESK_WORD_TYPES),
        key=lambda entry: (entry.live, entry.position),
    )
    entries = {owner_of(entry): entry for entry in looked_at}
    if not entries:
        return
    flows = {flow for doubt in settled.doubts.values() for meant in doubt.values() for flow in meant}
    orders = _candidates(cursor, flows)
    marks = {
        owner: {mark_of(owner=owner, kind=KIND, subject=number) for number in settled.numbers[entry.position]}
        for owner, entry in entries.items()
    }
    known = marked_cases(cursor=cursor, marks=set().union(*marks.values()))
    changes = []
    for owner, entry in entries.items():
        doubts = settled.doubts.get(entry.position, {})
        findings = [_finding(entry, key, meant, orders) for key, meant in sorted(doubts.items())]
        own = [known[mark] for mark in marks[owner] if mark in known]
        if findings or own:
            about = Owner(
                company_id=entry.company_id,
                message_id=entry.message_id,
                order_number=findings[0].subject if findings else "",
            )
            changes.append((about, reconcile(owner=owner, findings=findings, known=own, sweeping=False)))
    if changes:
        write_changes(cursor=cursor, changes=changes, as_of=as_of)


def _finding(entry: Waiting, key: CompanyKey, meant: Iterable[int], orders: dict[int, str]) -> Finding:
    """In words that do not depend on what is known of the orders by now: pages show that beside it."""
    word = WORDS.get(entry.type, "document")
    known = sorted(orders[flow] for flow in meant if flow in orders)
    if key[2] == CORRELATION:
        summary = f"This {word} bears the ID {key[1]}, and {len(known)} orders came with it"
    else:
        # It names the order itself, or a person put it there.
        summary = f"This {word} is of order {key[1]}, and {len(known)} orders bear that number"
    return Finding(
        kind=KIND,
        subject=key[1],
        severity="medium",
        summary=summary,
        next_action="Say which of the orders it belongs to",
        evidence=tuple((order, "", "") for order in known),
    )


def _candidates(cursor: psycopg.Cursor, flows: Iterable[int]) -> dict[int, str]:
    """How each order is told apart: by its number and whose that is."""
    cursor.execute(
        "SELECT DISTINCT ON (flow_id) flow_id, value, scope FROM ledger_correlation_key "
        "WHERE flow_id = ANY(%b) AND scheme <> %s ORDER BY flow_id, length(scope) DESC, scope, value",
        [sorted(flows), CORRELATION],
    )
    return {
        flow: f"Order {number}" + (f" of {scope.replace('|', ', system ')}" if scope else "")
        for flow, number, scope in cursor.fetchall()
    }
