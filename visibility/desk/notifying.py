"""Telling people: what happened to cases becomes notices, one a case, person and way; then they are sent.

The only writer of notices. Gathering reads the cases' histories; sending goes by e-mail, webhook and chat.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection as database
from django.db import transaction

from visibility.access.models import Grant
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.desk.audience import WEIGHT, Choice, Happening, Notice, Person, notices_of
from visibility.desk.models import NoticeMark, NotificationChoice
from visibility.masterdata.models import Company
from visibility.triage.models import CaseEvent, CaseMention, CaseWatcher, ExceptionCase

BATCH = 2_000
LOOK_BACK = 2_000
"""Events that committed late bear lower numbers than some that were read: so many are read again."""
TOLD_OF = {
    "opened": "opened",
    "reopened": "opened",
    "commented": "changed",
    "decided": "progress",
    "resolved": "progress",
    "progress": "progress",
    "assigned": "assigned",
    "refused": "over",
}
"""What happens to cases that people are told of, and how pressing it is (audience.WEIGHT)."""


@dataclass(frozen=True)
class Crowd:
    """The people of a company, what they chose, and the zone of its hours."""

    people: list[Person]
    choices: dict[int, list[Choice]]
    zone: ZoneInfo


def gather_notices() -> int:
    """Make notices of what happened since the last time; how many events were read."""
    with transaction.atomic():
        last = CaseEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        # Whoever begins today is not told of all that ever happened.
        NoticeMark.objects.get_or_create(name="events", defaults={"last_id": last, "first_id": last})
        mark = NoticeMark.objects.select_for_update().get(name="events")
        events = list(
            CaseEvent.objects.filter(pk__gt=max(mark.last_id - LOOK_BACK, mark.first_id), what__in=TOLD_OF)
            .order_by("pk")
            .select_related("case")[: BATCH + LOOK_BACK]
        )
        happenings = [each for event in events if (each := _happening(event)) is not None]
        happenings += _mentions() + _over_their_time()
        _write(_notices(happenings))
        if events:
            mark.last_id = max(mark.last_id, events[-1].pk)
            mark.save(update_fields=["last_id"])
    return len(events)


def _happening(event: CaseEvent) -> Happening | None:
    case = event.case
    if case.state in ExceptionCase.SILENT_STATES:
        return None
    why = TOLD_OF[event.what]
    to = {case.assignee_id} if why == "assigned" and case.assignee_id else set()
    return _of(case, why=why, text=event.text or case.summary, at=event.at, to=to, by=event.who)


def _of(
    case: ExceptionCase, *, why: str, text: str, at: dt.datetime, to: Iterable[int] = (), by: str = ""
) -> Happening:
    return Happening(
        case_id=case.pk,
        queue=case.queue,
        severity=case.severity,
        owner_role=case.owner_role,
        assignee_id=case.assignee_id,
        watchers=frozenset(),
        why=why,
        text=text,
        at=at,
        to=frozenset(to),
        by_name=by,
        company_id=case.company_id,
    )


def _mentions() -> list[Happening]:
    found = CaseMention.objects.filter(seen_at=None).select_related("comment__case", "comment__author")
    return [
        _of(
            mention.comment.case,
            why="mentioned",
            text=f"{mention.comment.author}: {mention.comment.text}",
            at=mention.comment.at,
            to={mention.user_id},
        )
        for mention in found.order_by("-pk")[:BATCH]
    ]


def _over_their_time() -> list[Happening]:
    """Cases whose clock warns, or broke within the last day: earlier ones were told of then."""
    now = clock.now()
    running = ExceptionCase.objects.filter(is_open=True, sla_paused_at=None)
    over = running.filter(sla_due_at__lt=now, sla_due_at__gt=now - dt.timedelta(days=1))
    warning = running.filter(sla_warns_at__lt=now, sla_due_at__gte=now)
    return [
        _of(case, why=why, text=case.summary, at=at)
        for why, cases in (("over", over), ("warning", warning))
        for case in cases.order_by("sla_due_at")[:BATCH]
        if (at := case.sla_due_at if why == "over" else case.sla_warns_at) is not None
    ]


def _notices(happenings: Sequence[Happening]) -> list[Notice]:
    crowds = {company: _crowd(company) for company in {each.company_id for each in happenings}}
    watchers: dict[int, set[int]] = defaultdict(set)
    ids = {each.case_id for each in happenings}
    for case_id, user_id in CaseWatcher.objects.filter(case_id__in=ids).values_list("case_id", "user_id"):
        watchers[case_id].add(user_id)
    found: list[Notice] = []
    for each in happenings:
        crowd = crowds[each.company_id]
        found += notices_of(
            happening=each.watched_by(frozenset(watchers[each.case_id])),
            people=crowd.people,
            choices=crowd.choices,
            zone=crowd.zone,
        )
    return found


def _crowd(company_id: int) -> Crowd:
    """Those who see all of the company: what partners may know is told in their own place."""
    users = User.objects.filter(
        is_active=True, pk__in=Grant.objects.filter(company_id=company_id, partner=None).values("user_id")
    )
    people = [Person(id=user.pk, role=user.role, name=str(user)) for user in users]
    choices: dict[int, list[Choice]] = defaultdict(list)
    for row in NotificationChoice.objects.filter(user__in=[person.id for person in people]).order_by("pk"):
        choices[row.user_id].append(
            Choice(
                id=row.pk,
                user_id=row.user_id,
                way=row.way,
                queue=row.queue,
                severity=row.severity,
                mine_only=row.mine_only,
                at=tuple(row.hours.get("at", ())),
            )
        )
    zone = Company.objects.values_list("time_zone", flat=True).get(pk=company_id)
    return Crowd(people, dict(choices), ZoneInfo(zone))


def _write(notices: Sequence[Notice]) -> None:
    """One row a case, person and way. A later word replaces the text; a more pressing one is sent again."""
    latest: dict[tuple[int, int, str], Notice] = {}
    for each in notices:
        key = (each.case_id, each.user_id, each.way)
        known = latest.get(key)
        if known is None or (WEIGHT[each.why], each.at) >= (WEIGHT[known.why], known.at):
            latest[key] = each
    rows = [latest[key] for key in sorted(latest)]
    if not rows:
        return
    weights = ", ".join(f"('{why}', {weight})" for why, weight in WEIGHT.items())
    with server_cursor(database) as cursor:
        cursor.execute(
            f"WITH w(why, weight) AS (VALUES {weights}) "
            "INSERT INTO desk_notification AS n "
            "  (user_id, case_id, way, choice_id, why, text, changed_at, due_at, sent_at, attempts, failure) "
            "SELECT u.*, CASE WHEN u.way = 'app' THEN u.changed_at END, 0, '' FROM unnest(%b::bigint[], "
            "  %b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::text[], %b::timestamptz[], "
            "  %b::timestamptz[]) u(user_id, case_id, way, choice_id, why, text, changed_at, due_at) "
            "ON CONFLICT (user_id, case_id, way) DO UPDATE SET why = EXCLUDED.why, text = EXCLUDED.text, "
            "  changed_at = EXCLUDED.changed_at, choice_id = EXCLUDED.choice_id, seen_at = NULL, "
            "  due_at = CASE WHEN n.sent_at IS NULL THEN n.due_at ELSE EXCLUDED.due_at END, "
            "  sent_at = CASE WHEN n.way = 'app' THEN EXCLUDED.changed_at "
            "    WHEN (SELECT weight FROM w WHERE why = EXCLUDED.why) "
            "       > (SELECT weight FROM w WHERE why = n.why) THEN NULL ELSE n.sent_at END "
            "WHERE EXCLUDED.changed_at > n.changed_at AND (SELECT weight FROM w WHERE why = EXCLUDED.why) "
            "  >= (SELECT weight FROM w WHERE why = n.why)",
            [
                [each.user_id for each in rows],
                [each.case_id for each in rows],
                [each.way for each in rows],
                [each.choice_id for each in rows],
                [each.why for each in rows],
                [each.text[:500] for each in rows],
                [each.at for each in rows],
                [each.due_at for each in rows],
            ],
        )
