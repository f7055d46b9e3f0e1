"""Within which limits a policy decides by itself. Pure.

A limit that is not set limits nothing; a case that does not say what a limit is about is outside of it: what
is not known is nothing a policy may decide on.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from visibility.core.errors import InputError

SEVERITIES = ("low", "medium", "high", "critical")


class CaseFacts(Struct, frozen=True, kw_only=True):
    """What limits are held against. `gap` in its own measure: units, days for dates, money for prices."""

    severity: str
    gap: Decimal | None = None
    expected: Decimal | None = None
    money: Decimal | None = None
    supplier_id: int | None = None
    ship_to_id: int | None = None
    item: str = ""


def _most(name: str, value: Decimal | None, limit: Decimal) -> str:
    if value is None:
        return f"{name} is not known"
    return f"{name} {value.normalize():f} is over {limit.normalize():f}" if abs(value) > limit else ""


def _gap(facts: CaseFacts, limit: Any) -> str:
    return _most("the difference", facts.gap, Decimal(limit))


def _percent(facts: CaseFacts, limit: Any) -> str:
    if facts.gap is None or not facts.expected:
        return "the difference in percent is not known"
    share = abs(facts.gap) * 100 / abs(facts.expected)
    return _most("the difference in percent", share.quantize(Decimal("0.01")), Decimal(limit))


def _money(facts: CaseFacts, limit: Any) -> str:
    return _most("the money", facts.money, Decimal(limit))


def _severity(facts: CaseFacts, limit: Any) -> str:
    worse = SEVERITIES.index(facts.severity) > SEVERITIES.index(limit)
    return f"it is {facts.severity}, worse than {limit}" if worse else ""


def _suppliers(facts: CaseFacts, limit: Any) -> str:
    return "" if facts.supplier_id in limit else "the supplier is none of those named"


def _not_items(facts: CaseFacts, limit: Any) -> str:
    if not facts.item:
        return "the item is not known"
    family = next((each for each in limit if facts.item.startswith(each)), "")
    return f"{facts.item} is of the critical items {family}" if family else ""


LIMITS: dict[str, Callable[[CaseFacts, Any], str]] = {
    "gap": _gap,
    "percent": _percent,
    "money": _money,
    "severity": _severity,
    "suppliers": _suppliers,
    "not_items": _not_items,
}
"""By name, what tells why a case is outside; empty: it is within.

gap: so many units, days or money at most, up or down; percent: of what was expected; money: at stake;
severity: this one or milder; suppliers: ids of partners; not_items: beginnings of codes of critical items.
"""


def why_outside(*, limits: Mapping[str, Any], facts: CaseFacts) -> str:
    """Why a policy with these limits leaves a case to people; empty where it decides."""
    return next((why for name, limit in limits.items() if (why := LIMITS[name](facts, limit))), "")


def read_limits(*, given: Mapping[str, Any]) -> dict[str, Any]:
    """Limits as they are kept, of what was filled in; empty ones are left out.

    InputError naming the limit for values that make no sense, and where nothing at all is limited.
    """
    kept: dict[str, Any] = {}
    for name, value in given.items():
        if value in (None, "", [], ()):
            continue
        if name not in LIMITS:
            raise InputError("unknown_limit", f"{name} is no limit; there are {', '.join(LIMITS)}.", name)
        kept[name] = _read(name, value)
    if not kept:
        raise InputError("no_limit", "A policy without a limit would decide everything; set one.", "gap")
    return kept


def _read(name: str, value: Any) -> Any:
    if name == "severity":
        if value not in SEVERITIES:
            raise InputError("no_severity", f"{value} is none of {', '.join(SEVERITIES)}.", name)
        return value
    if name == "suppliers":
        return sorted({int(each) for each in value})
    if name == "not_items":
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        return sorted({str(each).strip() for each in words if str(each).strip()})
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise InputError("no_number", f"{value} is no number.", name) from error
    if not number.is_finite() or number < 0:
        raise InputError("no_number", "A limit is 0 or more.", name)
    return str(number)
