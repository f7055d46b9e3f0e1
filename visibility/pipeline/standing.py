"""Cases that stand on no order: what chores found on connections, brought up to what they find now."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import psycopg
from django.db import connection as database
from django.db import transaction

from visibility.core.db import server_cursor
from visibility.triage.findings import Finding
from visibility.triage.grouping import GATHERED_KINDS, message_members
from visibility.triage.reconcile import LIVE, KnownCase, fingerprint, reconcile
from visibility.triage.services import Owner, marked_cases, write_changes

Found = tuple[Owner, Finding]


def bring_up(*, kinds: Sequence[str], found: Sequence[Found], as_of: dt.datetime) -> int:
    """Open, change and close the cases of these kinds that stand on no flow. How many changed.

    `found` is all there is to find of these kinds now: what is not in it has gone. A finding's owner is its
    connection or message, named by its subject.
    """
    by_mark = {
        fingerprint(owner=_owner_of(owner), finding=finding): (owner, finding) for owner, finding in found
    }
    with transaction.atomic(), server_cursor(database) as cursor:
        known = _known(cursor, kinds, list(by_mark))
        changes = [
            (
                owner,
                reconcile(
                    owner=_owner_of(owner),
                    findings=[finding],
                    known=[known[mark]] if mark in known else [],
                    sweeping=True,
                ),
            )
            for mark, (owner, finding) in sorted(by_mark.items())
        ]
        gone = [case for mark, case in known.items() if mark not in by_mark and case.state in LIVE]
        if gone:
            changes.append((Owner(company_id=0), reconcile(owner="", findings=[], known=gone, sweeping=True)))
        return write_changes(cursor=cursor, changes=changes, as_of=as_of) if changes else 0


def _owner_of(owner: Owner) -> str:
    return f"standing:{owner.company_id}"


def _known(cursor: psycopg.Cursor, kinds: Sequence[str], marks: Sequence[UUID]) -> dict[UUID, KnownCase]:
    """The cases of these kinds that are not settled, and those of these marks whatever became of them."""
    known: dict[UUID, KnownCase] = {}
    single = sorted(set(kinds) - GATHERED_KINDS)
    if single:
        cursor.execute(
            "SELECT fingerprint FROM triage_exceptioncase "
            "WHERE flow_id IS NULL AND kind = ANY(%b) AND state = ANY(%b)",
            [single, sorted(LIVE)],
        )
        known |= marked_cases(cursor=cursor, marks={*marks, *(row[0] for row in cursor.fetchall())})
    gathered = sorted(set(kinds) & GATHERED_KINDS)
    if gathered:
        cursor.execute(
            "SELECT DISTINCT message_id FROM triage_casemember WHERE message_id IS NOT NULL "
            "AND flow_id IS NULL AND is_open AND kind = ANY(%b)",
            [gathered],
        )
        messages = [row[0] for row in cursor.fetchall()]
        for members in message_members(cursor=cursor, message_ids=messages).values():
            known |= {member.fingerprint: member for member in members}
    return known
