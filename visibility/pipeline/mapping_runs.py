"""Mapping a code once, and looking again at all that waited for it: orders, and messages that were held.

The mapping is one transaction; what follows is a run of small ones, done by a chore. A run that is killed
goes on where its last transaction left it.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import connection as database
from django.db import transaction

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError
from visibility.inbox.models import Message
from visibility.inbox.services import replay_message
from visibility.masterdata.audit import keep_changes
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import CrossReference, Item, Location, TradingPartner
from visibility.masterdata.resolve import ITEM, LOCATION, PARTNER, forget_kept
from visibility.pipeline import wake
from visibility.pipeline.models import MappingRun
from visibility.pipeline.project import assess_flows
from visibility.pipeline.sweep import lock_projected
from visibility.triage.deskwork import may_work, tell_events
from visibility.triage.models import CaseMember, ExceptionCase
from visibility.triage.selectors import scoped_cases

KINDS = {"unknown_item": ITEM, "unknown_partner": PARTNER, "unknown_place": LOCATION}
RECORDS: dict[str, type[Item] | type[TradingPartner] | type[Location]] = {
    ITEM: Item,
    PARTNER: TradingPartner,
    LOCATION: Location,
}
BATCH_MEMBERS = 200
"""Findings of one transaction: about a quarter of a second."""
RUN_SECONDS = 8.0


@dataclass(frozen=True)
class Progress:
    """How far a run has got: findings looked at again, of those that waited when it began."""

    done: int
    total: int
    who: str
    finished: bool


def map_code(
    *, scope: Scope, user: User, case_id: int, target: int | None = None, reason: str = ""
) -> Progress:
    """Say what an unknown code means: the record `target`; without it, the provisional one is right.

    All that waits for the code is looked at again by a run. InputError where there is no such record.
    """
    may_work(scope=scope)
    case = scoped_cases(scope).filter(pk=case_id, kind__in=KINDS).first()
    if case is None:
        raise NotFoundError("No such case.")
    kind = KINDS[case.kind]
    with transaction.atomic():
        _map(case, kind, target, Speaker(str(user), reason or f"case {case.pk}"))
        run = start_run(case_id=case.pk, company_id=case.company_id, who=str(user))
    forget_kept()
    return Progress(run.done, run.total, run.who, False)


def _map(case: ExceptionCase, kind: str, target: int | None, speaker: Speaker) -> None:
    """The cross-reference of the case's code to its record, which is nobody's stand-in from now on."""
    row = (
        CrossReference.objects.select_for_update()
        .filter(company_id=case.company_id, kind=kind, value=case.subject[:120])
        .first()
    )
    meant = target if target is not None else row.target if row is not None else None
    record = (
        RECORDS[kind].objects.select_for_update().filter(company_id=case.company_id, pk=meant).first()
        if meant is not None
        else None
    )
    if record is None:
        raise InputError("target_missing", "Say which record the code means.", "/target")
    before = {"means": str(row.target) if row is not None else "", "provisional": record.provisional}
    if record.provisional:
        record.provisional = False
        record.save(update_fields=["provisional"])
    CrossReference.objects.update_or_create(
        company_id=case.company_id, kind=kind, value=case.subject[:120], defaults={"target": record.pk}
    )
    keep_changes(
        company_id=case.company_id,
        entity="cross_reference",
        entity_id=record.pk,
        subject=f"{kind} {case.subject}",
        before=before,
        after={"means": str(record.pk), "provisional": False},
        speaker=speaker,
    )


def start_run(*, case_id: int, company_id: int, who: str) -> MappingRun:
    """Have all that waits for a case's cause looked at again. A run that is under way begins anew.

    In the caller's transaction; the chore does the rest.
    """
    now = clock.now()
    MappingRun.objects.filter(case_id=case_id, finished_at__isnull=True).update(finished_at=now)
    total = CaseMember.objects.filter(case_id=case_id, is_open=True).count()
    run = MappingRun.objects.create(
        case_id=case_id, company_id=company_id, who=who, total=total, started_at=now
    )
    with server_cursor(database) as cursor:
        text = f"{total} findings are looked at again"
        tell_events(cursor=cursor, events=[(case_id, "mended", text)], who=who, as_of=now)
    return run


def progress_of(*, case_id: int) -> Progress | None:
    """How far the last run of a case has got; None: there was none."""
    run = MappingRun.objects.filter(case_id=case_id).order_by("-id").first()
    if run is None:
        return None
    return Progress(run.done, run.total, run.who, run.finished_at is not None)


def go_on_with_runs(*, seconds: float = RUN_SECONDS) -> int:
    """Work on the runs that are under way, batch by batch, until the time is over; findings looked at."""
    end, seen = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        done = _next_batch()
        if done is None:
            break
        seen += done
    return seen


def _next_batch() -> int | None:
    """One batch of the oldest run that nobody has in hand; None: there is none."""
    changed: dict[int, set[UUID]] = {}
    with transaction.atomic():
        run = (
            MappingRun.objects.select_for_update(skip_locked=True)
            .filter(finished_at__isnull=True)
            .order_by("id")
            .first()
        )
        if run is None:
            return None
        members: list[tuple[int, int | None, UUID | None]] = list(
            CaseMember.objects.filter(case_id=run.case_id, is_open=True, id__gt=run.last_member)
            .order_by("id")
            .values_list("id", "flow_id", "message_id")[:BATCH_MEMBERS]
        )
        flow_ids = sorted({flow for _, flow, _ in members if flow is not None})
        if flow_ids:
            with server_cursor(database) as cursor:
                flows = lock_projected(cursor=cursor, flow_ids=flow_ids)
                changed = assess_flows(cursor=cursor, flows=flows, as_of=clock.now())
        held = sorted(
            {message for _, flow, message in members if flow is None and message is not None}, key=str
        )
        if held:
            transaction.on_commit(partial(_wake, held))
            for message_id in held:
                with suppress(Message.DoesNotExist):
                    replay_message(message_id=message_id)
        _note(run, [member for member, _, _ in members])
    wake.announce(changed)
    return len(members)


def _note(run: MappingRun, members: list[int]) -> None:
    """How far it has got. Orders bring all their findings with them, also those of batches to come."""
    run.last_member = members[-1] if members else run.last_member
    left = CaseMember.objects.filter(case_id=run.case_id, is_open=True, id__gt=run.last_member).count()
    run.total = max(run.total, left)
    run.done = run.total - left
    if not left:
        run.finished_at = clock.now()
    run.save(update_fields=["done", "total", "last_member", "finished_at"])


def _wake(message_ids: list[UUID]) -> None:
    tiers = Message.objects.filter(pk__in=message_ids).values_list("connection__tier", flat=True)
    for tier in sorted(set(tiers)):
        wake.wake_workers(tier=tier)
