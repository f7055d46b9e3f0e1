"""Whose word counts for which facts at which places, as the settings say it; read once for many orders."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from visibility.core.db import server_cursor
from visibility.masterdata.models import Ownership, System

KEEP_SECONDS = 5.0
MOST_PARENTS = 20
"""Levels of places that are looked through; more is a circle."""
_PRIMARY = str(Ownership.Role.PRIMARY.value)
_MIRROR = str(Ownership.Role.MIRROR.value)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what a system is for a kind of fact at a place (None: at all of the company's)."""

    fact: str
    place_id: int | None
    system: str
    role: str
    hours: int | None


@dataclass(frozen=True, slots=True)
class CompanyOwnership:
    """All settings of a company, and what its systems are called."""

    rules: tuple[Rule, ...]
    names: dict[str, str]

    @property
    def has_places(self) -> bool:
        """Whether any place has settings of its own."""
        return any(rule.place_id is not None for rule in self.rules)

    def at(self, chain: Sequence[int]) -> dict[str, tuple[Rule, ...]]:
        """By kind of fact what holds at a place: `chain` is the place and those above it, nearest first.

        Of each system the nearest row counts; the nearest primary is the primary, and one that is primary
        further up is a mirror here. The primary comes first.
        """
        level = {place: index for index, place in enumerate(chain)}
        near = [rule for rule in self.rules if rule.place_id is None or rule.place_id in level]
        near.sort(key=lambda rule: len(chain) if rule.place_id is None else level[rule.place_id])
        found: dict[str, dict[str, Rule]] = {}
        for rule in near:
            own = found.setdefault(rule.fact, {})
            if rule.system in own:
                continue
            if rule.role == _PRIMARY and any(each.role == _PRIMARY for each in own.values()):
                own[rule.system] = Rule(rule.fact, rule.place_id, rule.system, _MIRROR, rule.hours)
            else:
                own[rule.system] = rule
        return {
            fact: tuple(sorted(own.values(), key=lambda rule: (rule.role != _PRIMARY, rule.system)))
            for fact, own in found.items()
        }


_kept: dict[int, tuple[float, CompanyOwnership]] = {}


def ownership_of(*, company_id: int) -> CompanyOwnership:
    """The settings of a company. A change is seen by every process within KEEP_SECONDS."""
    now = time.monotonic()
    kept = _kept.get(company_id)
    if kept is not None and kept[0] > now:
        return kept[1]
    fresh = _read(company_id)
    _kept[company_id] = (now + KEEP_SECONDS, fresh)
    return fresh


def forget_kept() -> None:
    """Drop what is kept: for tests, and for whoever changes settings in this process."""
    _kept.clear()


def _read(company_id: int) -> CompanyOwnership:
    names = dict(System.objects.filter(company_id=company_id).values_list("code", "name"))
    if not names:
        return CompanyOwnership((), {})
    rows = Ownership.objects.filter(company_id=company_id).order_by("fact", "place_id", "system__code")
    return CompanyOwnership(
        tuple(
            Rule(*row) for row in rows.values_list("fact", "place_id", "system__code", "role", "mirror_hours")
        ),
        {code: name or code for code, name in names.items()},
    )


def chains_of_places(*, ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Each place with the places above it, nearest first. No query for none."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    with server_cursor(connection) as cursor:
        cursor.execute(
            "WITH RECURSIVE up AS ("
            "  SELECT id AS place, 0 AS level, id, parent_id FROM masterdata_location WHERE id = ANY(%b) "
            "  UNION ALL "
            "  SELECT up.place, up.level + 1, l.id, l.parent_id "
            "  FROM up JOIN masterdata_location l ON l.id = up.parent_id WHERE up.level < %s) "
            "SELECT place, array_agg(id ORDER BY level) FROM up GROUP BY place",
            [wanted, MOST_PARENTS],
        )
        return {place: tuple(chain) for place, chain in cursor.fetchall()}
