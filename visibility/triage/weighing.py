"""How much a case matters: what is at stake, and in how many days it hurts. Pure.

Rules weigh what they see by its share and its money (rules/seen.py). Time is added here: what hurts within
two days is one step worse than it would be otherwise, what has more than a month is one step milder.
"""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from visibility.canonical.documents import Item
from visibility.flows.state import FlowView, LineView
from visibility.triage.findings import CLOCK_KINDS, Finding, Severity

STEPS: tuple[Severity, ...] = ("low", "medium", "high", "critical")
SOON_DAYS = 2
FAR_DAYS = 30
UNKNOWN_DAYS = 30
"""What has money at stake and no date ranks as if it hurt in so many days."""
MOST_DAYS = 10_000


def weigh_in_time(*, severity: Severity, days: int | None) -> Severity:
    """The severity with its time: one step worse where it hurts soon, one milder where it is far off."""
    if days is None or SOON_DAYS < days <= FAR_DAYS:
        return severity
    step = STEPS.index(severity) + (1 if days <= SOON_DAYS else -1)
    return STEPS[min(max(step, 0), len(STEPS) - 1)]


def risk_of(*, money: Decimal | None, days: int | None) -> Decimal | None:
    """What a case costs for each day that is left: the order in which cases are worked off.

    None where nobody knows the money.
    """
    if money is None:
        return None
    return round(abs(money) / max(UNKNOWN_DAYS if days is None else days, 1), 4)


def weighed(*, finding: Finding, view: FlowView, as_of: dt.datetime, zone: str) -> Finding:
    """A finding with its days and its item. What a clock found was weighed by how late it is already."""
    line = next((each for each in view.lines if each.line == finding.line), None) if finding.line else None
    if finding.gap is None and finding.money is None:
        return msgspec.structs.replace(finding, item=code_of(line.item)) if line else finding
    today = as_of.astimezone(ZoneInfo(zone)).date()
    days = days_of(finding=finding, lines=[line] if line else view.lines, today=today)
    severity = finding.severity
    if finding.kind not in CLOCK_KINDS:
        severity = weigh_in_time(severity=severity, days=days)
    return msgspec.structs.replace(
        finding, days=days, severity=severity, item=code_of(line.item) if line else ""
    )


def days_of(*, finding: Finding, lines: list[LineView], today: dt.date) -> int | None:
    """Days until the goods are wanted; else until they are promised, else until the finding is due."""
    for dated in ("requests", "promises"):
        dates = [part.date for line in lines for part in getattr(line, dated) if part.date is not None]
        if dates:
            return _within((min(dates) - today).days)
    if finding.due_at is not None:
        return _within((finding.due_at.date() - today).days)
    return None


def _within(days: int) -> int:
    return max(min(days, MOST_DAYS), -MOST_DAYS)


def code_of(item: Item) -> str:
    """The code by which people know an item: ours, the supplier's, the GTIN."""
    return item.buyer or item.vendor or item.gtin
