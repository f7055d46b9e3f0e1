"""What senders can rely on: schemas, the description, health."""

import json
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import msgspec
import pytest
import redis
from django.db import OperationalError
from django.test import Client

from visibility.api import examples, health
from visibility.api.bodies import check_body
from visibility.api.shapes import (
    Alive,
    Case,
    Flow,
    LedgerPage,
    MessageStatus,
    ProblemDetails,
    Ready,
    Receipt,
    SchemaList,
)
from visibility.canonical.documents import DOCUMENT_TYPES, OrderPlaced
from visibility.canonical.events import Event
from visibility.canonical.schemas import DECIMAL, find_schema, schema_names


def references(value: Any) -> set[str]:
    """Everything a JSON value refers to."""
    if isinstance(value, list):
        return {name for part in value for name in references(part)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own | {name for part in value.values() for name in references(part)}


def test_there_is_a_schema_for_the_envelope_and_each_document() -> None:
    listed = SchemaList.model_validate(Client().get("/api/v1/schemas/").json())

    assert [entry.name for entry in listed.schemas] == ["event.v1", *(f"{n}.v1" for n in DOCUMENT_TYPES)]
    for entry in listed.schemas:
        answer = Client().get(entry.url)
        assert answer["Content-Type"] == "application/schema+json"
        assert answer.json()["$id"] == entry.name
        assert answer.json()["title"] == entry.title


@pytest.mark.parametrize("name", ["order.placed", "order.placed.v1", "order.placed.v1.json"])
def test_a_schema_is_found_with_and_without_its_version(name: str) -> None:
    assert Client().get(f"/api/v1/schemas/{name}").json()["$id"] == "order.placed.v1"


@pytest.mark.parametrize("name", ["order.placed.v2", "nothing", "..", "%00"])
def test_no_other_schema_is_there(name: str) -> None:
    answer = Client().get(f"/api/v1/schemas/{name}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_every_reference_of_a_schema_leads_somewhere() -> None:
    for name in schema_names():
        schema = find_schema(name)
        assert schema is not None
        for reference in references(schema):
            if reference.startswith("#/$defs/"):
                assert reference.removeprefix("#/$defs/") in schema["$defs"]
            else:
                assert find_schema(reference) is not None


def test_quantities_are_published_as_strings() -> None:
    schema = find_schema("order.placed")
    assert schema is not None
    quantity = schema["$defs"]["OrderLine"]["properties"]["quantity"]["anyOf"][0]

    assert (quantity["type"], quantity["pattern"]) == ("string", DECIMAL["pattern"])
    placed = msgspec.json.decode(b'{"lines": [{"quantity": "12.50"}]}', type=OrderPlaced)
    assert placed.lines[0].quantity == Decimal("12.50")
    assert json.loads(msgspec.json.encode(placed))["lines"][0]["quantity"] == "12.50"


def test_the_description_is_whole() -> None:
    answer = Client().get("/api/v1/openapi.json")
    described = answer.json()

    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/api/v1/messages",
        "/api/v1/messages/{message_id}",
        "/api/v1/flows",
        "/api/v1/flows/{correlation_id}",
        "/api/v1/cases",
        "/api/v1/cases/{case_id}",
        "/api/v1/cases/{case_id}/preview",
        "/api/v1/cases/{case_id}/resolve",
        "/api/v1/resolutions/{resolution_id}/approve",
        "/api/v1/resolutions/{resolution_id}/reject",
        "/api/v1/resolutions/{resolution_id}/reverse",
        "/api/v1/ledger",
        "/api/v1/schemas/",
        "/api/v1/schemas/{name}",
        "/api/v1/problems/",
        "/api/v1/problems/{name}",
        "/api/v1/health/live",
        "/api/v1/health/ready",
    }
    for reference in references(described):
        assert reference.removeprefix("#/components/schemas/") in described["components"]["schemas"]
    body = described["paths"]["/api/v1/messages"]["post"]["requestBody"]["content"]
    assert all(content["examples"] for content in body.values())
    assert len(body) == 5


def test_refusals_are_described_as_problems() -> None:
    described = Client().get("/api/v1/openapi.json").json()
    answers = described["paths"]["/api/v1/messages"]["post"]["responses"]

    assert {"202", "401", "403", "409", "413", "415", "422"} <= set(answers)
    assert list(answers["409"]["content"]) == ["application/problem+json"]
    assert list(answers["202"]["content"]) == ["application/json"]


def test_the_examples_are_what_they_are_examples_of() -> None:
    for example, shape in (
        (examples.RECEIPT, Receipt),
        (examples.MESSAGE, MessageStatus),
        (examples.FLOW, Flow),
        (examples.CASE, Case),
        (examples.LEDGER, LedgerPage),
        (examples.CONFLICT, ProblemDetails),
    ):
        shape.model_validate(example)
    for event in (examples.EVENT, examples.RELEASED):
        body = json.dumps(event).encode()
        check_body(body=body, content_type="application/cloudevents+json")
        assert msgspec.json.decode(body, type=Event).document().order is not None


def test_there_is_no_page_with_scripts_of_others() -> None:
    assert Client().get("/api/v1/docs").status_code == 404


def test_each_kind_of_refusal_has_its_page() -> None:
    for kind in Client().get("/api/v1/problems/").json():
        assert Client().get(kind["type"]).json() == kind


def test_liveness_touches_nothing() -> None:
    # Without the fixture `db` any query would fail the test.
    Alive.model_validate(Client().get("/api/v1/health/live").json())


def test_ready_with_database_migrations_and_broker(db: None) -> None:
    answer = Client().get("/api/v1/health/ready")

    assert answer.status_code == 200
    assert Ready.model_validate(answer.json()).status == "ready"


def test_ready_but_degraded_without_the_broker(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "broker", Mock(side_effect=redis.ConnectionError("gone")))
    answer = Client().get("/api/v1/health/ready")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["broker"] == "unreachable"


@pytest.mark.parametrize("fault", [OperationalError("gone"), None], ids=["database", "migrations"])
def test_not_ready_without_database_or_migrations(
    db: None, monkeypatch: pytest.MonkeyPatch, fault: Exception | None
) -> None:
    monkeypatch.setattr(health.migrations, "pending", Mock(side_effect=fault, return_value=3))
    answer = Client().get("/api/v1/health/ready")

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["code"] == ("database" if fault else "migrations")
