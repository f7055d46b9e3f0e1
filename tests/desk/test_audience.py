"""Who wants to hear what of a case, by which way."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from visibility.desk.audience import Choice, Happening, Person, next_hour, notices_of

CHICAGO = ZoneInfo("America/Chicago")
NOW = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)
MARIA, JIN, DEEPA = (
    Person(id=1, role="buyer", name="Maria Ortiz"),
    Person(id=2, role="supplier_manager", name="Jin Kim"),
    Person(id=3, role="planner", name="Deepa Patel"),
)


def happening(**more) -> Happening:
    known = {
        "case_id": 9,
        "queue": "quantity-mismatches",
        "severity": "medium",
        "owner_role": "buyer",
        "assignee_id": None,
        "watchers": frozenset(),
        "why": "opened",
        "text": "Acme confirmed 60 of 100",
        "at": NOW,
    }
    return Happening(**{**known, **more})


def told(event: Happening, *choices: Choice) -> set[tuple[int, str]]:
    own: dict[int, list[Choice]] = {}
    for choice in choices:
        own.setdefault(choice.user_id, []).append(choice)
    found = notices_of(happening=event, people=(MARIA, JIN, DEEPA), choices=own, zone=CHICAGO)
    return {(notice.user_id, notice.way) for notice in found}


@pytest.mark.parametrize(
    ("more", "choices", "expected"),
    [
        ({}, [], {(1, "app")}),
        ({"assignee_id": 2}, [], {(2, "app")}),
        ({"watchers": frozenset({3})}, [], {(1, "app"), (3, "app")}),
        ({"why": "mentioned", "to": frozenset({3})}, [], {(3, "app")}),
        ({"why": "assigned", "assignee_id": 2, "to": frozenset({2})}, [], {(2, "app")}),
        ({}, [Choice(id=5, user_id=2, way="email", mine_only=False)], {(1, "app"), (2, "email")}),
        ({}, [Choice(id=5, user_id=2, way="email", mine_only=False, severity="high")], {(1, "app")}),
        ({}, [Choice(id=5, user_id=2, way="email", mine_only=False, queue="late-and-at-risk")], {(1, "app")}),
        (
            {},
            [Choice(id=5, user_id=1, way="email"), Choice(id=6, user_id=1, way="chat")],
            {(1, "email"), (1, "chat")},
        ),
        ({"by_name": "Maria Ortiz"}, [], set()),
    ],
)
def test_people_hear_of_what_is_theirs_and_of_what_they_chose(more, choices, expected):
    assert told(happening(**more), *choices) == expected


def test_one_way_tells_a_person_once_however_many_choices_fit():
    twice = [Choice(id=n, user_id=1, way="email", mine_only=False) for n in (5, 6)]
    found = notices_of(happening=happening(), people=(MARIA,), choices={1: twice}, zone=CHICAGO)
    assert [notice.choice_id for notice in found] == [5]


@pytest.mark.parametrize(
    ("moment", "hours", "due"),
    [
        ("2026-11-23T13:59+00:00", ("08:00",), "2026-11-23T14:00+00:00"),
        ("2026-11-23T14:00+00:00", ("08:00",), "2026-11-24T14:00+00:00"),
        ("2026-11-23T16:00+00:00", ("08:00", "13:30"), "2026-11-23T19:30+00:00"),
        ("2026-11-23T16:00+00:00", (), "2026-11-24T14:00+00:00"),
        ("2026-10-31T20:00+00:00", ("08:00",), "2026-11-01T14:00+00:00"),
    ],
)
def test_a_digest_goes_at_the_next_of_its_hours_by_the_clock_on_the_wall(moment, hours, due):
    assert next_hour(dt.datetime.fromisoformat(moment), hours, CHICAGO) == dt.datetime.fromisoformat(due)
