"""Tolerances as they are agreed, level by level; read in sets, and kept by version of the company's terms.

The nearest level that says something of a measure counts for it: order line, supplier and item, supplier,
company. That 0 is agreed is a word, too.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from visibility.masterdata.models import Company, Tolerance

Level = Literal["line", "item", "partner", "company"]


@dataclass(frozen=True, slots=True)
class Agreed:
    """One tolerance, who agreed to it and why. `both`: which counts where percent and amount are given."""

    id: int
    level: Level
    measure: str
    percent: Decimal | None
    amount: Decimal | None
    both: Literal["lower", "greater"]
    set_by: str
    reason: str
    set_at: dt.datetime


Measures = Mapping[str, Agreed]
NONE: Measures = MappingProxyType({})
_COLUMNS = ("id", "measure", "percent", "amount", "both", "set_by", "reason", "set_at")


@dataclass(frozen=True, slots=True)
class CompanyTolerances:
    """What is agreed with partners, of items and for the whole company; `has_lines`: and of single lines."""

    company: Measures
    partners: Mapping[int, Measures]
    items: Mapping[tuple[int, int], Measures]
    has_lines: bool = False

    def __bool__(self) -> bool:
        return bool(self.has_lines or self.company or self.partners or self.items)

    def of(self, *, partner_id: int | None, item_id: int | None) -> Measures:
        """What counts for an item of a partner, measure by measure."""
        if partner_id is None:
            return self.company
        own = self.items.get((partner_id, item_id), NONE) if item_id is not None else NONE
        partner = self.partners.get(partner_id, NONE)
        return {**self.company, **partner, **own} if own or partner else self.company


NOTHING = CompanyTolerances(NONE, MappingProxyType({}), MappingProxyType({}))
_kept: dict[int, tuple[int, CompanyTolerances]] = {}


def tolerances_of(*, company: Company) -> CompanyTolerances:
    """What a company agreed but for single order lines. One query after each change, none where none was."""
    if not company.terms_version:
        return NOTHING
    kept = _kept.get(company.pk)
    if kept is not None and kept[0] == company.terms_version:
        return kept[1]
    fresh = _read(company.pk)
    _kept[company.pk] = (company.terms_version, fresh)
    return fresh


def forget_kept() -> None:
    """Drop what is kept: for tests, whose databases bear the same numbers."""
    _kept.clear()


def _read(company_id: int) -> CompanyTolerances:
    rows = Tolerance.objects.filter(company_id=company_id)
    whole: dict[str, Agreed] = {}
    partners: dict[int, dict[str, Agreed]] = {}
    items: dict[tuple[int, int], dict[str, Agreed]] = {}
    for partner, item, *values in rows.filter(order_number="").values_list(
        "partner_id", "item_id", *_COLUMNS
    ):
        if partner is None:
            whole[values[1]] = _agreed("company", values)
        elif item is None:
            partners.setdefault(partner, {})[values[1]] = _agreed("partner", values)
        else:
            items.setdefault((partner, item), {})[values[1]] = _agreed("item", values)
    return CompanyTolerances(whole, partners, items, rows.exclude(order_number="").exists())


def tolerances_of_lines(
    *, company_id: int, orders: Iterable[str]
) -> dict[tuple[str, str], list[tuple[int | None, Agreed]]]:
    """What is agreed of single lines of the orders of these numbers, by (number, line).

    Each with the partner whose orders it is about; None: any that bears the number.
    """
    wanted = sorted({number for number in orders if number})
    found: dict[tuple[str, str], list[tuple[int | None, Agreed]]] = {}
    if not wanted:
        return found
    rows = Tolerance.objects.filter(company_id=company_id, order_number__in=wanted)
    for number, line, partner, *values in rows.values_list("order_number", "line", "partner_id", *_COLUMNS):
        found.setdefault((number, line), []).append((partner, _agreed("line", values)))
    return found


def _agreed(level: Level, values: list[object]) -> Agreed:
    number, *rest = values
    return Agreed(number, level, *rest)  # type: ignore[arg-type]  # by the order of _COLUMNS
