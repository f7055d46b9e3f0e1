"""Reading orders and cases: what a read key sees, and that it is its own company's only."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connections
from senders import X12_TYPE, Caller, event

from visibility.api.shapes import Case, Flow
from visibility.inbox.models import ApiKey, Connection
from visibility.pipeline.worker import drain

ORDER = "MD-40081"


def short_answer(number: str) -> bytes:
    """60 of 100 confirmed, as an event."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{number}-answered",
            "source": "urn:example:supplier",
            "type": "order.acknowledged",
            "time": "2026-03-02T15:00:00Z",
            "data": {
                "order": {"number": number, "issuer": "ZZ:BUYER"},
                "buyer": {"ids": ["ZZ:BUYER"]},
                "supplier": {"ids": ["ZZ:MAKER"]},
                "issued_at": "2026-03-02T15:00:00Z",
                "lines": [
                    {
                        "line": "1",
                        "quantity": "100",
                        "unit": "CA",
                        "parts": [{"answer": "accepted", "quantity": "60", "unit": "CA", "code": "IA"}],
                    }
                ],
            },
        }
    ).encode()


@pytest.fixture
def short(sender: Caller) -> None:
    """An order of the trial company that its supplier confirmed in part."""
    for body in (event(ORDER), short_answer(ORDER)):
        message = UUID(sender.send(body).json()["message_id"])
        drain(message_ids=[message])


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("key", [f"po:{ORDER}", ORDER, ORDER.lower(), f"PO:{ORDER}"])
def test_an_order_is_found_by_its_number(reader: Caller, key: str) -> None:
    answer = reader.get("/api/v1/flows", key=key)

    (told,) = answer.json()
    flow = Flow.model_validate(told)
    assert flow.order.number == ORDER
    (line,) = flow.lines
    assert (line.ordered, line.confirmed) == ("100", "60")
    assert [entry.type for entry in flow.entries] == ["order.placed", "order.acknowledged"]
    assert "confirmed_short" in {case.kind for case in flow.cases}


@pytest.mark.usefixtures("short")
def test_an_order_is_read_by_its_correlation_id(reader: Caller) -> None:
    (found,) = reader.get("/api/v1/flows", key=ORDER).json()
    answer = reader.get(f"/api/v1/flows/{found['correlation_id']}")

    assert answer.json() == found
    assert reader.get("/api/v1/flows", key=found["correlation_id"]).json() == [found]


def test_a_number_that_names_nothing_names_no_orders(reader: Caller) -> None:
    answer = reader.get("/api/v1/flows", key="po:NOBODY-HAS-THIS")

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.usefixtures("short")
def test_cases_are_listed_by_queue_and_state(reader: Caller) -> None:
    cases = [Case.model_validate(told) for told in reader.get("/api/v1/cases").json()]
    narrowed = reader.get("/api/v1/cases", queue="quantity-mismatches", state="open").json()

    assert "confirmed_short" in {case.kind for case in cases}
    assert {case["queue"] for case in narrowed} == {"quantity-mismatches"}
    assert reader.get("/api/v1/cases", queue="quantity-mismatches", state="closed").json() == []
    assert len(reader.get("/api/v1/cases", state="all").json()) == len(cases)


@pytest.mark.usefixtures("short")
def test_pages_of_cases_follow_each_other(sender: Caller, reader: Caller) -> None:
    for body in (event("MD-40082"), short_answer("MD-40082")):
        drain(message_ids=[UUID(sender.send(body).json()["message_id"])])
    everything = reader.get("/api/v1/cases").json()
    seen, address = [], "/api/v1/cases?limit=1"
    while address:
        page = reader.get(address)
        seen += page.json()
        address = page.headers.get("Link", "").partition("<")[2].partition(">")[0]

    assert len(everything) > 1
    assert seen == everything


@pytest.mark.usefixtures("short")
def test_another_company_sees_nothing_of_it(
    reader: Caller,
    sender: Caller,
    orchard: Connection,
    caller: Callable[[Connection, ApiKey.Scope], Caller],
) -> None:
    stranger = caller(orchard, ApiKey.Scope.READ)
    (flow,) = reader.get("/api/v1/flows", key=ORDER).json()
    message = flow["entries"][0]["message_id"]

    assert stranger.get("/api/v1/flows", key=f"po:{ORDER}").json() == []
    assert stranger.get("/api/v1/flows", key=flow["correlation_id"]).json() == []
    assert stranger.get(f"/api/v1/flows/{flow['correlation_id']}").status_code == 404
    assert stranger.get(f"/api/v1/messages/{message}").status_code == 404
    assert stranger.get("/api/v1/cases", state="all").json() == []
    assert caller(orchard, ApiKey.Scope.INGEST).get(f"/api/v1/messages/{message}").status_code == 404


@pytest.mark.usefixtures("short")
def test_the_same_event_of_another_company_is_its_own(
    sender: Caller, orchard: Connection, caller: Callable[[Connection, ApiKey.Scope], Caller]
) -> None:
    answer = caller(orchard, ApiKey.Scope.INGEST).send(event(ORDER, quantity="7"))

    assert (answer.status_code, answer.json()["duplicate"]) == (202, False)
    drain(message_ids=[UUID(answer.json()["message_id"])])
    (own,) = caller(orchard, ApiKey.Scope.READ).get("/api/v1/flows", key=ORDER).json()
    assert own["lines"][0]["ordered"] == "7"


def test_x12_becomes_an_order(sender: Caller, reader: Caller) -> None:
    body = (
        "ISA*00*          *00*          *ZZ*BUYER          *ZZ*MAKER          "
        "*260302*0900*U*00401*000000017*0*T*>~GS*PO*BUYER*MAKER*20260302*0900*17*X*004010~"
        "ST*850*0001~BEG*00*SA*MD-40090**20260302~N1*SU*Maker*92*M1~N1*ST*East*92*E1~"
        "PO1*1*12*CA*4.25**BP*A-1~CTT*1~SE*7*0001~GE*1*17~IEA*1*000000017~"
    )
    receipt = sender.send(body.encode(), X12_TYPE).json()
    drain(message_ids=[UUID(receipt["message_id"])])

    (flow,) = reader.get("/api/v1/flows", key="po:MD-40090").json()
    assert flow["lines"][0]["ordered"] == "12"


def test_reading_an_order_costs_a_few_queries(
    short: None, reader: Caller, django_assert_max_num_queries: Callable[..., object]
) -> None:
    reader.get("/api/v1/cases")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]  # a context manager
        reader.get("/api/v1/flows", key=ORDER)
    assert connections["default"].is_usable()
