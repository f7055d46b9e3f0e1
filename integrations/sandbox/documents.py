"""The documents of a scenario as they went over the wire, in the order they were sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from integrations.sandbox.company import NORTHGATE, WAREHOUSE_OPERATOR, Party
from integrations.sandbox.envelope import ControlNumbers, interchange
from integrations.sandbox.facts import Answered, Billed, Fact, Mishap, OrderSent, Received, Shipped, Spoken
from integrations.sandbox.scenario import build_scenario
from integrations.sandbox.x12 import set_name, transaction_set

CONTENT_TYPE = "application/edi-x12"

ERP_OUT = "erp-out"
SUPPLIERS_IN = "edi-suppliers"
WAREHOUSE_IN = "wms-redline"


@dataclass(frozen=True, slots=True)
class SandboxDocument:
    """A file as sent: one interchange. `connection` is the one it comes in by, `sent_at` in UTC."""

    name: str
    connection: str
    content_type: str
    body: bytes
    sent_at: datetime


def documents(*, seed: int, orders: int = 320, anchor: datetime) -> Iterator[SandboxDocument]:
    """Every document of the scenario of these arguments, by `sent_at`; none is later than `anchor`."""
    return render(build_scenario(seed=seed, orders=orders, anchor=anchor).facts)


def render(facts: Iterable[Fact]) -> Iterator[SandboxDocument]:
    """Facts as files. What one sender says at one moment goes into one interchange."""
    numbers = ControlNumbers()
    sent: dict[Spoken, bytes] = {}
    for (at, _), batch in groupby(facts, key=lambda fact: (fact.at, _parties(fact))):
        together = list(batch)
        spoken = [fact for fact in together if not isinstance(fact, Mishap)]
        if spoken:
            document = _document(spoken, at, numbers)
            sent.update(dict.fromkeys(spoken, document.body))
            yield document
        for fact in together:
            if isinstance(fact, Mishap):
                yield _gone_wrong(fact, sent, numbers)


def _document(facts: list[Spoken], at: datetime, numbers: ControlNumbers) -> SandboxDocument:
    sender, receiver, connection = _route(facts[0])
    sets = [transaction_set(fact) for fact in facts]
    control, body = interchange(sender=sender, receiver=receiver, sent_at=at, sets=sets, numbers=numbers)
    more = f"_and_{len(facts) - 1}_more" if len(facts) > 1 else ""
    name = f"{sender.code}_{control:09d}_{set_name(facts[0])}{more}.x12"
    return SandboxDocument(name, connection, CONTENT_TYPE, body, at)


def _gone_wrong(mishap: Mishap, sent: dict[Spoken, bytes], numbers: ControlNumbers) -> SandboxDocument:
    document = _document([mishap.of], mishap.at, numbers)
    match mishap.what:
        case "resent":
            return document
        case "repeated":
            body, word = sent[mishap.of], "again"
        case "cut off":
            # In the middle of a segment, as a broken connection leaves it.
            body, word = document.body[: len(document.body) * 3 // 5], "part"
    name = document.name.replace(".x12", f"_{word}.x12")
    return SandboxDocument(name, document.connection, CONTENT_TYPE, body, mishap.at)


def _parties(fact: Fact) -> tuple[str, str]:
    sender, receiver, _ = _route(fact.of if isinstance(fact, Mishap) else fact)
    return sender.code, receiver.code


def _route(fact: Spoken) -> tuple[Party, Party, str]:
    """Sender, receiver and the connection a document comes in by."""
    match fact:
        case OrderSent(order=order):
            return NORTHGATE, order.supplier.party, ERP_OUT
        case Received():
            return WAREHOUSE_OPERATOR, NORTHGATE, WAREHOUSE_IN
        case Shipped(supplier=supplier):
            return supplier.party, NORTHGATE, SUPPLIERS_IN
        case Answered(order=order) | Billed(order=order):
            return order.supplier.party, NORTHGATE, SUPPLIERS_IN
