"""Cases that somebody chose in the queue: some of a page, or all that its filter shows."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from visibility.accounts.models import User
from visibility.triage import selectors
from visibility.triage.findings import DAYS
from visibility.triage.selectors import CaseRow
from visibility.web import words
from visibility.web.cases.asked import read_address
from visibility.web.cases.export import every_row
from visibility.web.cases.kinds import kind_label
from visibility.web.cases.rails import sums_of
from visibility.web.pages import Desk
from visibility.web.tables import SETTLED

MOST = 1_000
"""Cases that are worked on at once."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen. `all_of`: the address whose whole list it is, empty where single ones were chosen.

    `cut`: the list has more than MOST, and only the first of it are chosen.
    """

    rows: list[CaseRow]
    all_of: str = ""
    cut: bool = False

    @cached_property
    def ids(self) -> list[int]:
        return [row.id for row in self.rows]

    @property
    def kinds(self) -> list[str]:
        """The commonest first."""
        return [kind for kind, _n in Counter(row.kind for row in self.rows).most_common()]

    def said(self) -> str:
        """What they share, and their sums: "Acme, 18 CA short, $1,750 at risk"."""
        return ", ".join([*_shared(self.rows), *_missing(self.rows), *_worth(self.rows)])


def read_chosen(data: QueryDict, *, desk: Desk, user: User) -> Chosen:
    """What a form of the bulk bar names, without what is settled or not this reader's."""
    if data.get("all"):
        asked = read_address(QueryDict(data.get("query", "")), desk=desk, user=user)
        rows = list(every_row(asked, desk=desk, most=MOST + 1))
        live = [row for row in rows[:MOST] if row.state not in SETTLED]
        return Chosen(live, all_of=data.get("query", "") or "state=open", cut=len(rows) > MOST)
    named = [int(each) for each in dict.fromkeys(data.getlist("case")) if each.isdecimal()][:MOST]
    seen = set(selectors.scoped_cases(desk.scope).filter(pk__in=named).values_list("pk", flat=True))
    rows = selectors.read_rows(ids=[pk for pk in named if pk in seen])
    return Chosen([row for row in rows if row.state not in SETTLED])


def _shared(rows: list[CaseRow]) -> list[str]:
    """Of supplier, place and kind what all of them have."""
    names = [
        {row.supplier_name for row in rows},
        {row.ship_to_name for row in rows},
        {kind_label(row.kind) for row in rows},
    ]
    same = [next(iter(each)) for each in names if len(each) == 1]
    return [name for name in same if name]


def _missing(rows: list[CaseRow]) -> list[str]:
    """Sums of the gaps, one a unit, where all of them are short or all of them over."""
    gaps: dict[str, Decimal] = {}
    known = [row for row in rows if row.gap and row.unit != DAYS]
    if len({row.gap > 0 for row in known if row.gap}) != 1:
        return []
    for row in known:
        gaps[row.unit] = gaps.get(row.unit, Decimal(0)) + (row.gap or Decimal(0))
    return [
        (_("%(n)s %(unit)s short") if gap < 0 else _("%(n)s %(unit)s over"))
        % {"n": words.quantity(abs(gap)), "unit": unit}
        for unit, gap in sorted(gaps.items())
    ]


def _worth(rows: list[CaseRow]) -> list[str]:
    sums = sums_of((row.money, row.currency) for row in rows)
    return [_("%(money)s at risk") % {"money": " + ".join(sums)}] if sums else []
