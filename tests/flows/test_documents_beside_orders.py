"""Documents beside the life of an order: they are told, they change no quantity, and the last word counts."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from lives import fact as told
from lives import view_of

from visibility.canonical.documents import (
    DOCUMENT_TYPES,
    ORDERLESS,
    AdvisedFault,
    AnyDocument,
    DocumentAdvised,
    DocumentFiled,
    FreightBilled,
    Line,
    LoadTendered,
    OrderLine,
    OrderPlaced,
    OrderRef,
    PlannedQuantity,
    ScheduleLine,
    SchedulePublished,
    Stop,
    TenderAnswered,
    TransportStatus,
)
from visibility.canonical.keys import Key, keys_of
from visibility.flows.sentences import summarise
from visibility.flows.state import Fact
from visibility.triage.findings import Names
from visibility.triage.rules import NO_TOLERANCES, detect

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ORDER = OrderRef(number="4500017", issuer="ZZ:NORTHGATE")
PLACED = OrderPlaced(order=ORDER, lines=(OrderLine(line="1", quantity=Decimal(100), unit="CA"),))


def fact(document: AnyDocument, hours: int = 0) -> Fact:
    return told(document, name=f"{document!r}{hours}", envelope_at=NOW + timedelta(hours=hours))


def kinds_of(*facts: Fact) -> list[tuple[str, str]]:
    found = detect(view=view_of(*facts), as_of=NOW, names=Names(), tolerances=NO_TOLERANCES)
    return [(each.kind, each.subject) for each in found]


def advice(verdict: str, *faults: str) -> DocumentAdvised:
    return DocumentAdvised(
        order=ORDER,
        about="order.placed",
        number="4500017",
        verdict=verdict,  # type: ignore[arg-type]  # one of its words
        faults=tuple(AdvisedFault(text=text) for text in faults),
    )


@pytest.mark.parametrize("kind", ORDERLESS, ids=lambda kind: kind.__name__)
def test_no_such_document_changes_the_lines_of_an_order(kind: type) -> None:
    document = kind(order=ORDER, **({"kind": "x12:864"} if kind is DocumentFiled else {}))
    alone, beside = view_of(fact(PLACED)), view_of(fact(PLACED), fact(document, 1))
    assert msgspec.json.encode(alone.lines) == msgspec.json.encode(beside.lines)
    assert alone.milestones == beside.milestones
    assert kinds_of(fact(PLACED), fact(document, 1)) == kinds_of(fact(PLACED))


@pytest.mark.parametrize("kind", ORDERLESS, ids=lambda kind: kind.__name__)
def test_every_such_document_has_a_sentence_and_is_part_of_the_contract(kind: type) -> None:
    document = kind(**({"kind": "x12:864", "title": "text message"} if kind is DocumentFiled else {}))
    assert summarise(document=document, names=Names())  # type: ignore[arg-type]  # names are enough here
    assert kind in DOCUMENT_TYPES.values()
    assert keys_of(document).identifying == ()


def test_a_schedule_is_told_with_its_span_and_the_items_of_the_order() -> None:
    lines = (
        ScheduleLine(order=ORDER, planned=(PlannedQuantity(quantity=Decimal(5)),)),
        ScheduleLine(order=OrderRef(number="other"), planned=()),
    )
    document = SchedulePublished(
        number="R-7", starts_on=NOW.date(), ends_on=(NOW + timedelta(days=7)).date(), lines=lines
    )
    text = summarise(document=document, names=Names(), order=ORDER)  # type: ignore[arg-type]
    assert text == "Planning schedule R-7, 20 Nov to 27 Nov: 1 item"


def test_a_load_and_its_answer_and_its_status_share_a_key_and_its_stops_name_the_orders() -> None:
    load = LoadTendered(number="L-9", stops=(Stop(does="load", orders=(ORDER,)), Stop(orders=(ORDER,))))
    key = Key("load", "", "L-9")
    assert keys_of(load).identifying == (Key("po", "ZZ:NORTHGATE", "4500017"),)
    for document in (
        load,
        TenderAnswered(shipment="L-9"),
        TransportStatus(shipment="L-9"),
        FreightBilled(shipment="L-9"),
    ):
        assert key in keys_of(document).linking


def test_the_last_advice_counts_whatever_came_first() -> None:
    told = [fact(PLACED), fact(advice("rejected", "no such item"), 1), fact(advice("accepted"), 2)]
    for order in itertools.permutations(told):
        assert kinds_of(*order) == kinds_of(fact(PLACED))
    turned = [fact(PLACED), fact(advice("accepted"), 1), fact(advice("rejected", "no such item"), 2)]
    for order in itertools.permutations(turned):
        assert ("document_refused", "purchase order 4500017") in kinds_of(*order)


def test_an_order_sent_again_after_its_refusal_is_refused_no_longer() -> None:
    again = msgspec.structs.replace(PLACED, purpose="replace")
    refusal = fact(advice("rejected", "no such item"), 1)
    assert ("document_refused", "purchase order 4500017") in kinds_of(fact(PLACED), refusal)
    assert ("document_refused", "purchase order 4500017") not in kinds_of(
        fact(PLACED), refusal, fact(again, 2)
    )


def test_a_declined_load_waits_until_it_is_offered_again() -> None:
    load = LoadTendered(number="L-9", lines=(Line(order=ORDER),))
    no = TenderAnswered(shipment="l-9", carrier="SWFT", answer="declined", reason="no driver")
    assert ("tender_declined", "L-9") in kinds_of(fact(PLACED), fact(load, 1), fact(no, 2))
    assert ("tender_declined", "L-9") not in kinds_of(fact(PLACED), fact(load, 3), fact(no, 2))
    yes = TenderAnswered(shipment="L-9", carrier="OTHR")
    assert ("tender_declined", "L-9") not in kinds_of(fact(PLACED), fact(yes, 3), fact(no, 2))
