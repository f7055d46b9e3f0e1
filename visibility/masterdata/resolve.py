"""What codes mean: cross-references read in sets, and provisional records where a code is new."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from msgspec import Struct

from visibility.canonical.documents import Item, Party
from visibility.core.db import server_cursor
from visibility.masterdata import ownership, tolerances
from visibility.masterdata.models import CrossReference

ITEM, PARTNER, LOCATION = (kind.value for kind in CrossReference.Kind)
TABLES = {ITEM: "masterdata_item", PARTNER: "masterdata_tradingpartner", LOCATION: "masterdata_location"}

Code = tuple[str, str]  # kind, "qualifier:value"


@dataclass(frozen=True, slots=True)
class Known:
    """What a code was found to mean."""

    id: int
    name: str
    provisional: bool


class Unknown(Struct, frozen=True, cache_hash=True):
    """Something a document names: all its codes (best first) and how the document calls it."""

    kind: str
    codes: tuple[str, ...]
    name: str


def item_codes(item: Item, *, supplier: Party) -> tuple[str, ...]:
    """The codes of an item, best first: ours, the supplier's (within that supplier), GTIN."""
    scope = supplier.ids[0] if supplier.ids else ""
    return tuple(
        code
        for value, code in (
            (item.buyer, f"buyer:{item.buyer}"),
            (item.vendor, f"vendor:{scope}:{item.vendor}"),
            (item.gtin, f"gtin:{item.gtin}"),
        )
        if value
    )


def party_codes(party: Party) -> tuple[str, ...]:
    """The codes of a party: its ids, else its name, which is all that some documents give."""
    return party.ids or ((f"name:{party.name.strip().upper()}",) if party.name.strip() else ())


# The same few parties and items are named over and over; putting their codes together again each time
# took longer than finding what they mean.
@lru_cache(maxsize=4096)
def named_party(kind: str, party: Party) -> Unknown:
    """A party as something to be known. Without codes: it is not named at all."""
    return Unknown(kind, party_codes(party), party.name)


@lru_cache(maxsize=32768)
def named_item(item: Item, supplier: Party) -> Unknown:
    """An item as something to be known, with the supplier's own code within that supplier."""
    return Unknown(ITEM, item_codes(item, supplier=supplier), item.description)


# Codes that a person has confirmed change rarely, and each chunk asks for the same ones again. Provisional
# and unknown ones are never kept, so that a mapping takes effect at once.
KEEP_SECONDS = 5.0
KEEP_MOST = 200_000
_kept: dict[tuple[int, Code], tuple[float, Known]] = {}


def find(*, company_id: int, codes: Iterable[Code]) -> dict[Code, Known]:
    """What each of the codes means; those nobody has mapped are left out.

    A confirmed code that is re-mapped is seen by every process within KEEP_SECONDS.
    """
    now, found, wanted = time.monotonic(), {}, []
    for code in set(codes):
        kept = _kept.get((company_id, code))
        if kept is not None and kept[0] > now:
            found[code] = kept[1]
        else:
            wanted.append(code)
    if not wanted:
        return found
    fresh = _read(company_id, sorted(wanted))
    if len(_kept) > KEEP_MOST:
        _kept.clear()
    _kept.update(
        {
            (company_id, code): (now + KEEP_SECONDS, known)
            for code, known in fresh.items()
            if not known.provisional
        }
    )
    return found | fresh


def forget_kept() -> None:
    """Drop what is kept: for tests, and for whoever re-maps a code in this process."""
    _kept.clear()
    ownership.forget_kept()
    tolerances.forget_kept()


def _read(company_id: int, wanted: list[Code]) -> dict[Code, Known]:
    with server_cursor(connection) as cursor:
        cursor.execute(
            "SELECT x.kind, x.value, x.target, coalesce(i.name, p.name, l.name, ''), "
            "       coalesce(nullif(i.code, ''), p.code, l.code, ''), "
            "       coalesce(i.provisional, p.provisional, l.provisional, false) "
            "FROM unnest(%b::text[], %b::text[]) w(kind, value) "
            "JOIN masterdata_crossreference x ON x.company_id = %s AND x.kind = w.kind AND x.value = w.value "
            "LEFT JOIN masterdata_item i ON x.kind = 'item' AND i.id = x.target "
            "LEFT JOIN masterdata_tradingpartner p ON x.kind = 'partner' AND p.id = x.target "
            "LEFT JOIN masterdata_location l ON x.kind = 'location' AND l.id = x.target",
            [[kind for kind, _ in wanted], [value for _, value in wanted], company_id],
        )
        return {
            (kind, value): Known(target, name or code, provisional)
            for kind, value, target, name, code, provisional in cursor.fetchall()
        }


def make_provisional(*, company_id: int, unknown: Iterable[Unknown]) -> None:
    """Enter provisional master data for what documents named and nobody had entered.

    Sorted, so that two workers who meet the same codes queue up instead of blocking each other.
    """
    with server_cursor(connection) as cursor:
        for kind, table in TABLES.items():
            rows = sorted({(u.codes[0], u.name): u for u in unknown if u.kind == kind}.items())
            if not rows:
                continue
            cursor.execute(
                f"INSERT INTO {table} (company_id, code, name, provisional, created_at"
                + (", base_unit" if kind == ITEM else ", time_zone" if kind == LOCATION else "")
                + ") SELECT %s, left(code, 80), left(name, 200), true, now()"
                + (", ''" if kind in (ITEM, LOCATION) else "")
                + " FROM unnest(%b::text[], %b::text[]) n(code, name) ON CONFLICT DO NOTHING",
                [company_id, [u.codes[0] for _, u in rows], [u.name for _, u in rows]],
            )
            pairs = sorted({(code, u.codes[0]) for _, u in rows for code in u.codes})
            cursor.execute(
                "INSERT INTO masterdata_crossreference (company_id, kind, value, target) "
                "SELECT %s, %s, left(p.value, 120), t.id "
                "FROM unnest(%b::text[], %b::text[]) p(value, code) "
                f"JOIN {table} t ON t.company_id = %s AND t.code = left(p.code, 80) "
                "ORDER BY p.value ON CONFLICT DO NOTHING",
                [company_id, kind, [v for v, _ in pairs], [c for _, c in pairs], company_id],
            )
