"""A history is as of a day: no clock runs for what lies behind it, whatever is rebuilt or swept since."""

import datetime as dt
from collections.abc import Callable

from tests.factories import connection, one, order, send
from tests.history.conftest import Desk
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.pipeline.worker import drain
from visibility.triage.findings import CLOCK_KINDS
from visibility.triage.models import ExceptionCase

MAPPING = """
name = "orders"
[row]
id = "po"
[fields]
"order.number" = "po"
"lines.line" = { value = "1" }
"lines.quantity" = "qty"
"lines.item.buyer" = { value = "SKU-1042" }
[[document]]
type = "order.placed"
[document.fields]
"ordered_on" = "on"
"issued_at" = "on"
"released_at" = "on"
"lines.requests.date" = "wanted"
"lines.requests.basis" = { value = "dock" }
"""
AS_OF = dt.date(2024, 6, 30)
LONG_AFTER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def rows(**orders: tuple[str, str]) -> str:
    return "po,qty,on,wanted\n" + "".join(f"{po},5,{on},{wanted}\n" for po, (on, wanted) in orders.items())


def clock_cases() -> set[str]:
    sweep_due(as_of=LONG_AFTER)
    found = ExceptionCase.objects.filter(kind__in=CLOCK_KINDS, is_open=True)
    return set(found.values_list("order_number", flat=True))


def test_orders_from_before_that_day_open_no_clock_case_and_those_after_it_do(desk: Desk) -> None:
    desk.write(
        "a.csv",
        rows(
            BEFORE=("2024-05-01", "2024-05-20"),
            ACROSS=("2024-06-20", "2024-07-20"),
            LAST_DAY=("2024-06-30", "2024-07-20"),
            AFTER=("2024-07-01", "2024-07-20"),
        ),
    )
    assert desk.bring("a.csv", MAPPING, as_of=AS_OF)["entries"] == 4
    assert clock_cases() == {"AFTER"}


def test_a_rebuild_from_the_ledger_knows_the_day(desk: Desk, rebuilt_the_same: Callable[[], None]) -> None:
    desk.write("a.csv", rows(BEFORE=("2024-05-01", "2024-05-20"), AFTER=("2024-07-01", "2024-07-20")))
    desk.bring("a.csv", MAPPING, as_of=AS_OF)
    rebuilt_the_same()
    assert list(rebuild(check=False)) == []
    assert clock_cases() == {"AFTER"}


def test_without_a_day_it_is_the_day_of_the_import(desk: Desk) -> None:
    desk.write("a.csv", rows(BEFORE=("2024-05-01", "2024-05-20"), AFTER=("2024-07-01", "2024-07-20")))
    desk.bring("a.csv", MAPPING)
    assert clock_cases() == set()


def test_an_order_that_says_no_day_at_all_is_as_old_as_the_history(desk: Desk) -> None:
    desk.write("a.csv", rows(UNDATED=("", "2024-05-20")))
    desk.bring("a.csv", MAPPING, as_of=AS_OF)
    assert clock_cases() == set()


def test_what_is_told_live_runs_against_the_clock_beside_a_history(desk: Desk) -> None:
    desk.write("a.csv", rows(BEFORE=("2024-05-01", "2024-05-20")))
    desk.bring("a.csv", MAPPING, as_of=AS_OF)
    send(connection(of=desk.connection.company), one(order("LIVE", issuer="")))
    drain()
    sweep_due(as_of=dt.datetime(2027, 6, 1, tzinfo=dt.UTC))
    found = ExceptionCase.objects.filter(kind__in=CLOCK_KINDS)
    assert set(found.values_list("order_number", flat=True)) == {"LIVE"}


def test_an_order_that_was_told_live_is_watched_though_a_history_tells_of_it_too(desk: Desk) -> None:
    live = connection(of=desk.connection.company)
    send(live, one(order("BOTH", issuer="")))
    desk.write("a.csv", rows(BOTH=("2026-11-01", "2026-11-20"), OLD=("2026-11-01", "2026-11-20")))
    desk.bring("a.csv", MAPPING, as_of=dt.date(2026, 12, 31))
    drain()
    sweep_due(as_of=dt.datetime(2027, 6, 1, tzinfo=dt.UTC))
    found = ExceptionCase.objects.filter(kind__in=CLOCK_KINDS)
    assert set(found.values_list("order_number", flat=True)) == {"BOTH"}


def test_an_opening_balance_is_watched_from_its_day_on(desk: Desk) -> None:
    mapping = MAPPING.replace("order.placed", "order.opening_balance").replace(
        '"ordered_on" = "on"', '"ordered_on" = "on"\n"as_of" = { value = 2024-06-30T12:00:00Z }'
    )
    desk.write("a.csv", rows(OPEN=("2024-05-01", "2024-07-20")))
    assert desk.bring("a.csv", mapping, as_of=AS_OF)["entries"] == 1
    assert clock_cases() == {"OPEN"}
