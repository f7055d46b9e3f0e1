"""The same decision about many cases, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import identifiers
from visibility.core.errors import InputError, ThroughlineError
from visibility.desk.deciding import resolve_case
from visibility.desk.evidence import find_case
from visibility.desk.models import Resolution
from visibility.desk.planning import find_action
from visibility.triage.working import Failed

MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class BulkReport:
    """What became of each of many cases."""

    done: list[Resolution] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)


def resolve_cases(
    *,
    scope: Scope,
    user: User,
    case_ids: Sequence[int],
    action: str,
    values: Mapping[str, Any],
    reason: str = "",
) -> BulkReport:
    """The same decision about many cases, each with its own numbers and in its own transaction.

    What fails is told in words and holds nobody up. InputError for more than MOST_AT_ONCE, and for actions
    that are taken one by one.
    """
    chosen = find_action(name=action)
    if len(case_ids) > MOST_AT_ONCE:
        raise InputError("too_many", _("At most %(most)s at once.") % {"most": MOST_AT_ONCE}, "cases")
    if not chosen.in_bulk:
        raise InputError("one_by_one", _("This is decided case by case."), "action")
    batch, report = identifiers.new_id(), BulkReport()
    given = {**values, "reason": reason} if reason else dict(values)
    for case_id in dict.fromkeys(case_ids):
        try:
            decisions = find_case(scope=scope, case_id=case_id).decisions
            report.done.append(
                resolve_case(
                    scope=scope,
                    user=user,
                    case_id=case_id,
                    action=action,
                    values=given,
                    seen_decisions=decisions,
                    batch=batch,
                )
            )
        except ThroughlineError as error:
            report.failed.append(Failed(case_id=case_id, why=str(error)))
    return report
