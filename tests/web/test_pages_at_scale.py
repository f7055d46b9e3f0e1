"""Pages read no more of the database when there are ten times as many orders.

Blocks are counted as PostgreSQL counts them: time would say what else the machine does.
"""

from collections.abc import Iterator
from typing import NamedTuple

import factories as make
import pytest
from django.db import connections
from django.test import Client
from statements import blocks_read

from tests.benchmarks import history, scale
from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.inbox.models import Connection, Message
from visibility.masterdata.models import Company, Location, TradingPartner
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.timeout(300),
]
ORDERS = 400
FEW, MANY = 9_000, 60_000
MOST = 3_000
"""Blocks of 8 kB that a statement may read, however much there is: what the bounds of lists allow."""


class Reader(NamedTuple):
    whole: Client
    operator: Client
    supplier: Client


@pytest.fixture
def company() -> Iterator[Company]:
    """A company with some hundred orders in every state, to be multiplied."""
    forget_kept()
    made = make.company("bench", issuer="ZZ:NORTHGATE")
    Connection.objects.create(
        company=made, name="bench", witness=Connection.Witness.ERP, issuer="ZZ:NORTHGATE"
    )
    history.bring_in(orders=ORDERS)
    yield made
    connections["owner"].close()


def _client(name: str, company: Company, role: Role, partner: TradingPartner | None = None) -> Client:
    user, _ = User.objects.get_or_create(username=name, defaults={"role": role})
    Grant.objects.get_or_create(user=user, company=company, partner=partner)
    client = Client()
    client.force_login(user)
    return client


def _readers(company: Company) -> Reader:
    supplier = TradingPartner.objects.filter(company=company).order_by("code")[3]
    return Reader(
        _client("whole", company, Role.BUYER),
        _client("operator", company, Role.INTEGRATION),
        _client("supplier", company, Role.BUYER, supplier),
    )


def _addresses(reader: Reader) -> list[tuple[str, Client, str]]:
    supplier = TradingPartner.objects.order_by("code")[5].pk
    place = Location.objects.order_by("code")[1].pk
    flow = Flow.objects.filter(state="attention").latest("id")
    case = ExceptionCase.objects.filter(flow__isnull=False).latest("id")
    message = Message.objects.latest("received_at")
    orders = [
        f"/flows/?{narrowed}&sort={sort}"
        for sort in ("-ordered_on", "wanted_on", "-value", "next_due_at")
        for narrowed in ("", "state=attention", f"supplier={supplier}&place={place}", "state=cancelled")
    ]
    orders += [
        f"/flows/?q={q}" for q in (flow.number, flow.number[:5], "45", "SKU-00001", "Supplier", "zebra")
    ]
    cases = [
        f"/cases/?{narrowed}&sort={sort}"
        for sort in ("-money", "due_at", "-opened_at")
        for narrowed in ("", "state=closed", "state=all", f"supplier={supplier}&place={place}", "queue=x")
    ]
    cases += [f"/cases/?q={q}" for q in (flow.number, "zebra", "answer")]
    messages = [f"/messages/?status={status}" for status in ("", "received", "processed", "rejected", "sent")]
    messages += ["/messages/?q=erp-000001.json", "/messages/?q=zebra", f"/messages/{message.pk}/"]
    both = ["/", *orders, *cases, f"/flows/{flow.correlation_id}/", f"/cases/{case.pk}/", "/search/?q=zebra"]
    return [
        *(("whole", reader.whole, address) for address in [*both, "/without-order/"]),
        *(("supplier", reader.supplier, address) for address in ["/", *orders, *cases]),
        *(("operator", reader.operator, address) for address in messages),
    ]


def _read(company: Company, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], tuple[int, str]]:
    """Of each page the statement that reads most, by the page's place in the list."""
    found = {}
    for number, (who, client, address) in enumerate(_addresses(_readers(company))):
        client.get(address)
        with blocks_read(monkeypatch) as told:
            client.get(address)
        page = address.split("?")[0].split("/")[1]
        found[f"{number} {who}", page] = max((blocks, f"{address}: {query}") for blocks, query in told)
    return found


def test_no_page_reads_more_where_there_is_more(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    growing = scale.steps(entries=[FEW, MANY])
    next(growing)
    few = _read(company, monkeypatch)
    next(growing)
    many = _read(company, monkeypatch)
    worse = [
        f"{few[page][0]} blocks, then {blocks}: {query}"
        for page, (blocks, query) in many.items()
        if blocks > max(few[page][0] * 1.5, MOST)
    ]
    assert not worse, "\n".join(worse)
    # The same measure sees an index that is missing.
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP INDEX flow_by_value")
    with blocks_read(monkeypatch) as told:
        _readers(company).whole.get("/flows/?sort=-value")
    assert max(blocks for blocks, _ in told) > MOST
