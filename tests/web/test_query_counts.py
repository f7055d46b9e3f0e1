"""How many statements each page takes. More of them are a choice, not an accident."""

import json
import os
from pathlib import Path

import factories as make
import pytest
from django.test import Client
from statements import statements

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.inbox.models import Connection, Message
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("query_counts.json")
RENEW = "RENEW_QUERY_COUNTS"


@pytest.fixture
def told(db: None) -> Connection:
    """Three orders: one answered short and shipped, two not answered; and a status that names no order."""
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    make.tell(
        connection,
        make.order("4500001"),
        make.order("4500002"),
        make.order("4500003"),
        make.answer("4500001", make.answer_line("1", make.accepted(60)), coverage="detail"),
        make.notice("ASN-77", of="4500001"),
        make.event("transport.status", {"bill_of_lading": "X-1", "carrier": "RDLF"}),
    )
    return connection


def _client(at: Connection, role: Role, *, supplier: bool = False) -> Client:
    user = User.objects.create_user(f"{role}-{supplier}", password="x", role=role)
    partner = Flow.objects.filter(company=at.company).earliest("number").supplier if supplier else None
    Grant.objects.create(user=user, company=at.company, partner=partner)
    client = Client()
    client.force_login(user)
    return client


def _pages(at: Connection) -> dict[str, tuple[Client, str]]:
    flow = Flow.objects.filter(company=at.company).earliest("number")
    case = ExceptionCase.objects.filter(flow=flow).earliest("id")
    message = Message.objects.filter(company=at.company).earliest("received_at")
    buyer, operator = _client(at, Role.BUYER), _client(at, Role.INTEGRATION)
    supplier = _client(at, Role.BUYER, supplier=True)
    return {
        "home": (buyer, "/"),
        "orders": (buyer, "/flows/"),
        "orders of a supplier's reader": (supplier, "/flows/"),
        "orders, narrowed and sorted": (
            buyer,
            f"/flows/?supplier={flow.supplier_id}&state=attention&sort=-value",
        ),
        "orders, searched": (buyer, "/flows/?q=450"),
        "order": (buyer, f"/flows/{flow.correlation_id}/"),
        "order for a supplier's reader": (supplier, f"/flows/{flow.correlation_id}/"),
        "exceptions": (buyer, "/cases/"),
        "exceptions, closed": (buyer, "/cases/?state=closed"),
        "exceptions, searched": (buyer, "/cases/?q=zebra"),
        "exception": (buyer, f"/cases/{case.pk}/"),
        "messages": (operator, "/messages/"),
        "messages, rejected": (operator, "/messages/?status=rejected"),
        "message": (operator, f"/messages/{message.pk}/"),
        "without order": (buyer, "/without-order/"),
        "search": (buyer, "/search/?q=450"),
        "search, nothing found": (buyer, "/search/?q=zebra"),
    }


def _counts(pages: dict[str, tuple[Client, str]], monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    found = {}
    for name, (client, address) in pages.items():
        client.get(address)  # what is looked up once a process
        with statements(monkeypatch) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, name
        found[name] = len([each for each in asked if "SAVEPOINT" not in each])
    return found


def test_pages_take_as_many_statements_as_is_kept(told: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _counts(_pages(told), monkeypatch)
    if os.environ.get(RENEW) == "1":
        KEPT.write_text(json.dumps(found, indent=2) + "\n")
    kept = json.loads(KEPT.read_text())
    assert found == kept, (
        f"Pages take another number of statements than {KEPT.name} says. If that is meant, run this test "
        f"once with {RENEW}=1 and commit the file with the reason."
    )


def test_a_longer_list_takes_no_more_statements(told: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: dict[str, tuple[Client, str]] = {
        name: each for name, each in _pages(told).items() if name.startswith(("home", "orders", "exceptions"))
    }
    before = _counts(pages, monkeypatch)
    make.tell(told, *(make.order(f"46{number:05}") for number in range(40)))
    assert _counts(pages, monkeypatch) == before
