"""Texts as numbers, dates and moments: as the mapping says they are written, or not at all."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from integrations.mappings.history.grammar import Mapping, read_mapping
from integrations.mappings.history.values import Settings, reader_of


def mapping(more: str = "") -> Mapping:
    return read_mapping(
        f'name = "t"\n{more}\n[row]\nid = "id"\n[[document]]\ntype = "order.placed"', name="t.toml"
    )[0]


def read(kind: Any, text: str, more: str = "") -> Any:
    return reader_of(kind, Settings(mapping(more), "x", None))(text)


DOLLARS = '[numbers]\nthousands = ","\naround = ["$", "USD", "KG"]'
GERMAN = '[numbers]\ndecimal = ","\nthousands = "."'


@pytest.mark.parametrize(
    ("text", "more", "value"),
    [
        ("1", "", "1"),
        ("-1.50", "", "-1.50"),
        ("+2", "", "2"),
        (".5", "", "0.5"),
        ("12-", "", "-12"),
        ("1.234,56", GERMAN, "1234.56"),
        ("1234,56", GERMAN, "1234.56"),
        ("1.234.567", GERMAN, "1234567"),
        ("-1.234,5", GERMAN, "-1234.5"),
        ("1,234.5", '[numbers]\nthousands = ","', "1234.5"),
        ("1 234", '[numbers]\nthousands = " "', "1234"),
        ("$ 3,600.50", DOLLARS, "3600.50"),
        ("-$5", DOLLARS, "-5"),
        ("40 KG", DOLLARS, "40"),
        ("USD 7.25", DOLLARS, "7.25"),
        ("12", DOLLARS, "12"),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, more: str, value: str) -> None:
    assert read(Decimal, text, more) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("$", DOLLARS),
        ("$ five", DOLLARS),
        ("$ 5 US", DOLLARS),
        ("$ 5", GERMAN),
        ("1.5", GERMAN),
        ("12.34,5", GERMAN),
        ("1.2345", GERMAN),
        ("1,234.5", GERMAN),
        ("1.5", '[numbers]\ndecimal = ","'),
        ("1,5", ""),
        ("five", ""),
        ("1e5", ""),
        ("NaN", ""),
        ("--1", ""),
        ("-1-", ""),
        ("٣", ""),
        ("1_000", ""),
    ],
)
def test_what_is_written_otherwise_is_no_number(text: str, more: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        read(Decimal, text, more)


BERLIN = '[times]\nformats = ["%d.%m.%Y %H:%M", "%d.%m.%Y", "iso"]\nzone = "Europe/Berlin"'


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("03.07.2024 14:30", "2024-07-03T12:30:00+00:00"),
        ("03.01.2024 14:30", "2024-01-03T13:30:00+00:00"),
        ("03.07.2024", "2024-07-03T00:00:00+00:00"),
        ("2024-07-03T14:30:00Z", "2024-07-03T14:30:00+00:00"),
        ("2024-07-03T14:30:00.000000+0200", "2024-07-03T12:30:00+00:00"),
        ("2024-07-03 14:30", "2024-07-03T12:30:00+00:00"),
        ("2024-07-03", "2024-07-03T00:00:00+00:00"),
    ],
)
def test_moments_are_of_their_own_zone_or_the_named_one_and_dates_stay_dates(text: str, moment: str) -> None:
    assert read(dt.datetime, text, BERLIN) == dt.datetime.fromisoformat(moment)


def test_a_moment_is_the_day_it_is_in_the_named_zone() -> None:
    assert read(dt.date, "2024-07-03T23:30:00Z", BERLIN) == dt.date(2024, 7, 4)
    assert read(dt.date, "03.07.2024 23:30", BERLIN) == dt.date(2024, 7, 3)


@pytest.mark.parametrize("text", ["31.02.2024", "2024", "Date Not Captured", "03/07/2024", "0"])
def test_what_is_written_otherwise_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is no date written as"):
        read(dt.date, text, BERLIN)


@pytest.mark.parametrize(("form", "text"), [("unix", "1720009800"), ("unix_ms", "1720009800000")])
def test_moments_may_be_counted_from_1970_on(form: str, text: str) -> None:
    at = read(dt.datetime, text, f'[times]\nformats = ["{form}"]')
    assert at == dt.datetime(2024, 7, 3, 12, 30, tzinfo=dt.UTC)
    with pytest.raises(ValueError, match="is no date"):
        read(dt.datetime, "9" * 30, f'[times]\nformats = ["{form}"]')


def test_a_text_longer_than_any_name_is_refused() -> None:
    with pytest.raises(ValueError, match="501 characters stand here; 500 fit"):
        read(str, "x" * 501)


def test_a_map_is_applied_before_unknown_texts_are_looked_for() -> None:
    settings = Settings(
        mapping('unknown = ["-"]\n[columns.x]\nunknown = ["?"]\nmap = { a = "b" }'), "x", None
    )
    assert settings.unknown == {"", "-", "?"}
    assert settings.map == {"a": "b"}
