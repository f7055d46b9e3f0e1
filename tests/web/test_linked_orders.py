"""Ambiguous numbers settled by a person, and what an order's page says of links, relations and names."""

from collections.abc import Iterator

import factories as make
import pytest
from django.test import Client
from django.urls import reverse

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.resolve import forget_kept
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Connection:
    forget_kept()
    return make.connection(of=make.company("northgate", issuer=make.NORTHGATE), name="erp", trusted=True)


@pytest.fixture
def rosa(at: Connection) -> Client:
    user = User.objects.create_user(
        "rosa", password="x", role=Role.INTEGRATION, first_name="Rosa", last_name="Chen"
    )
    Grant.objects.create(user=user, company=at.company)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def supplier(at: Connection, two_systems: ExceptionCase) -> Client:
    user = User.objects.create_user("acme", password="x")
    Grant.objects.create(user=user, company=at.company, partner=_flow("SAP1").supplier)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def two_systems(at: Connection) -> Iterator[ExceptionCase]:
    """Two ERPs with order 4500001 of the same supplier to the same place, and a receipt that says neither."""
    for system, item in (("SAP1", "SKU-1042"), ("SAP2", "SKU-7")):
        event = make.order("4500001", make.line(sku=item, price="10.00"))
        event["data"]["order"]["system"] = system
        make.tell(at, event)
    make.tell(at, make.receipt("R-9", make.line(sku="SKU-7")))
    return ExceptionCase.objects.get(kind="ambiguous_order")


def _flow(system: str) -> Flow:
    item = {"SAP1": "SKU-1042", "SAP2": "SKU-7"}[system]
    return Flow.objects.get(number="4500001", lines__item_code=item)


def _receipt() -> str:
    entry = LedgerEntry.objects.get(type="goods.received")
    return reverse("uncorrelated-document", args=[entry.message_id, entry.ordinal])


def test_the_case_shows_its_orders_side_by_side_with_what_tells_them_apart(two_systems, rosa):
    page = rosa.get(f"/cases/{two_systems.pk}/")
    right, wrong = page.context["candidates"]
    assert (right.whose, right.common) == ("number of ZZ:NORTHGATE, system SAP2", ("SKU-7",))
    assert (wrong.whose, wrong.common) == ("number of ZZ:NORTHGATE, system SAP1", ())
    assert "the item is not on it" in wrong.against
    assert right.score > wrong.score
    assert not any("4500001" in reason for reason in (*right.reasons, right.reason))
    assert page.content.decode().count("It belongs to this one") == 2


def test_saying_whose_it_is_closes_the_case_which_then_says_where_it_went(two_systems, rosa):
    asked = {"order": str(_flow("SAP2").correlation_id), "reason": "only that order has the item"}
    back = f"/cases/{two_systems.pk}/"
    assert rosa.post(_receipt(), {**asked, "back": back}).url == back
    two_systems.refresh_from_db()
    assert not two_systems.is_open
    page = rosa.get(back)
    (to,) = page.context["went_to"]
    assert to.correlation_id == _flow("SAP2").correlation_id
    assert to.said.startswith("linked by Rosa Chen on ")
    assert to.said.endswith(": only that order has the item")
    assert "It belongs to this one" not in page.content.decode()


def test_an_order_says_which_document_a_person_linked_and_takes_it_out_again(two_systems, rosa):
    order = _flow("SAP2")
    asked = {"order": str(order.correlation_id), "reason": "only that order has the item"}
    rosa.post(_receipt(), asked)
    page = rosa.get(f"/flows/{order.correlation_id}/")
    (row,) = page.context["linked"]
    assert (row.linked, row.sentence) == (True, "Receipt R-9 of 16 Nov at Dallas DC: 100 CA of SKU-7")
    effects = [e.text for day in page.context["days"] for h in day.happenings for e in h.effects]
    assert [text for text in effects if text.startswith("linked by Rosa Chen")] == [row.said]

    rosa.post(_receipt(), {**asked, "linked": "no", "reason": "it was counted for SAP1 after all"})
    page = rosa.get(f"/flows/{order.correlation_id}/")
    (row,) = page.context["linked"]
    assert (row.linked, page.context["view"].receipts) == (False, [])
    assert row.said.startswith("taken out by Rosa Chen on ")
    assert "it was counted for SAP1 after all" in page.content.decode()
    assert "Take it out of this order" not in page.content.decode()
    words = LedgerEntry.objects.filter(type="entry.linked").order_by("position")
    assert [word.document.get("linked", True) for word in words] == [True, False]


def test_a_supplier_is_not_told_who_of_ours_linked_what(two_systems, rosa, supplier):
    order = _flow("SAP2")
    rosa.post(_receipt(), {"order": str(order.correlation_id), "reason": "CANARY"})
    assert b"CANARY" in rosa.get(f"/flows/{order.correlation_id}/").content
    theirs = supplier.get(f"/flows/{order.correlation_id}/")
    assert theirs.status_code == 200
    assert b"CANARY" not in theirs.content
    assert b"Rosa" not in theirs.content
    assert supplier.get(f"/cases/{two_systems.pk}/").status_code == 404


def related(client: Client, number: str) -> list[tuple[str, str, bool, str]]:
    flow = Flow.objects.get(number=number)
    rows = client.get(f"/flows/{flow.correlation_id}/").context["related_orders"]
    return [(row.words, row.number, row.order is not None, row.company) for row in rows]


def _related_to(relation: str, number: str, **more: str) -> list[make.Json]:
    return [{"relation": relation, "order": {"number": number, "issuer": make.NORTHGATE, **more}}]


@pytest.mark.parametrize(
    ("relation", "here", "there"),
    [
        ("customer", "ships customer order", "shipped by"),
        ("replaces", "replaces", "replaced by"),
        ("blanket", "drawn on blanket order", "drawn on by"),
        ("counterpart", "counterpart", "counterpart"),
        ("recommendation", "caused by recommendation", "caused"),
    ],
)
@pytest.mark.parametrize("pointing_first", [True, False])
def test_related_orders_say_so_on_both_pages_whichever_came_first(
    at, rosa, relation, here, there, pointing_first
):
    both = [make.order("4500002", related=_related_to(relation, "4500001")), make.order("4500001")]
    make.tell(at, *(both if pointing_first else reversed(both)))
    assert related(rosa, "4500002") == [(here, "4500001", True, "")]
    assert related(rosa, "4500001") == [(there, "4500002", True, "")]


def test_a_related_order_that_nobody_has_told_of_yet_is_named_all_the_same(at, rosa):
    make.tell(at, make.order("4500002", related=_related_to("customer", "SO-991", scheme="so")))
    assert related(rosa, "4500002") == [("ships customer order", "SO-991", False, "")]


def test_a_relation_that_a_later_order_document_no_longer_names_is_gone_from_both(at, rosa):
    make.tell(
        at,
        make.order("4500001"),
        make.order("4500002", related=_related_to("replaces", "4500001")),
        make.order("4500002", purpose="replace", issued_at="2026-11-09T15:00:00Z"),
    )
    assert related(rosa, "4500002") == related(rosa, "4500001") == []


def test_a_counterpart_stands_in_the_other_companys_books_for_who_may_see_both(at, rosa):
    other = make.connection(of=make.company("southgate", issuer="ZZ:SOUTHGATE"))
    make.tell(other, make.order("SO-5", issuer="ZZ:SOUTHGATE"))
    point = [{"relation": "counterpart", "order": {"number": "SO-5", "issuer": "ZZ:SOUTHGATE"}}]
    make.tell(at, make.order("4500001", related=point))
    assert related(rosa, "4500001") == [("counterpart", "SO-5", False, "")]
    Grant.objects.create(user=User.objects.get(username="rosa"), company=other.company)
    assert related(rosa, "4500001") == [("counterpart", "SO-5", True, "Southgate")]
    assert related(rosa, "SO-5") == [("counterpart", "4500001", True, "Northgate")]


def test_a_supplier_sees_only_related_orders_of_its_own(at, rosa):
    make.tell(
        at,
        make.order("4500001", related=_related_to("customer", "SO-CANARY", scheme="so")),
        make.order(
            "4500003",
            related=_related_to("replaces", "4500001"),
            supplier={"ids": ["ZZ:CANARY"], "name": "Canary Foods"},
        ),
    )
    user = User.objects.create_user("acme", password="x")
    own = Flow.objects.get(number="4500001")
    Grant.objects.create(user=user, company=at.company, partner=own.supplier)
    client = Client()
    client.force_login(user)
    assert related(client, "4500001") == []
    assert b"CANARY" not in client.get(f"/flows/{own.correlation_id}/").content
    assert len(related(rosa, "4500001")) == 2


def test_an_order_known_only_by_an_id_that_a_system_gave_is_named_by_it(at, rosa):
    make.tell(at, {**make.status("BOL-1"), "correlationid": "shop-8812"})
    flow = Flow.objects.get(number="")
    assert flow.state == "not_ordered"
    row = rosa.get("/flows/").content.decode()
    assert "SHOP-8812" in row
    assert "no number</a>" not in row
    assert "Not yet ordered</span>" in row
    page = rosa.get(f"/flows/{flow.correlation_id}/").content.decode()
    assert "<title>SHOP-8812" in page
    assert "Not yet ordered: documents speak of an order that has no number yet." in page


def test_an_order_lists_its_other_names_once_it_has_a_number(at, rosa):
    shipped = make.notice("ASN-5", of="")
    placed = make.order("4500001")
    shipped["correlationid"] = placed["correlationid"] = "shop-8812"
    make.tell(at, shipped)
    before = Flow.objects.get().correlation_id
    make.tell(at, placed)
    flow = Flow.objects.get(number="4500001")
    page = rosa.get(f"/flows/{before}/", follow=True)
    assert page.redirect_chain[-1][0] == f"/flows/{flow.correlation_id}/"
    assert page.context["name"] == "4500001"
    assert page.context["other_names"] == ["SHOP-8812", str(before)]
