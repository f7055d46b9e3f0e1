"""Orders sent by EDI whose 997 does not come, or refuses them: cases of their own beside the answer's clock.

A 997 says that the partner's system could read what we sent, no more; the supplier's answer has its own
deadline and does not wait for it. A partner's hours are those agreed with them, else the company's.
"""

import datetime as dt
from collections import defaultdict
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection as database

from visibility.canonical.documents import Party
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.flows import words
from visibility.flows.moments import add_hours
from visibility.masterdata.models import Company
from visibility.masterdata.resolve import PARTNER, find
from visibility.pipeline.standing import Found, bring_up
from visibility.pipeline.terms import TermsBook
from visibility.triage.findings import Finding
from visibility.triage.services import Owner

KINDS = ("ack_997_missing", "ack_997_refused")
ASKED_FOR = dt.timedelta(days=60)
"""After which nobody asks for a 997 any more."""
_OF_INTERCHANGES = ("A", "R", "X")
_ABOUT_ALL = ("A", "E", "R", "M", "W", "X")
"""Words on a group that hold for each set of it; a group accepted in part says nothing of a single set."""
_OPEN = (
    "SELECT r.company_id, r.partner, r.group_control, r.set_control, r.sent_message_id, r.sent_at, "
    "  r.order_number, coalesce(nullif(r.status, ''), g.status, i.status, ''), "
    "  CASE WHEN r.status = '' THEN coalesce(g.faults, i.faults, '[]') ELSE r.faults END "
    "FROM inbox_functionalreceipt r LEFT JOIN inbox_functionalreceipt g "
    "  ON g.company_id = r.company_id AND g.partner = r.partner AND g.group_control = r.group_control "
    "  AND g.set_control = '' AND g.status = ANY(%b) "
    # An interchange refused is all of it refused. An older word is about another one of the same number.
    # Accepted, an X12 one says nothing of its sets (TA1); EDIFACT's has its messages accepted (CONTRL).
    "LEFT JOIN inbox_interchangereceipt i "
    "  ON i.company_id = r.company_id AND i.partner = r.partner AND r.interchange_control <> '' "
    "  AND i.interchange_control = r.interchange_control AND i.answered_at >= r.sent_at - interval '1 day' "
    "  AND (i.status = ANY(%b) AND (i.status <> 'A' OR r.interchange_control = r.group_control)) "
    "WHERE r.sent_at > %s AND r.status <> 'A' AND r.set_control <> '' ORDER BY r.sent_at, r.id"
)
Row = tuple[int, str, str, str, object, dt.datetime, str, str, str]


def look_for_997() -> int:
    """Open and close the cases of what we sent and nobody's system acknowledged. How many changed."""
    now = clock.now()
    with server_cursor(database) as cursor:
        cursor.execute(_OPEN, [list(_ABOUT_ALL), list(_OF_INTERCHANGES), now - ASKED_FOR])
        rows: list[Row] = cursor.fetchall()
    by_company: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_company[row[0]].append(row)
    found: list[Found] = []
    for company in Company.objects.filter(pk__in=by_company).order_by("pk"):
        found += _of_company(company, by_company[company.pk], now)
    return bring_up(kinds=KINDS, found=found, as_of=now)


def _of_company(company: Company, rows: list[Row], now: dt.datetime) -> list[Found]:
    partners = sorted({row[1] for row in rows})
    book = TermsBook(company=company, parties=[(Party(ids=(partner,)), Party()) for partner in partners])
    known = find(company_id=company.pk, codes=[(PARTNER, partner) for partner in partners])
    zone = ZoneInfo(company.time_zone)
    found: list[Found] = []
    for _, partner, group, control, message_id, sent_at, order, status, faults in rows:
        if status == "A":
            continue
        terms = book.terms(supplier=Party(ids=(partner,)), place=Party())
        due_at = add_hours(terms.partner_calendar, sent_at, terms.functional_hours)
        if not status and due_at >= now:
            continue
        record = known.get((PARTNER, partner))
        name = (record.name if record else "") or partner
        owner = Owner(
            company_id=company.pk,
            message_id=message_id,  # type: ignore[arg-type]  # a UUID, by column order
            order_number=order,
            supplier_id=record.id if record else None,
            supplier_name=name,
        )
        subject, what = f"{partner} {group}/{control}", f"order {order}" if order else f"set {control}"
        numbers = ("Group / set", f"{group} / {control}", status or "none")
        if status:
            found.append((owner, _refused(subject, what, name, status, (numbers, *_told(faults)))))
        else:
            found.append((owner, _missing(subject, what, name, due_at.astimezone(zone), numbers)))
    return found


def _missing(
    subject: str, what: str, name: str, due_at: dt.datetime, numbers: tuple[str, str, str]
) -> Finding:
    due = f"{words.day(due_at.date())} {due_at:%H:%M}"
    return Finding(
        kind="ack_997_missing",
        subject=subject,
        severity="medium",
        summary=f"{name} has not acknowledged receipt of {what} (997); it was due {due}",
        due_at=due_at,
        next_action=f"Ask {name} whether it came, or send it again",
        evidence=(numbers, ("997", due, "none")),
    )


def _refused(
    subject: str, what: str, name: str, status: str, evidence: tuple[tuple[str, str, str], ...]
) -> Finding:
    with_errors = status in {"E", "P"}
    did = f"accepted {what} with errors" if with_errors else f"refused {what}"
    return Finding(
        kind="ack_997_refused",
        subject=subject,
        severity="medium" if with_errors else "high",
        summary=f"The system of {name} {did} (997)",
        next_action="Read the errors with the partner" if with_errors else "Mend it, and send it again",
        evidence=evidence,
    )


def _told(faults: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(("Error", "", fault) for fault in msgspec.json.decode(faults, type=list[str]))
