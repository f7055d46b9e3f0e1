"""Up to what worth each role decides alone, and who approves what is above it."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from visibility.accounts.models import Role, User
from visibility.core.errors import InputError
from visibility.masterdata.audit import keep_changes, need_reason
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import ApprovalLimit, Company

ENTITY = "approval_limit"
_ROLES: dict[str, str] = {str(value): str(label) for value, label in Role.choices}


def limits_of(*, company_id: int) -> list[ApprovalLimit]:
    """All limits of a company: role by role, that of every action first."""
    return list(ApprovalLimit.objects.filter(company_id=company_id).order_by("role", "action"))


def approval_limit(*, company_id: int, role: str, action: str) -> Decimal | None:
    """Up to what worth the role takes this action alone; None: nothing is set, so any worth."""
    row = _counting(company_id, role, action)
    return None if row is None else row.amount


def approvers(*, company_id: int, action: str, role: str = "", worth: Decimal | None = None) -> list[User]:
    """Who may approve what somebody of `role` decided; without a role what anybody did.

    People who see the whole company, in a role that the limit names, and whose own limit reaches `worth`.
    """
    found = approver_roles(company_id=company_id, action=action, role=role, worth=worth)
    if not found:
        return []
    people = User.objects.filter(
        role__in=found, is_active=True, grants__company_id=company_id, grants__partner__isnull=True
    )
    return list(people.order_by("first_name", "last_name", "username").distinct())


def approver_roles(
    *,
    company_id: int,
    action: str,
    role: str = "",
    worth: Decimal | None = None,
    limits: Sequence[ApprovalLimit] | None = None,
) -> list[str]:
    """The roles that may approve, by name. `limits`: the company's, where they are read already."""
    rows = limits_of(company_id=company_id) if limits is None else limits
    asked = [role] if role else list(dict.fromkeys(each.role for each in rows))
    named: set[str] = set()
    for each in asked:
        limit = _pick(rows, each, action)
        named |= set(limit.approvers) if limit is not None else set()
    if worth is not None:
        own = {each: _pick(rows, each, action) for each in named}
        named = {each for each, limit in own.items() if limit is None or limit.amount >= worth}
    return sorted(named)


def _counting(company_id: int, role: str, action: str) -> ApprovalLimit | None:
    rows = ApprovalLimit.objects.filter(company_id=company_id, role=role, action__in=("", action))
    return _pick(list(rows), role, action)


def _pick(rows: Sequence[ApprovalLimit], role: str, action: str) -> ApprovalLimit | None:
    """The limit of the action itself, else that of every action."""
    own = {row.action: row for row in rows if row.role == role}
    return own.get(action) or own.get("")


def set_approval_limit(
    *,
    company: Company,
    role: str,
    action: str,
    amount: Decimal | None,
    approving: Sequence[str] = (),
    speaker: Speaker,
) -> bool:
    """Set up to what worth a role decides alone and which roles approve more; None takes the limit back.

    Whether that changed anything. InputError says what is wrong.
    """
    need_reason(speaker)
    _check(role, amount, approving)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        row = ApprovalLimit.objects.filter(company=company, role=role, action=action).first()
        before = _values(row.amount, row.approvers) if row else {}
        after = _values(amount, approving) if amount is not None else {}
        if before == after:
            return False
        if row is not None and amount is None:
            entity_id = row.pk
            row.delete()
        else:
            row, _ = ApprovalLimit.objects.update_or_create(
                company=company,
                role=role,
                action=action,
                defaults={"amount": amount, "approvers": sorted(set(approving))},
            )
            entity_id = row.pk
        keep_changes(
            company_id=company.pk,
            entity=ENTITY,
            entity_id=entity_id,
            subject=f"{_ROLES[role]}{f', {action}' if action else ''}",
            before=before,
            after=after,
            speaker=speaker,
        )
    return True


def _values(amount: Decimal, approving: Sequence[str]) -> dict[str, object]:
    """A limit as its history tells it."""
    return {"amount": amount, "approvers": [_ROLES.get(each, each) for each in sorted(set(approving))]}


def _check(role: str, amount: Decimal | None, approving: Sequence[str]) -> None:
    if role not in _ROLES:
        raise InputError("role_unknown", "There is no such role.", "/role")
    if amount is None:
        return
    if amount < 0:
        raise InputError("amount_negative", "A limit is 0 or more.", "/amount")
    if not approving:
        raise InputError("approvers_missing", "Name at least one role that approves more.", "/approvers")
    if set(approving) - _ROLES.keys():
        raise InputError("role_unknown", "There is no such role.", "/approvers")
