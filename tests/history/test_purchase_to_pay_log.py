"""A real purchase-to-pay log: whole orders of it, each trap among them, counted here with csv alone."""

import csv
import gzip
import io
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection as database

from integrations.mappings.history.grammar import read_mapping
from tests.history.conftest import Desk
from visibility.access.scopes import Scope
from visibility.flows.models import Flow
from visibility.flows.selectors import get_flow
from visibility.flows.state import Count, FlowView, LineView, unpack_view
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.models import Item, TradingPartner
from visibility.triage.models import ExceptionCase

LOG = Path(__file__).parents[3] / "shared" / "data" / "bpic2019_p2p_events.csv.gz"
MAPPING = Path(__file__).parents[2] / "integrations" / "mappings" / "history" / "purchase_to_pay.toml"
LONGEST = "4507027474"  # its only line has 990 events
COUNTED = {
    "received": ("Record Goods Receipt", "Cancel Goods Receipt"),
    "accepted": ("Record Service Entry Sheet",),
    "invoiced": ("Record Invoice Receipt", "Cancel Invoice Receipt"),
    "adjusted": ("Record Subsequent Invoice", "Cancel Subsequent Invoice"),
    "paid": ("Clear Invoice",),
    "payment_blocked": ("Set Payment Block",),
    "payment_released": ("Remove Payment Block",),
}
Row = dict[str, str]


def activities(rows: Iterable[Row]) -> Counter[str]:
    return Counter(row["activity"] for row in rows)


def by_line(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["case_id"]].append(row)
    return found


def has(*names: str) -> Callable[[list[Row]], bool]:
    return lambda rows: all(name in activities(rows) for name in names)


def _more_reversals(rows: list[Row]) -> bool:
    return any(
        (told := activities(own))["Cancel Goods Receipt"] > told["Record Goods Receipt"]
        for own in by_line(rows).values()
    )


def is_deleted(rows: list[Row]) -> bool:
    """Whether the last word on a line is that it was deleted."""
    ends = [row["activity"] for row in rows if row["activity"].startswith(("Delete", "Reactivate"))]
    return ends[-1:] == ["Delete Purchase Order Item"]


def _goods_on_deleted(rows: list[Row]) -> bool:
    return any(
        is_deleted(own) and "Record Goods Receipt" in activities(own) for own in by_line(rows).values()
    )


def _ordered_on_several_days(rows: list[Row]) -> bool:
    made = {row["event_time"][:10] for row in rows if row["activity"] == "Create Purchase Order Item"}
    return len(made) > 2


def _mixed(rows: list[Row]) -> bool:
    return len({row["item_category"] for row in rows}) > 1


TRAITS: dict[str, Callable[[list[Row]], bool]] = {
    "its longest line": lambda rows: rows[0]["po_number"] == LONGEST,
    "more reversals than receipts": _more_reversals,
    "goods on a deleted line": _goods_on_deleted,
    "lines ordered on several days": _ordered_on_several_days,
    "consignment among others": _mixed,
    "consignment": lambda rows: {row["item_category"] for row in rows} == {"Consignment"},
    "an event of 2020": lambda rows: any(row["event_time"] > "2020" for row in rows),
    "an event of 2001": lambda rows: any(row["event_time"] < "2002" for row in rows),
    "a shopping cart": has("SRM: Created", "SRM: Change was Transmitted"),
    "reopened": has("Reactivate Purchase Order Item"),
    "confirmed": has("Receive Order Confirmation", "Record Goods Receipt"),
    "subsequent": has("Record Subsequent Invoice"),
    "subsequent taken back": has("Cancel Subsequent Invoice"),
    "payment blocked": has("Set Payment Block", "Remove Payment Block"),
    "quantity and price changed": has("Change Quantity", "Change Price"),
    "debit memo": has("Vendor creates debit memo"),
    "framework": lambda rows: rows[0]["document_type"] == "Framework order",
}


@pytest.fixture(scope="module")
def log() -> dict[str, list[Row]]:
    """The whole file, by order, in the order of the file."""
    if not LOG.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the histories are required in CI: {LOG} is missing")
        pytest.skip("the purchase-to-pay log is not beside the repository")
    orders: dict[str, list[Row]] = defaultdict(list)
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            orders[row["po_number"]].append(row)
    return orders


@pytest.fixture(scope="module")
def part(log: dict[str, list[Row]]) -> list[Row]:
    """Whole orders: of each trait the smallest order that has it, and every hundredth of the short ones."""
    sized = sorted(log, key=lambda number: (len(log[number]), number))
    chosen = {next(number for number in sized if trait(log[number])) for trait in TRAITS.values()}
    chosen |= {number for number in sized[::100] if len(log[number]) < 40}
    rows = [row for number in chosen for row in log[number]]
    return sorted(rows, key=lambda row: int(row["event_id"]))


def as_csv(rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def bring(desk: Desk, rows: list[Row], name: str = "log.csv") -> dict[str, Any]:
    desk.write(name, as_csv(rows))
    return desk.bring(name, MAPPING.read_text(encoding="utf-8"))


def views() -> dict[str, FlowView]:
    return {flow.number: unpack_view(bytes(flow.view)) for flow in Flow.objects.all()}


def counted(owner: LineView | FlowView, kind: str) -> Count:
    return next((each for each in owner.counts if each.kind == kind), Count(kind))  # type: ignore[arg-type]


def told_by_ledger() -> Counter[tuple[str, str, str]]:
    """Order, line and activity of every entry, as the ledger itself has them."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT document->'order'->>'number', document#>>'{lines,0,line}', document->>'activity', "
            "count(*)"
            " FROM ledger_entry GROUP BY 1, 2, 3"
        )
        return Counter({(order, line, activity): count for order, line, activity, count in cursor.fetchall()})


def test_every_activity_of_the_log_has_a_document(log: dict[str, list[Row]]) -> None:
    mapping, _ = read_mapping(MAPPING.read_text(encoding="utf-8"), name=MAPPING.name)
    taken = set()
    for part in mapping.document:
        when = part.when["activity"]
        taken |= {when} if isinstance(when, str) else set(when)  # type: ignore[arg-type]
    assert {row["activity"] for rows in log.values() for row in rows} <= taken


def test_counts_by_activity_order_and_line_agree_with_the_file(desk: Desk, part: list[Row]) -> None:
    figures = bring(desk, part)
    lines = {row["case_id"] for row in part}
    orders = {row["po_number"] for row in part}
    assert figures == {
        "rows": len(part),
        "entries": len(part),
        "duplicates": 0,
        "unusable": 0,
        "orders": len(orders),
        "lines": len(lines),
    }
    assert told_by_ledger() == Counter((row["po_number"], row["po_item"], row["activity"]) for row in part)
    assert Counter(dict(Flow.objects.values_list("number", "entry_count"))) == Counter(
        row["po_number"] for row in part
    )
    assert {(n, line.line) for n, view in views().items() for line in view.lines} == {
        (row["po_number"], row["po_item"]) for row in part
    }


def test_what_happened_to_each_line_is_counted_as_the_file_has_it(desk: Desk, part: list[Row]) -> None:
    bring(desk, part)
    shown = {f"{n}_{line.line}": line for n, view in views().items() for line in view.lines}
    for case, rows in by_line(part).items():
        told = activities(rows)
        for kind, names in COUNTED.items():
            count = counted(shown[case], kind)
            assert (count.times, count.taken_back) == (
                told[names[0]],
                sum(told[name] for name in names[1:]),
            ), (case, kind)
        issued = told["Vendor creates invoice"] + told["Vendor creates debit memo"]
        assert counted(shown[case], "issued").times == issued


def test_nothing_of_it_is_a_quantity_a_lateness_or_a_case(desk: Desk, part: list[Row]) -> None:
    bring(desk, part)
    for view in views().values():
        for line in view.lines:
            told = (line.ordered, line.confirmed, line.shipped, line.received, line.invoiced, line.unit_price)
            assert told == (None,) * 6
            assert not line.requests
            assert not line.promises
            assert all(step.due_at is None for step in line.milestones)
    assert not ExceptionCase.objects.exists()
    assert set(Flow.objects.values_list("state", flat=True)) <= {"untold", "cancelled"}
    assert not Item.objects.exists()
    suppliers = {row["vendor_id"] for row in part}
    assert TradingPartner.objects.count() == len(suppliers)


def test_rows_alike_in_all_but_their_id_are_all_there(desk: Desk, part: list[Row]) -> None:
    alike = Counter(
        tuple(value for name, value in row.items() if name not in ("event_id", "seq_in_case")) for row in part
    )
    assert sum(count - 1 for count in alike.values()) > 200
    bring(desk, part)
    assert LedgerEntry.objects.count() == len(part)
    flow = Flow.objects.get(number=LONGEST)
    assert flow.entry_count == 990


def test_the_same_rows_in_any_order_and_told_twice_are_one_history(desk: Desk, part: list[Row]) -> None:
    few = [row for row in part if row["po_number"] != LONGEST][:600]
    whole = [row for row in part if row["po_number"] in {each["po_number"] for each in few}]
    bring(desk, whole)
    before = views()
    shuffled = random.Random(2019).sample(whole, len(whole))
    figures = bring(desk, shuffled, "again.csv")
    assert (figures["entries"], figures["duplicates"]) == (0, len(whole))
    assert views() == before


def test_rows_in_any_order_give_the_same_orders(desk: Desk, part: list[Row]) -> None:
    numbers = sorted({row["po_number"] for row in part} - {LONGEST})[:40]
    rows = [row for row in part if row["po_number"] in numbers]
    bring(desk, random.Random(7).sample(rows, len(rows)))
    for number, view in views().items():
        own = [row for row in rows if row["po_number"] == number]
        for line in view.lines:
            assert line.cancelled == is_deleted([row for row in own if row["po_item"] == line.line])
    out = io.StringIO()
    call_command("rebuild_flows", "--check", stdout=out)
    assert "0 " in out.getvalue()


def test_events_of_equal_times_stand_in_their_sequence(desk: Desk, part: list[Row]) -> None:
    rows = [row for row in part if row["po_number"] == LONGEST]
    bring(desk, random.Random(990).sample(rows, len(rows)))
    flow = Flow.objects.get(number=LONGEST)
    times = Counter(row["event_time"] for row in rows)
    assert max(times.values()) > 1
    scope = Scope(companies=(desk.connection.company_id,), partners=None)
    detail = get_flow(scope=scope, correlation_id=flow.correlation_id)
    assert [entry.type for entry in detail.entries][:1] == ["invoice.issued"]
    controls = dict(LedgerEntry.objects.values_list("position", "control"))
    assert [int(controls[entry.position]) for entry in detail.entries] == list(range(len(rows)))


def test_the_worth_of_a_line_is_its_orders_word_and_consignment_has_none(desk: Desk, part: list[Row]) -> None:
    bring(desk, part)
    for number, view in views().items():
        for line in view.lines:
            rows = [row for row in part if row["case_id"] == f"{number}_{line.line}"]
            made = next(row for row in rows if row["activity"] == "Create Purchase Order Item")
            if made["item_category"] == "Consignment":
                assert line.worth is None
                assert not next(step for step in line.milestones if step.name == "invoiced").done
            else:
                assert float(line.worth or -1) == float(made["cum_net_worth_eur"])
            assert line.invoiced_amount is None
    assert set(Flow.objects.values_list("currency", flat=True)) == {"EUR"}


def test_the_day_of_a_bill_is_a_day_also_one_from_before_its_order(desk: Desk, part: list[Row]) -> None:
    early = [row for row in part if row["event_time"] < "2002"]
    assert early
    bring(desk, part)
    entries = LedgerEntry.objects.filter(type="invoice.issued").values_list("document", flat=True)
    assert all("T" not in document["invoiced_on"] for document in entries)
    view = views()[early[0]["po_number"]]
    line = next(line for line in view.lines if line.line == early[0]["po_item"])
    issued, ordered = counted(line, "issued"), line.milestones[0]
    assert issued.date_only
    assert issued.first_at is not None
    assert ordered.actual_at is not None
    assert issued.first_at.year == 2001 < ordered.actual_at.year
    assert view.ordered_on is not None
    assert view.ordered_on.year == 2018


def test_who_did_it_and_the_sources_own_word_stay_with_the_entry(desk: Desk, part: list[Row]) -> None:
    bring(desk, part[:400])
    documents = LedgerEntry.objects.values_list("document", flat=True)
    told = Counter((document["activity"], document.get("who", "NONE")) for document in documents)
    assert told == Counter((row["activity"], row["user"]) for row in part[:400])
    assert {document["supplier"]["name"] for document in documents} == {
        row["vendor_name"] for row in part[:400]
    }
