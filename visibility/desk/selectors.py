"""Reading decisions: those of a case with their effects, those that wait for somebody's approval."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.desk.models import Effect, Resolution
from visibility.masterdata.approvals import approver_roles, limits_of
from visibility.sync.models import OutboxMessage
from visibility.triage.selectors import scoped_cases

MOST = 200


@dataclass(frozen=True)
class EffectRow:
    """One step of a decision, and how it stands. `seconds` from the decision to its end, where it has one."""

    number: int
    system: str
    words: str
    state: str
    state_words: str
    outcome: str
    after: tuple[int, ...]
    command_id: UUID | None
    undo_id: UUID | None
    changed_at: dt.datetime
    seconds: int | None


@dataclass(frozen=True)
class ResolutionRow:
    """A decision. `who` decided: a person, or a policy (`automatic`)."""

    id: int
    case_id: int
    action: str
    words: str
    reason: str
    state: str
    state_words: str
    who: str
    automatic: bool
    decided_at: dt.datetime
    approved_by: str
    approved_at: dt.datetime | None
    outcome: str
    worth: Decimal | None
    message_id: UUID | None
    finished_at: dt.datetime | None
    case_summary: str
    order_number: str
    correlation_id: UUID | None
    effects: tuple[EffectRow, ...]


def resolutions_of_case(*, scope: Scope, case_id: int) -> list[ResolutionRow]:
    """The decisions about a case, the newest first; drafts are their author's alone and not among them."""
    return _rows(_scoped(scope).filter(case_id=case_id).order_by("-decided_at", "-pk")[:MOST])


def resolutions_of_flow(*, scope: Scope, correlation_id: UUID) -> list[ResolutionRow]:
    """The decisions about all cases of an order, the newest first."""
    own = _scoped(scope).filter(case__flow__correlation_id=correlation_id)
    return _rows(own.order_by("-decided_at", "-pk")[:MOST])


def get_resolution(*, scope: Scope, resolution_id: int) -> ResolutionRow | None:
    """One decision; None where this reader has none of that number."""
    return next(iter(_rows(_scoped(scope).filter(pk=resolution_id))), None)


def draft_of(*, user: User, case_id: int) -> Resolution | None:
    """What this person kept for later about a case."""
    return Resolution.objects.filter(case_id=case_id, decided_by=user, state=Resolution.State.DRAFT).first()


def waiting_for_approval(*, scope: Scope, user: User) -> list[tuple[ResolutionRow, bool]]:
    """Proposals that wait for a second person, the oldest first, and whether this person may approve them."""
    found = _scoped(scope).filter(company_id__in=scope.companies, state=Resolution.State.PROPOSED)
    proposed = list(found.order_by("decided_at", "pk")[:MOST])
    may = _may_approve(scope, user, proposed)
    return [(row, row.id in may) for row in _rows(proposed)]


def count_to_approve(*, scope: Scope, user: User) -> int:
    """How many proposals this person may approve; MOST at most are looked at. One short question where none
    waits: every page asks it.
    """
    if scope.partners is not None:
        return 0
    found = Resolution.objects.filter(company_id__in=scope.companies, state=Resolution.State.PROPOSED)
    waiting = found.select_related("decided_by").only("company_id", "action", "worth", "decided_by")
    return len(_may_approve(scope, user, list(waiting.order_by("decided_at", "pk")[:MOST])))


def _may_approve(scope: Scope, user: User, proposed: Sequence[Resolution]) -> set[int]:
    """Those that this person may approve, as `permission.check_approver` says it of one: however many there
    are, the limits of a company are read once.
    """
    if scope.partners is not None or not user.is_active:
        return set()
    companies = {each.company_id for each in proposed} & set(scope.companies)
    limits = {company: limits_of(company_id=company) for company in sorted(companies)}
    found = set()
    for each in proposed:
        if each.decided_by is None or each.decided_by_id == user.pk or each.company_id not in limits:
            continue
        roles = approver_roles(
            company_id=each.company_id,
            action=each.action,
            role=each.decided_by.role,
            worth=None if each.worth is None else abs(each.worth),
            limits=limits[each.company_id],
        )
        if user.role in roles:
            found.add(each.pk)
    return found


def _scoped(scope: Scope) -> QuerySet[Resolution]:
    """Of the company's own people; who sees one partner's part reads of none."""
    known = Resolution.objects.all() if scope.partners is None else Resolution.objects.none()
    return (
        known.filter(case__in=scoped_cases(scope))
        .exclude(state=Resolution.State.DRAFT)
        .select_related("decided_by", "approved_by", "policy", "case__flow")
        .defer("case__flow__facts", "case__flow__view", "plan")
    )


def _rows(found: Iterable[Resolution]) -> list[ResolutionRow]:
    resolutions = list(found)
    effects: dict[int, list[Effect]] = {each.pk: [] for each in resolutions}
    for effect in Effect.objects.filter(resolution_id__in=effects).order_by("number"):
        effects[effect.resolution_id].append(effect)
    commands = [e.command_id for own in effects.values() for e in own if e.command_id]
    ends = dict(OutboxMessage.objects.filter(pk__in=commands).values_list("pk", "finished_at"))
    return [_row(each, effects[each.pk], ends) for each in resolutions]


def _row(each: Resolution, effects: list[Effect], ends: dict[UUID, dt.datetime | None]) -> ResolutionRow:
    return ResolutionRow(
        id=each.pk,
        case_id=each.case_id,
        action=each.action,
        words=each.words,
        reason=each.reason,
        state=each.state,
        state_words=each.get_state_display(),
        who=str(each.decided_by or each.policy or ""),
        automatic=each.policy_id is not None,
        decided_at=each.decided_at,
        approved_by=str(each.approved_by) if each.approved_by else "",
        approved_at=each.approved_at,
        outcome=each.outcome,
        worth=each.worth,
        message_id=each.message_id,
        finished_at=each.finished_at,
        case_summary=each.case.summary,
        order_number=each.case.order_number,
        correlation_id=each.case.flow.correlation_id if each.case.flow else None,
        effects=tuple(_effect_row(each, effect, ends) for effect in effects),
    )


def _effect_row(of: Resolution, effect: Effect, ends: dict[UUID, dt.datetime | None]) -> EffectRow:
    ended = ends.get(effect.command_id) if effect.command_id else None
    start = of.approved_at or of.decided_at
    return EffectRow(
        number=effect.number,
        system=effect.system,
        words=effect.words,
        state=effect.state,
        state_words=effect.get_state_display(),
        outcome=effect.outcome,
        after=tuple(effect.after),
        command_id=effect.command_id,
        undo_id=effect.undo_id,
        changed_at=effect.changed_at,
        seconds=None if ended is None else max(0, round((ended - start).total_seconds())),
    )
