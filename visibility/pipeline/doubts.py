"""Documents whose order's number fits several orders: a case each, until somebody or something settles it."""

import datetime as dt
from collections.abc import Iterable

import psycopg

from visibility.ledger.correlate import CompanyKey
from visibility.ledger.placing import Waiting
from visibility.ledger.settle import Settled
from visibility.triage.findings import Finding
from visibility.triage.reconcile import mark_of, reconcile
from visibility.triage.services import Owner, marked_cases, write_changes

KIND = "ambiguous_order"
WORDS = {
    "order.placed": "order",
    "order.released": "release",
    "order.changed": "order change",
    "order.acknowledged": "acknowledgement",
    "order.line_closed": "short-close",
    "shipment.notified": "ship notice",
    "transport.status": "transport status",
    "goods.received": "receipt",
    "invoice.received": "invoice",
}
Candidate = tuple[str, str, str, str]  # number, issuer and system, supplier, ship-to


def owner_of(entry: Waiting) -> str:
    """Whose cases they are: of the document's place in its message, so that a replay finds them again."""
    return f"document:{entry.message_id}:{entry.ordinal}"


def tell_doubts(*, cursor: psycopg.Cursor, settled: Settled, as_of: dt.datetime) -> None:
    """Open, change and close the cases of the documents that were placed, or could not be."""
    # A document that a replay superseded says nothing; what its newer translation says stands.
    looked_at = sorted(settled.looked_at.values(), key=lambda entry: (entry.live, entry.position))
    entries = {owner_of(entry): entry for entry in looked_at}
    if not entries:
        return
    flows = {flow for doubt in settled.doubts.values() for meant in doubt.values() for flow in meant}
    orders = _candidates(cursor, flows)
    marks = {
        owner: {mark_of(owner=owner, kind=KIND, subject=key.value) for key in entry.keys.identifying}
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


def _finding(entry: Waiting, key: CompanyKey, meant: Iterable[int], orders: dict[int, Candidate]) -> Finding:
    number = key[1]
    known = [orders[flow] for flow in meant if flow in orders]
    suppliers = ", ".join(dict.fromkeys(c[2] for c in known if c[2]))
    word = WORDS.get(entry.type, "document")
    return Finding(
        kind=KIND,
        subject=number,
        severity="medium",
        summary=f"This {word} names order {number}, and {len(known)} orders bear that number"
        + (f" ({suppliers})" if suppliers else ""),
        next_action="Say which of the orders it belongs to",
        evidence=tuple((f"Order {c[0]} of {c[1] or 'nobody named'}", c[2], c[3]) for c in known),
    )


def _candidates(cursor: psycopg.Cursor, flows: Iterable[int]) -> dict[int, Candidate]:
    cursor.execute(
        "SELECT DISTINCT ON (k.flow_id) k.flow_id, k.value, k.scope, f.supplier_name, f.ship_to_name "
        "FROM ledger_correlation_key k LEFT JOIN flows_flow f ON f.id = k.flow_id "
        "WHERE k.flow_id = ANY(%b) ORDER BY k.flow_id, k.scheme, k.scope DESC",
        [sorted(flows)],
    )
    return {
        flow: (number, scope.replace("|", ", system "), supplier or "", place or "")
        for flow, number, scope, supplier, place in cursor.fetchall()
    }
