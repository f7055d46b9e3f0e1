"""The delivery lines of ../shared/data, brought in by the shipped mapping: each of their traps."""

import csv
import datetime as dt
import gzip
import io
import os
import time
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.history.conftest import Desk
from visibility.access.scopes import everything
from visibility.flows.models import Flow, FlowLine
from visibility.ledger.models import LedgerEntry
from visibility.pipeline.trace import trace_key
from visibility.triage.models import ExceptionCase

FILE = Path(settings.BASE_DIR).parent / "shared" / "data" / "scms_delivery_history.csv.gz"
MAPPING = (Path(settings.BASE_DIR) / "integrations" / "mappings" / "history" / "scms.toml").read_text(
    encoding="utf-8"
)
Row = dict[str, str]


@cache
def everything_there() -> tuple[Row, ...]:
    """The file, read by csv alone."""
    if not FILE.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("../shared/data is missing")
        pytest.skip("../shared/data is not there")
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


def bring(desk: Desk, rows: list[Row]) -> dict[str, Any]:
    told = io.StringIO(newline="")
    writer = csv.DictWriter(told, fieldnames=list(everything_there()[0]))
    writer.writeheader()
    writer.writerows(rows)
    desk.write("scms.csv", told.getvalue())
    return desk.bring("scms.csv", MAPPING)


def some(most: int, **wanted: str) -> list[Row]:
    """Rows with these texts in these columns (with _ for a space)."""
    asked = {name.replace("_", " "): text for name, text in wanted.items()}
    found = [row for row in everything_there() if all(row[name] == text for name, text in asked.items())]
    assert found
    return found[:most]


def day(text: str, form: str) -> dt.date:
    return dt.date(*time.strptime(text, form)[:3])


def trace(number: str) -> dict[str, Any]:
    (found,) = trace_key(key=number, scope=everything())
    return found


def test_every_row_of_the_file_is_usable(desk: Desk) -> None:
    rows = everything_there()
    told = desk.run_on(FILE, MAPPING, check=-1, as_json=True)
    assert (told["rows"], told["used"], told["unusable"], told["skipped"]) == (len(rows), len(rows), 0, 0)
    assert told["documents"] == {"order.placed": len(rows), "goods.received": len(rows)}


def test_orders_and_lines_are_those_that_an_independent_count_finds(desk: Desk) -> None:
    orders = {row["PO / SO #"] for row in everything_there()[::9]}
    rows = [row for row in everything_there() if row["PO / SO #"] in orders][:900]
    figures = bring(desk, rows)
    per_order = Counter(row["PO / SO #"] for row in rows)
    assert (figures["orders"], figures["lines"]) == (len(per_order), len(rows))
    assert dict(Flow.objects.values_list("number", "line_count")) == per_order
    assert figures["entries"] == LedgerEntry.objects.count() == 2 * len(rows)
    quantities = {row["ID"]: Decimal(row["Line Item Quantity"]) for row in rows}
    assert dict(FlowLine.objects.values_list("line", "ordered")) == quantities


def test_vendors_rows_are_purchase_orders_and_the_warehouses_are_shipments_to_clients(desk: Desk) -> None:
    rows = some(5, Fulfill_Via="Direct Drop") + some(5, Fulfill_Via="From RDC")
    bring(desk, rows)
    schemes = Counter(
        document["order"].get("scheme", "po")
        for document in LedgerEntry.objects.filter(type="order.placed").values_list("document", flat=True)
    )
    assert schemes == {"po": 5, "so": 5}


def test_both_ways_of_writing_dates_are_read(desk: Desk) -> None:
    row = next(r for r in everything_there() if "/" in r["PO Sent to Vendor Date"])
    bring(desk, [row])
    documents = dict(LedgerEntry.objects.values_list("type", "document"))
    sent = day(row["PO Sent to Vendor Date"], "%m/%d/%y")
    wanted = day(row["Scheduled Delivery Date"], "%d-%b-%y")
    assert documents["order.placed"]["ordered_on"] == sent.isoformat()
    assert documents["order.placed"]["lines"][0]["requests"][0]["date"] == wanted.isoformat()


@pytest.mark.parametrize("text", ["Date Not Captured", "N/A - From RDC"])
def test_an_order_date_that_nobody_noted_stays_unknown(desk: Desk, text: str) -> None:
    row = some(1, PO_Sent_to_Vendor_Date=text)[0]
    bring(desk, [row])
    found = trace(row["PO / SO #"])
    assert found["order"]["ordered_on"] is None
    placed = next(m for m in found["milestones"] if m["name"] == "ordered")
    assert (placed["state"], placed["actual_at"]) == ("done", None)


def test_a_text_that_no_date_column_has_is_told_not_taken_for_unknown(desk: Desk) -> None:
    row = some(1, Fulfill_Via="Direct Drop")[0] | {"PO Sent to Vendor Date": "Pre-PQ Process"}
    assert bring(desk, [row])["unusable"] == 1
    assert ",PO Sent to Vendor Date" in desk.unusable("scms.unusable.csv")


def test_weights_and_freight_that_point_elsewhere_are_no_numbers_of_ours(desk: Desk) -> None:
    row = next(r for r in everything_there() if r["Weight (Kilograms)"].startswith("See "))
    assert bring(desk, [row])["unusable"] == 0
    said = str(LedgerEntry.objects.values_list("document", flat=True))
    assert row["Weight (Kilograms)"] not in said


def test_split_deliveries_of_one_item_are_lines_of_their_own(desk: Desk) -> None:
    alike = Counter((row["PO / SO #"], row["Item Description"]) for row in everything_there())
    (number, item), times = alike.most_common(1)[0]
    assert times > 3
    rows = [r for r in everything_there() if (r["PO / SO #"], r["Item Description"]) == (number, item)]
    bring(desk, rows)
    lines = trace(number)["lines"]
    assert len(lines) == times
    assert {line["received"] for line in lines} == {line["ordered"] for line in lines}
    assert sum(Decimal(line["ordered"]) for line in lines) == sum(
        Decimal(r["Line Item Quantity"]) for r in rows
    )


def test_an_order_with_several_scheduled_dates_shows_each_at_its_line(desk: Desk) -> None:
    dates: dict[str, set[str]] = {}
    for row in everything_there():
        dates.setdefault(row["PO / SO #"], set()).add(row["Scheduled Delivery Date"])
    number = next(number for number, days in dates.items() if len(days) > 1)
    rows = [row for row in everything_there() if row["PO / SO #"] == number]
    bring(desk, rows)
    shown = {line["line"]: line["requests"][0]["date"] for line in trace(number)["lines"]}
    assert shown == {row["ID"]: day(row["Scheduled Delivery Date"], "%d-%b-%y").isoformat() for row in rows}


def test_an_order_that_was_delivered_before_it_was_sent_is_shown_as_it_is(desk: Desk) -> None:
    def is_odd(row: Row) -> bool:
        sent, came = row["PO Sent to Vendor Date"], row["Delivered to Client Date"]
        return sent[0].isdigit() and day(came, "%d-%b-%y") < day(sent, "%m/%d/%y")

    odd = [row for row in everything_there() if is_odd(row)]
    assert len(odd) == 5
    assert bring(desk, odd)["unusable"] == 0
    for row in odd:
        (line,) = [each for each in trace(row["PO / SO #"])["lines"] if each["line"] == row["ID"]]
        assert Decimal(line["received"]) == Decimal(row["Line Item Quantity"])


def test_names_outside_of_ascii_are_kept(desk: Desk) -> None:
    row = some(1, Country="Côte d'Ivoire")[0]
    bring(desk, [row])
    assert trace(row["PO / SO #"])["order"]["ship_to"] == "Côte d'Ivoire"


def test_nothing_of_ten_years_ago_opens_a_case(desk: Desk, rebuilt_the_same: Any) -> None:
    bring(desk, list(everything_there()[::60]))
    assert list(ExceptionCase.objects.values_list("kind", flat=True)) == []
    rebuilt_the_same()
