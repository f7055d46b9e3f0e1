"""The scenario says what is wrong with each order. Here that is read back out of the documents alone.

A naive reader collects, per order, what was ordered, answered, shipped, received and billed, and tells
the differences. They must be exactly the cases that the scenario says the product must open: no
promise broken by accident, no difference that nobody meant.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from reading_x12 import Set, element, ids_of, sets_of

from integrations.sandbox import SandboxDocument, kinds
from integrations.sandbox.company import ITEM_BY_SKU, ITEMS, SUPPLIERS
from integrations.sandbox.documents import render
from integrations.sandbox.facts import Answered, Billed, OrderSent, Received, Shipped
from integrations.sandbox.hours import HOUR, WorkingHours
from integrations.sandbox.scenario import Scenario, build_scenario

ANCHOR = datetime(2026, 11, 23, 16, 42, tzinfo=UTC)
ACCEPTED = {"IA", "IQ", "IP", "IS", "DR"}
KNOWN = {item.sku for item in ITEMS}
BY_VENDOR = {item.vendor_part: item for item in ITEM_BY_SKU.values()}
ROAD = {supplier.code: supplier.ship_days for supplier in SUPPLIERS}


@dataclass
class Told:
    """What the documents say of one line."""

    ordered: Decimal
    unit: str
    price: str
    item: str
    answers: list[list[str]] = field(default_factory=list)
    answer_price: str = ""
    named: bool = False
    shipped: dict[str, Decimal] = field(default_factory=dict)
    received: Decimal = Decimal(0)
    damaged: Decimal = Decimal(0)
    billed: dict[str, tuple[Decimal, str]] = field(default_factory=dict)


@dataclass
class Book:
    """All that the documents say of one order."""

    wanted: str
    lines: dict[str, Told]
    verdict: str = ""
    bills: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def line(self, number: str, sku: str) -> Told:
        return self.lines[number or next(n for n, told in self.lines.items() if told.item == sku)]


def read(documents: list[SandboxDocument]) -> dict[str, Book]:
    """The books of all orders, from documents in the order they were sent."""
    books: dict[str, Book] = {}
    readers = {"855": read_answer, "856": read_notice, "810": read_invoice, "944": read_receipt}
    for document in documents:
        for each in sets_of(document.body):
            if each.code == "850":
                read_order(each, books)
            else:
                readers[each.code](each, books)
    return books


def read_order(order: Set, books: dict[str, Book]) -> None:
    if order.first("BEG")[1] == "00":
        lines = {
            po1[1]: Told(Decimal(po1[2]), po1[3], po1[4], ids_of(po1, 6)["BP"]) for po1 in order.all("PO1")
        }
        books[order.first("BEG")[3]] = Book(order.first("DTM")[2], lines)


def sku_of(segment: list[str], start: int) -> str:
    ids = ids_of(segment, start)
    return ids.get("BP") or BY_VENDOR[ids["VP"]].sku


def read_answer(answer: Set, books: dict[str, Book]) -> None:
    book = books[answer.first("BAK")[3]]
    book.verdict = answer.first("BAK")[2]
    told: Told | None = None
    for segment in answer.segments:
        if segment[0] == "PO1":
            told = book.line(segment[1], sku_of(segment, 6))
            told.named, told.answers, told.answer_price = True, [], segment[4]
        elif segment[0] == "ACK" and told is not None:
            told.answers.append(segment)


def read_notice(notice: Set, books: dict[str, Book]) -> None:
    number, order, current = notice.first("BSN")[2], "", None
    seen: Counter[int] = Counter()
    for segment in notice.segments:
        if segment[0] == "PRF":
            order = segment[1]
        elif segment[0] == "LIN":
            current = books[order].line(segment[1], sku_of(segment, 2))
        elif segment[0] == "SN1" and current is not None:
            factor = ITEM_BY_SKU[current.item].pack if segment[3] != current.unit else 1
            before = current.shipped.get(number, Decimal(0)) if seen[id(current)] else Decimal(0)
            current.shipped[number] = before + Decimal(segment[2]) / factor
            seen[id(current)] += 1


def read_invoice(invoice: Set, books: dict[str, Book]) -> None:
    big = invoice.first("BIG")
    book = books[big[4]]
    book.bills[big[2]].add(invoice.first("TDS")[1])
    total = Decimal(0)
    for it1 in invoice.all("IT1"):
        total += Decimal(it1[2]) * Decimal(it1[4])
        book.line(it1[1], sku_of(it1, 6)).billed[big[2]] = (Decimal(it1[2]), it1[4])
    assert invoice.first("TDS")[1] == str((total * 100).to_integral_exact())


def read_receipt(receipt: Set, books: dict[str, Book]) -> None:
    book = books[receipt.first("W17")[4]]
    told = None
    for segment in receipt.segments:
        if segment[0] == "W07":
            told = book.line("", sku_of(segment, 4))
            told.received += Decimal(segment[1])
        elif segment[0] == "W13" and told is not None and segment[3] == "01":
            told.damaged += Decimal(segment[1])


def cases_of_answer(book: Book, told: Told) -> set[str]:
    parts = told.answers
    if not told.named and book.verdict in {"AK", "AE", ""}:
        return set()
    if not parts:
        return {"line_unanswered"}
    if {part[1] for part in parts} == {"IR"}:
        return {"line_rejected"}
    if any(part[3] != told.unit for part in parts):
        return {"unit_not_convertible"}
    accepted = sum((Decimal(part[2]) for part in parts if part[1] in ACCEPTED), Decimal(0))
    late = any(part[4] == "067" and part[5] > book.wanted for part in parts if part[1] in ACCEPTED)
    return {
        case
        for case, true in (
            ("confirmed_short", accepted < told.ordered),
            ("confirmed_over", accepted > told.ordered),
            ("promised_late", late),
            ("item_substituted", any(part[1] == "IS" for part in parts)),
            ("price_changed", told.answer_price != told.price),
        )
        if true
    }


def cases_of_goods(told: Told) -> set[str]:
    shipped = sum(told.shipped.values(), Decimal(0))
    billed = sum((quantity for quantity, _ in told.billed.values()), Decimal(0))
    return {
        case
        for case, true in (
            ("shipped_over", shipped > told.ordered and not cases_over_confirmed(told)),
            # Goods on the road are not missing: a shortfall counts once something of every shipment came.
            ("received_short", 0 < told.received < shipped and len(told.shipped) == 1),
            ("received_over", told.received > shipped),
            ("received_damaged", told.damaged > 0),
            ("invoice_quantity", billed > min(told.ordered, shipped)),
            ("invoice_price", any(price != told.price for _, price in told.billed.values())),
        )
        if true
    }


def cases_over_confirmed(told: Told) -> bool:
    return any(Decimal(part[2]) > told.ordered for part in told.answers)


def differences(documents: list[SandboxDocument]) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for number, book in read(documents).items():
        if any(len(totals) > 1 for totals in book.bills.values()):
            found.add((number, "conflicting_duplicate", ""))
        for line, told in book.lines.items():
            cases = cases_of_answer(book, told) | cases_of_goods(told)
            cases |= set() if told.item in KNOWN else {"unknown_item"}
            found |= {(number, case, line) for case in cases}
    return found


BEYOND_DOCUMENTS = {"acknowledgement_overdue", "unreadable_document"}
"""Cases of something that is not there; looked at apart."""


def expected(scenario: Scenario) -> set[tuple[str, str, str]]:
    return {(order.number, case, line) for order in scenario.orders for case, line in order.expects}


def test_the_documents_show_every_stated_difference_and_no_other(
    scenario: Scenario, whole: list[SandboxDocument]
) -> None:
    stated = {entry for entry in expected(scenario) if entry[1] not in BEYOND_DOCUMENTS}
    assert differences(whole) == stated


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_that_holds_for_other_seeds_and_other_days(seed: int) -> None:
    anchor = datetime(2027, 2, 1, 14, 5, tzinfo=UTC) + timedelta(days=seed, hours=seed)
    scenario = build_scenario(seed=seed, anchor=anchor)
    whole = [d for d in render(scenario.facts) if not d.name.endswith("_part.x12")]
    stated = {entry for entry in expected(scenario) if entry[1] not in BEYOND_DOCUMENTS}
    assert differences(whole) == stated


def test_about_sixty_cases_are_open_and_most_orders_are_fine(scenario: Scenario) -> None:
    assert 55 <= len(expected(scenario)) <= 65
    fine = [order for order in scenario.orders if not order.expects]
    assert len(fine) > 0.8 * len(scenario.orders)


def test_every_kind_of_life_is_lived_in_its_share(scenario: Scenario) -> None:
    lived = Counter(order.kind.name for order in scenario.orders)
    assert {kind.name: lived[kind.name] for kind in kinds.KINDS} == {k.name: k.share for k in kinds.KINDS}
    assert lived["clean"] > len(scenario.orders) / 2


def test_recent_orders_stand_at_every_stage(scenario: Scenario) -> None:
    reached: dict[str, set[str]] = {}
    for fact in scenario.facts:
        if isinstance(fact, OrderSent | Answered | Received | Billed):
            reached.setdefault(fact.order.number, set()).add(type(fact).__name__)
        elif isinstance(fact, Shipped):
            for line in fact.lines:
                reached.setdefault(line.order.number, set()).add("Shipped")
    stages = Counter(frozenset(steps) for steps in reached.values())
    stage = ["OrderSent"]
    for step in ("Answered", "Shipped", "Received", "Billed"):
        assert stages[frozenset(stage)] >= 1, stage
        stage.append(step)
    assert stages[frozenset(stage)] > 150
    assert stages[frozenset({"OrderSent", "Answered", "Shipped", "Billed"})] >= 1


def test_only_orders_meant_to_be_left_alone_wait_long_for_an_answer(scenario: Scenario) -> None:
    hours = WorkingHours(ZoneInfo("America/Chicago"))
    answered = {fact.order.number: fact.at for fact in reversed(scenario.facts) if isinstance(fact, Answered)}
    waits = {
        order.number: hours.seconds_at(answered.get(order.number, ANCHOR))
        - hours.seconds_at(order.released_at)
        for order in scenario.orders
    }
    late = {number for number, waited in waits.items() if waited > 18 * HOUR}
    assert late == {order.number for order in scenario.orders if order.kind is kinds.UNANSWERED}


def test_goods_arrive_when_they_were_promised(scenario: Scenario) -> None:
    receipts = [fact for fact in scenario.facts if isinstance(fact, Received)]
    assert receipts
    assert [r.number for r in receipts if r.received_at.date() != r.shipment.due_on] == []
    on_time = [r for r in receipts if r.order.kind is kinds.CLEAN]
    assert [r.number for r in on_time if r.received_at.date() > r.order.requested_on] == []


def test_silences_are_where_the_kind_says_so(scenario: Scenario) -> None:
    shipped = {line.order.number for f in scenario.facts if isinstance(f, Shipped) for line in f.lines}
    received = {f.order.number for f in scenario.facts if isinstance(f, Received)}
    billed = {f.order.number for f in scenario.facts if isinstance(f, Billed)}
    by_kind = {kind: {o.number for o in scenario.orders if o.kind is kind} for kind in kinds.KINDS}
    assert not by_kind[kinds.NOT_SHIPPED] & shipped
    assert by_kind[kinds.NOT_RECEIVED] <= shipped - received
    assert by_kind[kinds.NOT_BILLED] <= received - billed
    assert not by_kind[kinds.CANCELLED] & shipped


def test_orders_that_share_a_truck_are_on_one_ship_notice_and_have_a_receipt_each(
    scenario: Scenario,
) -> None:
    shared = [f for f in scenario.facts if isinstance(f, Shipped) and len({x.order for x in f.lines}) > 1]
    assert [len({line.order for line in notice.lines}) for notice in shared] == [3, 3]
    for notice in shared:
        receipts = [f for f in scenario.facts if isinstance(f, Received) and f.shipment is notice]
        arrived = notice.due_on < ANCHOR.date()
        assert {r.order.number for r in receipts} == (
            {x.order.number for x in notice.lines} if arrived else set()
        )


def test_the_headline_order_reads_as_in_the_pictures(
    scenario: Scenario, whole: list[SandboxDocument]
) -> None:
    (order,) = [order for order in scenario.orders if order.number == "4500018277"]
    assert (order.supplier.name, order.ship_to.name) == ("Acme Industries", "Dallas DC")
    assert order.expects == (("confirmed_short", "10"),)
    gloves, glasses, plugs, cleaner = (read(whole)["4500018277"].lines[n] for n in ("10", "20", "30", "40"))
    assert (gloves.item, gloves.ordered, gloves.unit, gloves.price) == ("SKU-1042", 100, "CA", "62.00")
    assert [part[1:4] for part in gloves.answers] == [["IQ", "60", "CA"]]
    assert (gloves.shipped, gloves.received, gloves.billed) == ({}, 0, {})
    assert (glasses.item, glasses.shipped, glasses.received) == ("SKU-1051", {"7764": 40}, 40)
    assert glasses.billed == {"INV-30977": (40, "86.40")}
    assert (plugs.item, plugs.ordered, plugs.shipped, plugs.received) == ("SKU-1063", 30, {"7781": 28}, 0)
    assert (cleaner.item, cleaner.ordered, cleaner.shipped) == ("SKU-1090", 16, {})
    assert cleaner.answers == [["ACK", "IA", "16", "CA", "068", "20261120"]]


@pytest.mark.parametrize(
    "anchor", ["2026-11-23T05:10", "2026-11-23T14:05", "2026-11-23T23:30", "2026-11-22T12:00"]
)
def test_the_headline_order_tells_the_same_whatever_the_hour(anchor: str) -> None:
    made = build_scenario(seed=3, orders=40, anchor=datetime.fromisoformat(anchor).replace(tzinfo=UTC))
    told = read([d for d in render(made.facts) if not d.name.endswith("_part.x12")])["4500018277"]
    assert [list(line.shipped) for line in told.lines.values()] == [[], ["7764"], ["7781"], []]
    assert [line.received for line in told.lines.values()] == [0, 40, 0, 0]


def test_nobody_else_has_the_numbers_of_the_headline_order() -> None:
    made = build_scenario(seed=3, orders=900, anchor=ANCHOR)
    notices = [fact for fact in made.facts if isinstance(fact, Shipped) and fact.supplier.code == "ACME"]
    assert Counter(n.number for n in notices if n.purpose == "00")["7764"] == 1
    assert {fact.number for fact in made.facts if isinstance(fact, Billed)} >= {"INV-30976", "INV-30978"}
    assert [f.order.number for f in made.facts if isinstance(f, Billed) and f.number == "INV-30977"] == [
        "4500018277"
    ]


def test_answers_dated_by_ship_date_leave_time_for_the_road(whole: list[SandboxDocument]) -> None:
    books = read(whole)
    dated = 0
    for answer in (each for document in whole for each in sets_of(document.body) if each.code == "855"):
        wanted = date.fromisoformat(books[answer.first("BAK")[3]].wanted)
        road = timedelta(days=ROAD[answer.first("N1")[4]])
        for ack in answer.all("ACK"):
            if element(ack, 4) == "068" and ack[1] != "IB":
                dated += 1
                assert date.fromisoformat(ack[5]) + road <= wanted, answer.first("BAK")
    assert dated > 20
