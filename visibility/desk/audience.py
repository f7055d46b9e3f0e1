"""Who wants to hear what of a case, and by which way. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

SEVERITIES = ("low", "medium", "high", "critical")
WEIGHT = {
    "opened": 1,
    "changed": 1,
    "progress": 2,
    "warning": 3,
    "assigned": 4,
    "over": 5,
    "mentioned": 6,
    "approve": 7,
}
"""Why somebody is told, the more pressing the higher: what is more pressing is told again."""
PERSONAL = frozenset({"assigned", "mentioned", "approve"})
"""Meant for one person, whatever they chose of queues and severities."""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who may see the case. `name` as histories say who did something."""

    id: int
    role: str
    name: str = ""


class Choice(Struct, frozen=True, kw_only=True):
    """What a person wants to hear of, one way. Empty `queue` and `severity`: all; `at`: a digest's hours."""

    id: int | None
    user_id: int
    way: str
    queue: str = ""
    severity: str = ""
    mine_only: bool = True
    at: tuple[str, ...] = ()


class Happening(Struct, frozen=True, kw_only=True):
    """Something that happened to a case. `to`: the people it is meant for, where it is meant for some."""

    case_id: int
    queue: str
    severity: str
    owner_role: str
    assignee_id: int | None
    watchers: frozenset[int]
    why: str
    text: str
    at: datetime
    to: frozenset[int] = frozenset()
    by_name: str = ""
    """Who did it: nobody is told of their own deeds."""
    company_id: int = 0

    def watched_by(self, watchers: frozenset[int]) -> "Happening":
        """The same with those who watch the case."""
        return msgspec.structs.replace(self, watchers=watchers)


class Notice(Struct, frozen=True, kw_only=True):
    """One person is to be told by one way."""

    user_id: int
    case_id: int
    way: str
    choice_id: int | None
    why: str
    text: str
    at: datetime
    due_at: datetime


def notices_of(
    *, happening: Happening, people: Iterable[Person], choices: Mapping[int, list[Choice]], zone: ZoneInfo
) -> list[Notice]:
    """Who is told of it, each way once. Who chose nothing is told here, of what is theirs."""
    found: dict[tuple[int, str], Notice] = {}
    for person in people:
        if person.name and person.name == happening.by_name and person.id not in happening.to:
            continue
        own = choices.get(person.id) or [Choice(id=None, user_id=person.id, way="app")]
        for choice in own:
            if _wants(choice, person, happening):
                found.setdefault(
                    (person.id, choice.way),
                    Notice(
                        user_id=person.id,
                        case_id=happening.case_id,
                        way=choice.way,
                        choice_id=choice.id,
                        why=happening.why,
                        text=happening.text,
                        at=happening.at,
                        due_at=_due(happening, choice, zone),
                    ),
                )
    return list(found.values())


def _due(happening: Happening, choice: Choice, zone: ZoneInfo) -> datetime:
    return next_hour(happening.at, choice.at, zone) if choice.way == "digest" else happening.at


def _wants(choice: Choice, person: Person, happening: Happening) -> bool:
    if happening.why in PERSONAL:
        return person.id in happening.to
    theirs = person.id == happening.assignee_id or person.id in happening.watchers
    of_role = happening.assignee_id is None and person.role == happening.owner_role
    if choice.mine_only and not (theirs or of_role):
        return False
    if choice.queue and choice.queue != happening.queue:
        return False
    least = choice.severity or SEVERITIES[0]
    return SEVERITIES.index(happening.severity) >= SEVERITIES.index(least)


def next_hour(moment: datetime, hours: tuple[str, ...], zone: ZoneInfo) -> datetime:
    """The next of these hours of the day ("08:00") after a moment, in a zone; eight where none is set."""
    local = moment.astimezone(zone)
    times = sorted(time.fromisoformat(hour) for hour in hours or ("08:00",))
    days = (local.date(), local.date() + timedelta(days=1))
    return next(
        each for day in days for at in times if (each := datetime.combine(day, at, tzinfo=zone)) > local
    )
