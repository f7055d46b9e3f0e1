"""Somebody who sees one partner's part sees nothing of the company's others, in lists, counts and choices."""

import factories as make
import pytest
from django.test import Client

from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_user
from visibility.accounts.models import Role, User
from visibility.flows.lists import flow_facets, list_flows
from visibility.flows.models import Flow
from visibility.flows.search import find_flows
from visibility.inbox.lists import list_messages
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.triage.lists import list_cases
from visibility.triage.models import ExceptionCase
from visibility.triage.selectors import cases_of_flow, kind_counts, queue_counts

pytestmark = pytest.mark.django_db

OTHER = {"ids": ["ZZ:CANARY"], "name": "Canary Foods"}
CANARIES = (b"CANARY", b"Canary", b"4600001", b"SKU-CANARY")


@pytest.fixture
def told(db: None) -> Connection:
    """An order of Acme for Dallas, and one of Canary Foods for Canary Wharf, both in trouble."""
    forget_kept()
    at = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    make.tell(
        at,
        make.order("4500001"),
        make.answer("4500001", make.answer_line("1", make.accepted(60))),
        make.order(
            "4600001",
            make.line(sku="SKU-CANARY", price="1.00"),
            supplier=OTHER,
            ship_to={"ids": ["91:CANARYWHARF"], "name": "Canary Wharf"},
        ),
        make.answer(
            "4600001", make.answer_line("1", make.accepted(1), sku="SKU-CANARY"), supplier=OTHER, ship_to={}
        ),
    )
    return at


@pytest.fixture
def acme(told: Connection) -> User:
    user = User.objects.create_user("acme", password="x", role=Role.BUYER)
    partner = Flow.objects.get(number="4500001").supplier
    Grant.objects.create(user=user, company=told.company, partner=partner)
    return user


def test_no_page_names_the_others(acme: User) -> None:
    client = Client()
    client.force_login(acme)
    own = Flow.objects.get(number="4500001")
    pages = ["/", "/flows/", "/cases/?state=all", "/messages/", f"/flows/{own.correlation_id}/"]
    pages += [f"/cases/{case.pk}/" for case in ExceptionCase.objects.filter(flow=own)]
    pages += ["/search/?q=4600001", "/search/?q=SKU-CANARY", "/search/?q=Canary", "/cases/?q=4600001"]
    for page in pages:
        response = client.get(page)
        shown = response.content.replace(page.partition("q=")[2].encode() or b"\0", b"")
        assert response.status_code == 200, page
        assert [canary for canary in CANARIES if canary in shown] == [], page


def test_counts_and_choices_are_of_what_is_theirs(acme: User) -> None:
    scope = scope_of_user(acme)
    own = set(ExceptionCase.objects.filter(flow__number="4500001", is_open=True).values_list("id", flat=True))
    assert {row.id for row in list_cases(scope=scope).rows} == own
    assert sum(n for n, _ in queue_counts(scope=scope).values()) == len(own)
    assert sum(n for _, n in kind_counts(scope=scope)) == len(own)
    assert (list_flows(scope=scope).count, list_messages(scope=scope).count) == (1, 0)
    facets = flow_facets(scope=scope)
    assert [name for _, name in facets["supplier"]] == ["Acme Industries"]
    assert [name for _, name in facets["ship_to"]] == ["Dallas DC"]
    theirs = Flow.objects.get(number="4600001")
    assert cases_of_flow(scope=scope, correlation_id=theirs.correlation_id) == []


def test_orders_of_others_hide_none_of_their_own(told: Connection, acme: User) -> None:
    others = [make.order(f"45000{n}", make.line(price="1.00"), supplier=OTHER) for n in range(10, 40)]
    make.process(told, make.batch(*others))
    scope = scope_of_user(acme)
    for text in ("45000", "SKU-1042"):
        assert [row.number for row in find_flows(scope=scope, text=text, limit=5)] == ["4500001"], text


def test_a_partner_granted_in_one_company_opens_nothing_of_another(told: Connection, acme: User) -> None:
    elsewhere = make.connection()
    make.tell(elsewhere, make.order("4700001"))
    scope = scope_of_user(acme)
    assert list_flows(scope=Scope((*scope.companies, elsewhere.company_id), scope.partners)).count == 1
