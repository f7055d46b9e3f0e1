"""Small builders for what senders send: canonical events, X12 interchanges, companies and connections.

Everything is made up. The bodies are bytes as they would arrive, so that tests go in by the front door.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from visibility.access.scopes import everything, scope_of_company
from visibility.inbox.keeping import Accepted
from visibility.inbox.models import Connection, Outcome
from visibility.inbox.services import accept_message
from visibility.masterdata.models import Company
from visibility.pipeline.trace import trace_key
from visibility.pipeline.worker import drain
from visibility.triage.models import ExceptionCase

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
X12 = "application/edi-x12"
NORTHGATE, ACME = "ZZ:NORTHGATE", "ZZ:ACMEIND"
_numbers = itertools.count(1)

Json = dict[str, Any]


# Companies and connections


def company(code: str = "", **more: Any) -> Company:
    code = code or f"company-{next(_numbers)}"
    return Company.objects.create(code=code, name=code.title(), **more)


def connection(*, of: Company | None = None, **more: Any) -> Connection:
    more.setdefault("name", f"connection-{next(_numbers)}")
    return Connection.objects.create(company=of or company(), **more)


# Canonical events


def event(kind: str, data: Json, *, id: str = "", source: str = "/tests", **more: Any) -> Json:
    """A CloudEvent. Without an id it gets one that nobody else has."""
    return {
        "specversion": "1.0",
        "id": id or f"event-{next(_numbers)}",
        "source": source,
        "type": kind,
        "data": data,
        **more,
    }


def line(number: str = "1", quantity: object = 100, *, sku: str = "SKU-1042", **more: Any) -> Json:
    return {"line": number, "item": {"buyer": sku}, "quantity": str(quantity), "unit": "CA", **more}


def reference(number: str, *, issuer: str = NORTHGATE) -> Json:
    return {"number": number, "issuer": issuer} if issuer else {"number": number}


def _head(number: str, issuer: str) -> Json:
    return {
        "order": reference(number, issuer=issuer),
        "supplier": {"ids": [ACME], "name": "Acme Industries"},
        "ship_to": {"ids": ["91:DAL"], "name": "Dallas DC"},
    }


def order(number: str = "4500001", *lines: Json, issuer: str = NORTHGATE, id: str = "", **more: Any) -> Json:
    own = lines or (line(price="10.00"),)
    data = {
        **_head(number, issuer),
        "issued_at": "2026-11-02T15:00:00Z",
        "ordered_on": "2026-11-02",
        "released_at": "2026-11-02T15:00:00Z",
        "currency": "USD",
        "lines": list(own),
        **more,
    }
    return event("order.placed", data, id=id)


def answer_line(number: str = "1", *parts: Json, sku: str = "SKU-1042", **more: Any) -> Json:
    own = parts or ({"answer": "accepted"},)
    return {"line": number, "item": {"buyer": sku}, "unit": "CA", "parts": list(own), **more}


def accepted(quantity: object) -> Json:
    return {"answer": "accepted", "quantity": str(quantity), "unit": "CA"}


def answer(
    number: str = "4500001",
    *lines: Json,
    at: str = "2026-11-03T15:00:00Z",
    issuer: str = NORTHGATE,
    id: str = "",
    **more: Any,
) -> Json:
    own = lines or (answer_line(),)
    return event(
        "order.acknowledged", {**_head(number, issuer), "issued_at": at, "lines": list(own), **more}, id=id
    )


def notice(
    number: str = "ASN-1",
    *lines: Json,
    of: str = "4500001",
    bol: str = "",
    issuer: str = NORTHGATE,
    id: str = "",
    **more: Any,
) -> Json:
    """A ship notice. Lines may name orders of their own; `of` empty: the notice names none."""
    head = _head(of, issuer)
    if not of:
        del head["order"]
    data = {
        **head,
        "number": number,
        "bill_of_lading": bol,
        "issued_at": "2026-11-10T15:00:00Z",
        "shipped_at": "2026-11-10T15:00:00Z",
        "lines": list(lines or (line(),)),
        **more,
    }
    return event("shipment.notified", data, id=id)


def receipt(
    number: str = "R-1",
    *lines: Json,
    of: str = "4500001",
    issuer: str = NORTHGATE,
    id: str = "",
    **more: Any,
) -> Json:
    data = {
        **_head(of, issuer),
        "number": number,
        "issued_at": "2026-11-16T15:00:00Z",
        "received_at": "2026-11-16T15:00:00Z",
        "lines": list(lines or (line(),)),
        **more,
    }
    return event("goods.received", data, id=id)


def invoice(
    number: str = "INV-1",
    *lines: Json,
    of: str = "4500001",
    issuer: str = NORTHGATE,
    id: str = "",
    **more: Any,
) -> Json:
    data = {
        **_head(of, issuer),
        "number": number,
        "issued_at": "2026-11-12T15:00:00Z",
        "invoiced_on": "2026-11-12",
        "lines": list(lines or (line(price="10.00"),)),
        **more,
    }
    return event("invoice.received", data, id=id)


def status(
    bol: str, *, id: str = "", what: str = "arrived", at: str = "2026-11-15T15:00:00Z", **more: Any
) -> Json:
    """A carrier's word on a bill of lading; it knows no order."""
    data = {"status": what, "bill_of_lading": bol, "occurred_at": at, **more}
    return event("transport.status", data, id=id)


def change(
    number: str = "4500001",
    *lines: Json,
    at: str = "2026-11-05T15:00:00Z",
    id: str = "",
    **more: Any,
) -> Json:
    data = {**_head(number, NORTHGATE), "issued_at": at, "lines": list(lines), **more}
    return event("order.changed", data, id=id)


def closing(number: str = "4500001", *lines: str, at: str = "2026-11-20T15:00:00Z", **more: Any) -> Json:
    data = {**_head(number, NORTHGATE), "issued_at": at, "lines": [{"line": n} for n in lines], **more}
    return event("order.line_closed", data)


def one(sent: Json) -> bytes:
    return json.dumps(sent).encode()


def batch(*sent: Json) -> bytes:
    return json.dumps(sent).encode()


# X12


def transaction(code: str, *segments: str, control: str = "0001") -> list[str]:
    """A transaction set with its ST and SE around the segments."""
    return [f"ST*{code}*{control}", *segments, f"SE*{len(segments) + 2}*{control}"]


def interchange(
    *sets: Sequence[str],
    group: str = "PO",
    sender: str = "NORTHGATE",
    receiver: str = "ACMEIND",
    control: int = 1,
    time: str = "0900",
) -> bytes:
    """One interchange with one group of all the sets; the sets are taken as they are, right or wrong."""
    segments = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{sender:15}*ZZ*{receiver:15}*261102*{time}*U*00401*{control:09d}*0*P*>",
        f"GS*{group}*{sender}*{receiver}*20261102*{time}*{control}*X*004010",
        *(segment for each in sets for segment in each),
        f"GE*{len(sets)}*{control}",
        f"IEA*1*{control:09d}",
    ]
    return "".join(f"{segment}~" for segment in segments).encode()


def x12_order(
    number: str = "4500001",
    *,
    purpose: str = "00",
    quantity: object = 100,
    unit: str = "CA",
    control: str = "0001",
) -> list[str]:
    return transaction(
        "850",
        f"BEG*{purpose}*SA*{number}**20261102",
        "N1*SU*Acme Industries*92*ACME",
        "N1*ST*Dallas DC*92*DAL",
        f"PO1*1*{quantity}*{unit}*10.00**BP*SKU-1042",
        "CTT*1",
        control=control,
    )


def x12_answer(number: str = "4500001", *, acknowledgements: Sequence[str] = ("ACK*IA*100*CA",)) -> list[str]:
    return transaction(
        "855",
        f"BAK*00*AC*{number}*20261102****SO-1*20261103",
        "N1*SU*Acme Industries*92*ACME",
        "PO1*1*100*CA*10.00**BP*SKU-1042",
        *acknowledgements,
        "CTT*1",
    )


# Sending, and looking at what became of it


def send(at: Connection, body: bytes, content_type: str = "", **more: Any) -> Accepted:
    """Accept a message as the front door does; JSON is told from X12 by its first byte."""
    kind = content_type or {b"[": BATCH, b"{": EVENT}.get(body[:1], X12)
    return accept_message(connection=at, body=body, content_type=kind, **more)


def process(at: Connection, *bodies: bytes) -> list[Outcome]:
    """Send messages and work through them; the outcome of each."""
    ids = [send(at, body).message_id for body in bodies]
    drain(message_ids=ids)
    return [outcome(message_id) for message_id in ids]


def tell(at: Connection, *sent: Json) -> list[Outcome]:
    """Send events, each as a message of its own and worked through before the next."""
    return [outcome for each in sent for outcome in process(at, one(each))]


def outcome(message_id: UUID) -> Outcome:
    return Outcome.objects.filter(message_id=message_id, partial=False).latest("translation")


def codes(of: Outcome) -> list[str]:
    return [problem["code"] for problem in of.problems]


def traces(key: str, *, at: Connection | None = None) -> list[Json]:
    scope = scope_of_company(at.company_id) if at else everything()
    return trace_key(scope=scope, key=key)


def trace(key: str, *, at: Connection | None = None) -> Json:
    (only,) = traces(key, at=at)
    return only


def open_cases(at: Connection) -> list[tuple[str, str, str]]:
    """Kind, line and summary of every open case of the connection's company."""
    cases = ExceptionCase.objects.filter(company_id=at.company_id, is_open=True)
    return sorted(cases.values_list("kind", "line", "summary"))


def kinds(at: Connection) -> set[str]:
    """Kinds of the open cases, without those of codes nobody has mapped."""
    mapping = {"unknown_item", "unknown_partner", "unknown_place"}
    return {kind for kind, _, _ in open_cases(at)} - mapping


_ARRIVAL = {"position", "recorded_at", "message_id", "id", "aliases", "source"}


def without_arrival(value: Any) -> Any:
    """A trace without what tells when and in which order things came in. Of the cases, the open ones."""
    if isinstance(value, dict):
        kept = {name: without_arrival(own) for name, own in value.items() if name not in _ARRIVAL}
        if "cases" in kept:
            kept["cases"] = [case for case in kept["cases"] if case["state"] not in ("closed", "resolved")]
            for case in kept["cases"]:
                case["state"] = "open"
        return kept | {
            name: sorted(kept[name], key=lambda v: json.dumps(v, sort_keys=True))
            for name in ("entries", "cases")
            if name in kept
        }
    if isinstance(value, list):
        return [without_arrival(own) for own in value]
    return value


def states(at: Connection, numbers: Sequence[str]) -> list[Any]:
    """All orders of these numbers and the open cases, as they are whatever came first."""
    found = {str(t["correlation_id"]): without_arrival(t) for n in numbers for t in traces(n, at=at)}
    return [*(found[name] for name in sorted(found)), open_cases(at)]


def permutations_of(sent: Sequence[Json]) -> Iterator[tuple[Json, ...]]:
    return itertools.permutations(sent)
