"""What a policy would have done over the last days, held against what became of those cases.

Told by what each case says now, and by what people decided about it: a case that changed much since it was
opened is judged as it stands today, and said so.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection as database

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.desk.limits import CaseFacts, why_outside

DAYS = 90
MOST = 20_000
"""So many of the newest cases are looked through; more would hold the page up."""
NAMED = 200
"""So many case numbers of each group are kept, to be opened."""

CASES = """
SELECT c.id, c.severity, c.gap, c.expected, c.money, c.supplier_id, c.ship_to_id, coalesce(l.item_code, ''),
       c.state, c.times_reopened, r.action, r.state, r.policy_id IS NOT NULL
FROM triage_exceptioncase c
LEFT JOIN flows_flowline l ON l.flow_id = c.flow_id AND l.line = c.line
LEFT JOIN LATERAL (
  SELECT action, state, policy_id FROM desk_resolution
  WHERE case_id = c.id AND state IN ('done', 'underway', 'stopped', 'reversed')
  ORDER BY decided_at DESC LIMIT 1) r ON true
WHERE c.company_id = %s AND c.kind = %s AND c.opened_at >= %s AND c.state NOT IN ('silent', 'silent_past')
ORDER BY c.opened_at DESC LIMIT %s
"""


@dataclass(frozen=True)
class Fate:
    """What became of a case: its state, how often it came back, and the last decision about it, if any."""

    state: str
    reopened: int
    action: str | None
    outcome: str | None
    by_policy: bool

    def is_of(self, action: str) -> bool:
        """Whether people decided so, and it stood."""
        return self.action == action and self.outcome != "reversed" and not self.by_policy


@dataclass
class Group:
    """Cases of one outcome: how many, and the first of them by number."""

    count: int = 0
    cases: list[int] = field(default_factory=list)

    def add(self, case_id: int) -> None:
        """One more."""
        self.count += 1
        if len(self.cases) < NAMED:
            self.cases.append(case_id)


@dataclass
class Backtest:
    """What a policy would have done to the cases of its kind since a day.

    closed: it would have decided; of them agreed: people decided the same; wrong: people decided otherwise,
    took the decision back, or it came back after; by_itself: evidence settled it without anybody;
    undecided: nobody has decided yet. missed: people took this action, and the limits leave it to them.
    """

    since: dt.date
    seen: int = 0
    cut: bool = False
    closed: Group = field(default_factory=Group)
    agreed: Group = field(default_factory=Group)
    wrong: Group = field(default_factory=Group)
    by_itself: Group = field(default_factory=Group)
    undecided: Group = field(default_factory=Group)
    missed: Group = field(default_factory=Group)
    left: Group = field(default_factory=Group)


def backtest_policy(
    *, company_id: int, kind: str, action: str, limits: Mapping[str, Any], days: int = DAYS
) -> Backtest:
    """The backtest of a policy over the cases opened within the last days."""
    since = clock.now() - dt.timedelta(days=days)
    found = Backtest(since=since.date())
    with server_cursor(database) as cursor:
        cursor.execute(CASES, [company_id, kind, since, MOST])
        rows = cursor.fetchall()
    found.seen, found.cut = len(rows), len(rows) == MOST
    for case_id, severity, gap, expected, money, supplier, place, item, *fate in rows:
        facts = CaseFacts(
            severity=severity,
            gap=gap,
            expected=expected,
            money=money,
            supplier_id=supplier,
            ship_to_id=place,
            item=item,
        )
        _judge(found, case_id, action, Fate(*fate), outside=bool(why_outside(limits=limits, facts=facts)))
    return found


def _judge(found: Backtest, case_id: int, action: str, fate: Fate, *, outside: bool) -> None:
    if outside:
        found.left.add(case_id)
        if fate.is_of(action):
            found.missed.add(case_id)
        return
    found.closed.add(case_id)
    if fate.action is None:
        (found.by_itself if fate.state == "closed" else found.undecided).add(case_id)
    elif fate.action == action and fate.outcome != "reversed" and not fate.reopened:
        found.agreed.add(case_id)
    else:
        found.wrong.add(case_id)
