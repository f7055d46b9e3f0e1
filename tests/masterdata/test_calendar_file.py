"""A file of calendars: what it says, and every place where it cannot be meant."""

import re
from pathlib import Path

import pytest

from visibility.masterdata.calendar_file import CalendarFileError, read_calendar_file
from visibility.masterdata.calendars import read_spans


@pytest.mark.parametrize(
    ("texts", "spans"),
    [
        ([], ()),
        (["08:00-17:00"], ((480, 1020),)),
        (["0:00-24:00"], ((0, 1440),)),
        (["08:00-12:00", "12:00-17:30"], ((480, 720), (720, 1050))),
    ],
)
def test_hours_are_read_as_minutes_of_the_day(texts: list[str], spans: tuple[tuple[int, int], ...]):
    assert read_spans(texts) == spans


@pytest.mark.parametrize(
    ("texts", "text"),
    [
        (["8-17"], 'no span of time; write it like "08:00-17:00"'),
        (["08:00"], "no span of time"),
        (["08:00-"], "no span of time"),
        (["²8:00-17:00"], "no span of time"),
        (["08:60-17:00"], "no time of day 08:60"),
        (["08:00-24:01"], "no time of day 24:01"),
        (["22:00-06:00"], "ends before it begins"),
        (["08:00-08:00"], "ends before it begins"),
        (["08:00-12:00", "11:00-13:00"], "do not overlap"),
        (["13:00-17:00", "08:00-12:00"], "follow each other"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_with_what_is_wrong(texts: list[str], text: str):
    with pytest.raises(ValueError, match=text):
        read_spans(texts)


HEAD = '[company]\ncode = "northgate"\n'


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[company", "file", "no TOML"),
        ("", "file", "company"),
        ("[company]\ncode = 7\n", "company.code", "str"),
        (HEAD + 'calender = "x"\n', "company", "unknown field `calender`"),
        (HEAD + "live_from = true\n", "company.live_from", "false for none"),
        (HEAD + '[calendars.dock]\nmonday = ["8-17"]\n', "calendars.dock.monday", "no span of time"),
        (HEAD + '[calendars.dock]\nname = "Dock"\n', "calendars.dock", "no weekday has hours"),
        (
            HEAD + '[calendars.dock]\ntime_zone = "Chicago"\nmonday = ["8:00-9:00"]\n',
            "calendars.dock.time_zone",
            "no",
        ),
        (
            HEAD + '[calendars.dock]\nmonday = ["8:00-9:00"]\n'
            'days = [{date = 2026-12-24, hours = ["8:00-7:00"]}]\n',
            "calendars.dock.days[0].hours",
            "ends before",
        ),
        (
            HEAD + '[calendars.dock]\nmonday = ["8:00-9:00"]\n'
            "days = [{date = 2026-12-24}, {date = 2026-12-24}]\n",
            "calendars.dock.days[1].date",
            "twice",
        ),
        (HEAD + f'[calendars.{"d" * 41}]\nmonday = ["8:00-9:00"]\n', "calendars." + "d" * 41, "at most 40"),
        (HEAD + '[places.DAL]\ntime_zone = "Mars/Base"\n', "places.DAL.time_zone", "no time zone"),
        (
            HEAD + "[partners.ACME]\nacknowledgement_hours = 0\n",
            "partners.ACME.acknowledgement_hours",
            "1 to",
        ),
        (HEAD + '[partners.ACME]\nsends = ["asn"]\n', "partners[...].sends[0]", "Invalid enum value 'asn'"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(text: str, where: str, what: str):
    with pytest.raises(CalendarFileError) as refused:
        read_calendar_file(text.encode())
    (problem,) = refused.value.problems
    assert problem[0] == where
    assert what in problem[1]


def test_the_example_of_the_documents_is_such_a_file():
    page = (Path(__file__).parents[2] / "docs" / "calendars.md").read_text()
    (example,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    file = read_calendar_file(example.encode())
    assert set(file.calendars) == {"office", "two-shifts"}
    assert file.calendars["office"].days[1].hours == ("08:00-12:00",)


def test_everything_that_is_wrong_is_told_at_once():
    text = HEAD + '[calendars.dock]\nmonday = ["8"]\nfriday = ["9"]\n[places.DAL]\ntime_zone = "X"\n'
    with pytest.raises(CalendarFileError) as refused:
        read_calendar_file(text.encode())
    assert [where for where, _ in refused.value.problems] == [
        "calendars.dock.monday",
        "calendars.dock.friday",
        "places.DAL.time_zone",
    ]
