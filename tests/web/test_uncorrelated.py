"""Documents without an order: the page, the orders it offers, a person's word on whose they are."""

from collections.abc import Callable

import factories as make
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.models import TradingPartner
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db

Enter = Callable[..., Client]
PAGE = "/without-order/"


@pytest.fixture
def told(db: None) -> Connection:
    """An order of 100 SKU-1042 that is open, another of another supplier, and a receipt that names none."""
    forget_kept()
    at = make.connection(of=make.company("northgate", issuer=make.NORTHGATE), name="wms-dallas")
    wanted = {"requests": [{"date": "2026-11-18", "basis": "dock"}]}
    make.tell(
        at,
        make.order("4500001", make.line(price="10.00", **wanted)),
        make.order(
            "4600001",
            make.line(sku="SKU-7", price="1.00"),
            supplier={"ids": ["ZZ:CANARY"], "name": "Canary Foods"},
        ),
        loose_receipt("R-77", bol="BOL-9981"),
    )
    return at


def loose_receipt(number: str, *lines: make.Json, bol: str = "", **more: object) -> make.Json:
    event = make.receipt(number, *lines, bill_of_lading=bol, **more)
    del event["data"]["order"]
    return event


@pytest.fixture
def enter(db: None) -> Enter:
    def sign_in(
        *, at: Connection | None = None, partner: TradingPartner | None = None, role: Role = Role.BUYER
    ) -> Client:
        user = User.objects.create_user(
            f"somebody-{User.objects.count()}",
            password="x",
            role=role,
            first_name="Rosa",
            last_name="Chen",
        )
        if at is not None:
            Grant.objects.create(user=user, company=at.company, partner=partner)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def loose(type_: str = "goods.received") -> LedgerEntry:
    return LedgerEntry.objects.filter(type=type_).latest("position")


def address(entry: LedgerEntry) -> str:
    return reverse("uncorrelated-document", args=[entry.message_id, entry.ordinal])


def link(client: Client, entry: LedgerEntry, number: str, **more: str) -> int:
    flow = Flow.objects.get(number=number)
    asked = {"order": str(flow.correlation_id), "reason": "counted at the dock", "back": PAGE, **more}
    return client.post(address(entry), asked).status_code


def numbers_on(client: Client, number: str) -> list[str]:
    flow = Flow.objects.get(number=number)
    view = client.get(f"/flows/{flow.correlation_id}/").context["view"]
    return list(view.receipts)


def test_a_document_without_an_order_is_told_in_words_with_its_numbers(told, enter):
    response = enter(at=told).get(PAGE)
    (row,) = response.context["rows"]
    assert row.sentence == "Receipt R-77 of 16 Nov at Dallas DC: 100 CA of SKU-1042"
    assert (row.keys, row.connection) == ("BOL BOL-9981", "wms-dallas")
    assert "1 document belongs to no order yet." in response.content.decode()


def test_the_best_order_is_offered_with_its_reasons_and_the_others_are_not(told, enter):
    (row,) = enter(at=told).get(PAGE).context["rows"]
    assert (row.best.order.number, row.best.score) == ("4500001", 100)
    assert set(row.best.reasons) == {
        "same supplier",
        "same item",
        "exactly what is open",
        "same ship-to",
        "2 days before it is wanted",
    }
    assert row.best.against == ()
    assert row.others == ()


def test_one_click_links_it_and_its_reason_is_kept_as_an_entry(told, enter):
    client = enter(at=told)
    (row,) = client.get(PAGE).context["rows"]
    assert link(client, loose(), "4500001", reason=row.best.reason) == 302
    page = client.get(PAGE)
    assert page.context["rows"] == []
    assert "Receipt R-77 belongs to" in page.content.decode()
    assert numbers_on(client, "4500001") == ["R-77"]
    word = loose("entry.linked")
    assert (word.document["who"], word.document["note"]) == ("Rosa Chen", row.best.reason)


def test_a_link_without_a_reason_is_refused_and_says_so(told, enter):
    client = enter(at=told)
    assert link(client, loose(), "4500001", reason="  ") == 302
    page = client.get(PAGE)
    assert "Say why" in page.content.decode()
    assert len(page.context["rows"]) == 1


def test_what_a_person_took_out_of_an_order_waits_again_and_that_order_is_not_offered_again(told, enter):
    client = enter(at=told)
    link(client, loose(), "4500001")
    link(client, loose(), "4500001", linked="no", reason="another truck")
    assert numbers_on(client, "4500001") == []
    (row,) = client.get(PAGE).context["rows"]
    assert row.best is None
    assert LedgerEntry.objects.filter(type="entry.linked").count() == 2


@pytest.mark.parametrize("role", [Role.EXECUTIVE])
def test_who_only_reads_figures_sees_the_page_and_links_nothing(told, enter, role):
    client = enter(at=told, role=role)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Link to PO" not in page.content.decode()
    assert link(client, loose(), "4500001") == 404
    assert not LedgerEntry.objects.filter(type="entry.linked").exists()


def test_for_a_supplier_the_pages_do_not_exist_and_nothing_can_be_linked(told, enter):
    acme = Flow.objects.get(number="4500001").supplier
    client = enter(at=told, partner=acme)
    for page in (PAGE, address(loose())):
        assert client.get(page).status_code == 404, page
    assert link(client, loose(), "4500001") == 404
    assert b"without-order" not in client.get("/flows/").content


def test_another_companys_documents_and_orders_are_out_of_reach(told, enter):
    other = make.connection()
    make.tell(other, make.order("4700001"))
    client = enter(at=other)
    assert client.get(PAGE).context["rows"] == []
    assert client.get(address(loose())).status_code == 404
    assert link(client, loose(), "4700001") == 404
    assert link(enter(at=told), loose(), "4700001") == 404


def test_the_list_is_narrowed_by_kind_connection_and_number(told, enter):
    client = enter(at=told)
    carrier = make.connection(of=told.company, name="carrier")
    make.tell(carrier, make.status("BOL-5000"))
    sentences = lambda **asked: [row.sentence[:7] for row in client.get(PAGE, asked).context["rows"]]  # noqa: E731
    assert sentences() == ["Transpo", "Receipt"]
    assert sentences(type="goods.received") == ["Receipt"]
    assert sentences(connection=str(carrier.pk)) == ["Transpo"]
    assert sentences(connection=str(told.pk)) == ["Receipt"]
    assert sentences(q="bol-9981") == ["Receipt"]
    assert sentences(q="BOL-1") == []
    assert len(sentences(type="nonsense", connection="x")) == 2


def test_the_pages_of_the_list_hold_every_document_once(told, enter):
    make.process(told, make.batch(*(loose_receipt(f"R-{n}") for n in range(100, 160))))
    client, seen, cursor = enter(at=told), [], ""
    for _ in range(4):
        page = client.get(PAGE, {"cursor": cursor} if cursor else {})
        seen += [row.sentence.split()[1] for row in page.context["rows"]]
        cursor = page.context["pager"].following.partition("cursor=")[2].replace("%3D", "=")
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 61
    assert seen[-1] == "R-77"


def test_a_page_costs_the_same_queries_however_many_wait(
    told, enter, django_assert_max_num_queries: DjangoAssertNumQueries
):
    client = enter(at=told)
    make.process(told, make.batch(*(loose_receipt(f"R-{n}", bol=f"BOL-{n}") for n in range(100, 140))))
    with django_assert_max_num_queries(12):
        assert len(client.get(PAGE).context["rows"]) == 25


def test_another_order_is_found_by_any_number_and_compared(told, enter):
    client = enter(at=told)
    for text in ("4600001", "po:4600001"):
        (item,) = client.get(address(loose()), {"q": text}).context["searched"]
        assert item.order.number == "4600001"
        assert set(item.against) >= {"another supplier", "the item is not on it"}
    assert client.get(address(loose()), {"q": "nothing"}).context["searched"] == []


@pytest.mark.parametrize("order", ["", "nonsense", "6f0c7f9e-0000-4000-8000-000000000000"])
def test_an_order_that_is_none_is_not_found(told, enter, order):
    client = enter(at=told)
    assert client.post(address(loose()), {"order": order, "reason": "x"}).status_code == 404


def test_nobody_is_sent_to_another_site_after_linking(told, enter):
    flow = Flow.objects.get(number="4500001")
    asked = {"order": str(flow.correlation_id), "reason": "x", "back": "https://elsewhere.example/"}
    assert enter(at=told).post(address(loose()), asked).url == address(loose())


@pytest.mark.parametrize("cursor", ["nonsense", "WyJ4Il0=", "Wy0xXQ==", "W251bGxd"])
def test_a_cursor_that_is_none_is_not_found(told, enter, cursor):
    assert enter(at=told).get(PAGE, {"cursor": cursor}).status_code == 404


def test_a_document_of_a_number_that_several_orders_bear_leads_to_its_case(told, enter):
    make.tell(told, make.order("4500001", issuer="ZZ:SOUTHGATE"))
    unclear = loose_receipt("R-78")
    unclear["data"]["order"] = {"number": "4500001"}
    make.tell(told, unclear)
    case = ExceptionCase.objects.get(kind="ambiguous_order")
    rows = enter(at=told).get(PAGE).context["rows"]
    assert [row.case_id for row in rows] == [case.pk, None]
    shown = (rows[0].best, *rows[0].others)
    assert {(each.order.number, each.whose) for each in shown if each.whose} == {
        ("4500001", "number of ZZ:NORTHGATE"),
        ("4500001", "number of ZZ:SOUTHGATE"),
    }
