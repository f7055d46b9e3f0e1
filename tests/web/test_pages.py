"""Pages answer for whom they should, and for nobody else; the address is the view."""

import base64
import json
from collections.abc import Callable
from uuid import UUID, uuid4

import factories as make
import pytest
import terms
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.desk.models import Policy
from visibility.flows.models import Flow
from visibility.inbox.models import Connection, Message
from visibility.masterdata.models import Company, TradingPartner
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import DeliveryAttempt, Endpoint, OutboxMessage
from visibility.triage.models import ExceptionCase
from visibility.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
OF_ONE_OBJECT = {"flow", "case", "message", "message-raw", "uncorrelated-document"}
OF_ONE_OBJECT |= {"terms-tolerance", "terms-calendar"}
OF_ONE_OBJECT |= {"delivery", "policy", "partner", "partner-certification"}
OF_MENDERS = {"message-correct", "message-alike"}
"""Walked with every role in test_correct_pages.py: other roles find nothing there."""
OF_ONE_OBJECT |= OF_MENDERS
DEEDS = {"case-decide", "case-assign", "case-snooze", "case-watch", "case-pause", "case-comment"}
DEEDS |= {"attachment", "cases-bulk-decide"}
DEEDS |= {"resolution-approve", "resolution-reject", "resolution-reverse"}
"""What people do from a case page: walked with every role in test_case_page_deciding.py."""
POSTED_TO = {"cases-views", "cases-undo"}
"""Only ever posted to: test_addresses_that_are_posted_to_alone_show_nothing."""
OF_THE_COMPANY = {"cases-bulk", "connections", "deliveries", "uncorrelated", "silent-run", "silent-found"}
OF_THE_COMPANY |= {
    "approvals",
    "partners",
    "policies",
    "resolution-times",
    "terms",
    "terms-deadlines",
    "terms-hours",
    "terms-limits",
    "terms-calendars",
    "terms-history",
}
"""Pages that do not exist for who sees one partner's part."""


@pytest.fixture
def told(db: None) -> Connection:
    """Two orders of one company: 4500001 answered short, 4500002 not answered."""
    forget_kept()
    connection = make.connection(of=make.company("northgate", issuer=make.NORTHGATE))
    make.tell(
        connection,
        make.order("4500001"),
        make.order("4500002"),
        make.answer("4500001", make.answer_line("1", make.accepted(60)), coverage="detail"),
        make.notice("ASN-77", of="4500001"),
    )
    return connection


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Makes a person of a role with grants, signed in."""

    def enter(
        *, at: Connection | None = None, partner: TradingPartner | None = None, role: Role = Role.BUYER
    ) -> Client:
        user = User.objects.create_user(f"somebody-{User.objects.count()}", password="x", role=role)
        if at is not None:
            Grant.objects.create(user=user, company=at.company, partner=partner)
        client = Client()
        client.force_login(user)
        return client

    return enter


def delivery_at(at: Connection) -> UUID:
    """A command that failed once, of a system of the company."""
    way = make.connection(of=at.company)
    Endpoint.objects.create(connection=way, role="erp", connector="memory", settings={"system": way.name})
    command = OutboxMessage.objects.create(
        company=at.company,
        connection=way,
        type="order.line.confirm",
        data={"line": "1"},
        cause="resolution:1:1",
        words="PO 4500001 line 1: 60 confirmed",
        state="ready",
        attempts=1,
    )
    DeliveryAttempt.objects.create(message=command, number=1, result="retry", failure="unavailable")
    return command.pk


def policy_of(company: Company) -> Policy:
    found, _ = Policy.objects.get_or_create(
        company=company,
        name="Small shorts",
        kind="confirmed_short",
        action="accept_answer",
        defaults={"limits": {"gap": "1"}, "made_by": "tests", "changed_at": clock.now()},
    )
    return found


def addresses(at: Connection) -> dict[str, str]:
    """Every page by its name, with objects of this connection's company."""
    flow = Flow.objects.filter(company=at.company).earliest("number")
    message = Message.objects.filter(company=at.company).earliest("received_at")
    case = ExceptionCase.objects.filter(company=at.company).earliest("id")
    found = {}
    for pattern in urlpatterns:
        if pattern.name in ("login", "logout", "theme") or pattern.name in DEEDS | POSTED_TO:
            continue
        wanted = {
            "correlation_id": flow.correlation_id,
            "message_id": message.pk,
            "case_id": case.pk,
            "place": 0,
            "delivery_id": delivery_at(at),
            "policy_id": policy_of(at.company).pk,
            "tolerance_id": terms.agreed_tolerance(at.company).pk,
            "calendar_id": terms.working_calendar(at.company).pk,
            "partner_id": terms.partner_with_profile(at.company).pk,
        }
        names = pattern.pattern.converters
        found[str(pattern.name)] = reverse(str(pattern.name), kwargs={name: wanted[name] for name in names})
    return found


def test_every_page_asks_strangers_to_sign_in(told):
    for address in addresses(told).values():
        response = Client().get(address)
        assert (response.status_code, response.url.split("?")[0]) == (302, "/login/"), address


@pytest.mark.parametrize("role", list(Role))
def test_every_page_answers_every_role_of_the_company(told, sign_in, role):
    client = sign_in(at=told, role=role)
    for name, address in addresses(told).items():
        if name not in OF_MENDERS:
            assert client.get(address).status_code in (200, 302 if name == "home" else 200), address


@pytest.mark.parametrize("role", list(Role))
def test_another_companys_objects_do_not_exist(told, sign_in, role):
    client = sign_in(at=make.connection(), role=role)
    for name, address in addresses(told).items():
        response = client.get(address, follow=True)
        assert response.status_code == (404 if name in OF_ONE_OBJECT else 200), name
        assert b"4500001" not in response.content, name


def test_a_partners_reader_sees_only_that_partners_orders_and_no_messages(told, sign_in):
    mine = TradingPartner.objects.create(company=told.company, code="other", name="Other Supplier")
    client = sign_in(at=told, partner=mine)
    for name, address in addresses(told).items():
        response = client.get(address, follow=True)
        assert response.status_code == (404 if name in {*OF_ONE_OBJECT, *OF_THE_COMPANY} else 200), name
        assert b"4500001" not in response.content, name


@pytest.mark.parametrize("role", list(Role))
def test_addresses_that_are_posted_to_alone_show_nothing(told, sign_in, role):
    supplier = Flow.objects.get(number="4500001").supplier
    for client in (sign_in(at=told, role=role), sign_in(at=told, partner=supplier, role=role)):
        for name in POSTED_TO:
            assert client.get(reverse(name)).status_code == 405, name


def test_a_form_without_its_token_is_refused_everywhere(told, sign_in):
    signed_in = sign_in(at=told)
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in.cookies
    of_deeds = {"case_id": 1, "action": "waive", "attachment_id": 1, "resolution_id": 1}
    for pattern in urlpatterns:
        name = str(pattern.name)
        if name in DEEDS | POSTED_TO:
            kwargs = {each: of_deeds[each] for each in pattern.pattern.converters}
            assert client.post(reverse(name, kwargs=kwargs)).status_code == 403, name
    for name, address in addresses(told).items():
        assert client.post(address).status_code in (403, 405), name
    case = ExceptionCase.objects.earliest("id").pk
    asked = {"action": "waive", "values": {"reason": "x"}, "seen_decisions": 0}
    for deed in ("preview", "resolve"):
        answer = client.post(f"/api/v1/cases/{case}/{deed}", asked, content_type="application/json")
        assert answer.status_code == 403, deed


def test_a_number_with_one_order_opens_it(told, sign_in):
    client = sign_in(at=told)
    flow = Flow.objects.get(number="4500001")
    for text in ("4500001", "ASN-77", "asn-77", f"  {flow.correlation_id} "):
        response = client.get("/search/", {"q": text})
        assert response.url == f"/flows/{flow.correlation_id}/", text


def test_a_number_with_several_orders_lists_them(told, sign_in):
    response = sign_in(at=told).get("/search/", {"q": "45000"})
    assert response.status_code == 200
    assert [row.number for row in response.context["rows"]] == ["4500002", "4500001"]


def test_a_case_and_a_message_are_found_by_what_they_are_called(told, sign_in):
    client, case = sign_in(at=told), ExceptionCase.objects.earliest("id")
    assert client.get("/search/", {"q": f"case {case.pk}"}).url == f"/cases/{case.pk}/"
    message = Message.objects.earliest("received_at")
    assert client.get("/search/", {"q": str(message.pk)}).url == f"/messages/{message.pk}/"


NOBODY = "6f0c7f9e-0000-4000-8000-000000000000"


@pytest.mark.parametrize("text", ["", "nothing", "case 999999", "\x00", "%%%", "x" * 5000, NOBODY])
def test_whatever_is_searched_the_page_answers(told, sign_in, text):
    assert sign_in(at=told).get("/search/", {"q": text}).status_code == 200


def test_wrong_parameters_are_left_out(told, sign_in):
    client = sign_in(at=told)
    for address in ("/flows/", "/cases/", "/messages/"):
        response = client.get(
            address,
            {"sort": "; drop", "supplier": "x", "place": "9999", "state": "??", "kind": "no", "status": "no"},
        )
        assert response.status_code == 200, address


def test_a_cursor_that_is_none_is_not_found(told, sign_in):
    for address in ("/flows/", "/cases/", "/messages/", "/without-order/"):
        assert sign_in(at=told).get(address, {"cursor": "nonsense"}).status_code == 404


@pytest.mark.parametrize("sort", ["-ordered_on", "-value", "next_due_at"])
@pytest.mark.parametrize("value", ["2026-11-02", "10.5", "2026-11-02 15:00:00+00:00", "no", 7, ["x"], None])
def test_another_sorts_cursor_is_at_worst_not_found(told, sign_in, sort, value):
    cursor = base64.urlsafe_b64encode(json.dumps([value, 1]).encode()).decode()
    assert sign_in(at=told).get("/flows/", {"sort": sort, "cursor": cursor}).status_code in (200, 404)


def test_lists_answer_a_swap_with_the_list_alone(told, sign_in):
    client = sign_in(at=told)
    for address in ("/flows/", "/cases/", "/messages/", "/without-order/"):
        part = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert 'id="list"' in part
        assert "<html" not in part


def test_the_filters_narrow_the_list(told, sign_in):
    client = sign_in(at=told)
    supplier = TradingPartner.objects.create(company=told.company, code="other", name="Other Supplier")
    # The other order only names codes nobody mapped: the steward's question, not the buyer's.
    (short,) = client.get("/flows/", {"state": "attention"}).context["found"].rows
    assert short.number == "4500001"
    assert len(client.get("/flows/", {"state": "open"}).context["found"].rows) == 1
    assert client.get("/flows/", {"state": "done"}).context["found"].rows == []
    assert client.get("/flows/", {"supplier": supplier.pk}).context["found"].rows == []
    kinds = {row.kind for row in client.get("/cases/", {"kind": "confirmed_short"}).context["found"].rows}
    assert kinds == {"confirmed_short"}


def test_the_flow_page_opens_one_of_its_documents_beside_it(told, sign_in):
    client, flow = sign_in(at=told), Flow.objects.get(number="4500001")
    message = Message.objects.earliest("received_at")
    page = f"/flows/{flow.correlation_id}/"
    assert client.get(page, {"document": message.pk}).context["document"].row.id == message.pk
    for other in (uuid4(), "nonsense"):
        assert client.get(page, {"document": other}).context["document"] is None


def test_the_raw_message_is_a_download_of_its_bytes(told, sign_in):
    message = Message.objects.earliest("received_at")
    response = sign_in(at=told).get(f"/messages/{message.pk}/raw/")
    assert response.content == bytes(message.body)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_what_a_stranger_sent_is_shown_as_text(told, sign_in):
    sent = make.send(told, b"<script>alert(1)</script>", "application/edi-x12")
    page = sign_in(at=told).get(f"/messages/{sent.message_id}/?view=raw").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_the_theme_goes_back_to_where_it_was_chosen_and_nowhere_else(client):
    back = client.post("/theme/", {"theme": "dark"}, headers={"referer": "http://testserver/login/"})
    assert (back.url, back.cookies["theme"].value) == ("http://testserver/login/", "dark")
    away = client.post("/theme/", {"theme": "purple"}, headers={"referer": "https://elsewhere.example/"})
    assert (away.url, "theme" in away.cookies) == ("/", False)


def test_lists_cost_the_same_queries_however_long_they_are(
    told, sign_in, django_assert_max_num_queries: DjangoAssertNumQueries
):
    client = sign_in(at=told)
    make.tell(told, *(make.order(str(number)) for number in range(4600000, 4600030)))
    for address in ("/flows/", "/cases/", "/messages/"):
        with django_assert_max_num_queries(18):  # each page exactly: query_counts.json
            client.get(address)
