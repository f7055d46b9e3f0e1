"""Eight weeks of Northgate's purchasing up to a moment: orders of every kind, and what happened to them."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from integrations.sandbox.company import TIME_ZONE
from integrations.sandbox.facts import Fact, Order
from integrations.sandbox.hours import WorkingHours
from integrations.sandbox.lives import Narrator
from integrations.sandbox.plans import Planned, plan


@dataclass(frozen=True, slots=True)
class Scenario:
    """`orders` oldest first; `facts` in the order they were sent, none after the anchor."""

    orders: tuple[Order, ...]
    facts: tuple[Fact, ...]


def build_scenario(*, seed: int, orders: int = 320, anchor: datetime) -> Scenario:
    """The same arguments give the same scenario. ValueError if `anchor` has no time zone.

    Lives are told to their end and then cut at the anchor, so recent orders stand at every stage.
    """
    if anchor.tzinfo is None:
        raise ValueError("the anchor needs a time zone")
    rng = Random(seed)
    hours = WorkingHours(ZoneInfo(TIME_ZONE))
    planned = plan(rng=rng, orders=orders, hours=hours, anchor=hours.seconds_at(anchor))
    narrator = Narrator(rng=rng, hours=hours)
    facts: list[Fact] = []
    for each in planned:
        facts.extend(narrator.tell(each, _companions(each, planned)))
    happened = sorted((fact for fact in facts if fact.at <= anchor), key=lambda fact: fact.at)
    return Scenario(tuple(each.order for each in planned), tuple(happened))


def _companions(one: Planned, planned: list[Planned]) -> list[Planned]:
    return [other for other in planned if other.convoy == one.convoy] if one.convoy else []
