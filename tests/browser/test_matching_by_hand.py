"""A receipt without an order: offered to the right one, linked, seen on its page, and taken out again."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_every_page import violations

from visibility.inbox.models import Connection
from visibility.inbox.services import accept_message
from visibility.pipeline.worker import drain

EVENT = "application/cloudevents+json"
ACME = {"ids": ["ZZ:ACMEIND"], "name": "Acme Industries"}


@pytest.fixture
def loose(site):
    """A receipt of 20 SKU-1042 that names the ship notice of order 4500018277 with two digits swapped; and
    an order whose number an ERP of the same company gave twice, with a receipt of one of the two."""
    line = {"item": {"buyer": "SKU-1042"}, "quantity": "20", "unit": "CA"}
    other = {"item": {"buyer": "SKU-8800"}, "quantity": "5", "unit": "CA"}
    at = "2026-11-23T15:00:00Z"
    told = [("R-77", "goods.received", {"shipment": "7746", "received_at": at, "lines": [line]})]
    for system in ("SAP1", "AX"):
        order = {"number": "4500020001", "issuer": "ZZ:NORTHGATE", "system": system}
        told.append((f"o-{system}", "order.placed", {"order": order, "lines": [other]}))
    told.append(("R-78", "goods.received", {"order": {"number": "4500020001"}, "lines": [other]}))
    ids = []
    for name, kind, data in told:
        event = {"specversion": "1.0", "id": name, "source": "/wms", "type": kind}
        event["data"] = {"supplier": ACME, "number": name, **data}
        if kind == "order.placed":
            del event["data"]["number"]
        ids.append(
            accept_message(
                connection=Connection.objects.get(name="trial"),
                body=json.dumps(event).encode(),
                content_type=EVENT,
            ).message_id
        )
    drain(message_ids=ids, announce=lambda *_args, **_kwargs: None)
    return site


def test_a_receipt_is_linked_to_the_order_that_is_offered_and_taken_out_again(maria: Page, loose):
    maria.get_by_role("link", name="Without order").click()
    expect(maria.get_by_text("2 documents belong to no order yet.")).to_be_visible()
    row = maria.get_by_role("row").filter(has_text="Receipt R-77 of 23 Nov")
    expect(row).to_contain_text("PO 4500018277")
    expect(row).to_contain_text("same supplier")
    row.get_by_role("button", name="Link to PO 4500018277").click()
    expect(maria.get_by_text("Receipt R-77 belongs to PO 4500018277 now.")).to_be_visible()
    expect(maria.get_by_role("row").filter(has_text="R-77")).to_have_count(0)

    maria.get_by_role("status").get_by_role("link", name="PO 4500018277").click()
    maria.wait_for_url(f"{loose.url}/flows/{loose.flow.correlation_id}/")
    linked = maria.get_by_role("region", name="Linked by people")
    expect(linked).to_contain_text("Receipt R-77 of 23 Nov: 20 CA of SKU-1042")
    expect(linked).to_contain_text(re.compile("linked by Maria Ortiz on .*: Same"))
    expect(maria.locator(".effects")).to_contain_text([re.compile("linked by Maria Ortiz")])

    linked.get_by_text("Unlink").click()
    linked.get_by_label("Why it does not belong here").fill("it was counted twice")
    linked.get_by_role("button", name="Take it out of this order").click()
    expect(maria.get_by_text("Receipt R-77 no longer belongs to PO 4500018277.")).to_be_visible()
    expect(linked).to_contain_text(re.compile("taken out by Maria Ortiz on .*: it was counted twice"))
    expect(linked.get_by_role("button")).to_have_count(0)
    assert violations(maria) == []

    maria.get_by_role("link", name="Without order").click()
    expect(maria.get_by_role("row").filter(has_text="R-77")).to_have_count(1)


def test_a_number_of_two_orders_is_settled_on_its_case(maria: Page, loose):
    maria.goto(f"{loose.url}/without-order/")
    maria.get_by_role("link", name=re.compile("Choose in case")).click()
    first = maria.get_by_role("article").first
    expect(first).to_contain_text(re.compile("system (AX|SAP1)"))
    first.get_by_label("Why it belongs to PO 4500020001").fill("the dock says so")
    first.get_by_role("button", name="It belongs to this one").click()
    expect(maria.get_by_role("heading", name="Where it went")).to_be_visible()
    expect(maria.get_by_text(re.compile("linked by Maria Ortiz on .*: the dock says so"))).to_be_visible()


def test_another_order_is_found_by_a_number_of_its_documents(maria: Page, loose):
    maria.goto(f"{loose.url}/without-order/?type=goods.received")
    maria.get_by_role("link", name=re.compile("^Receipt R-77")).click()
    maria.get_by_label("Order number, or any number of its documents").fill("ASN7764")
    maria.get_by_role("button", name="Find it").click()
    found = maria.get_by_role("region", name="Another order")
    found.get_by_label("Why it belongs to PO 4500018277").fill("ASN misread")
    found.get_by_role("button", name="It belongs to this one").click()
    expect(maria.get_by_text("Receipt R-77 belongs to PO 4500018277 now.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_pages_of_documents_without_an_order_are_sound(
    loose, context_of: Callable[..., BrowserContext], signed_in, theme, width
):
    page = signed_in(context_of(viewport={"width": width, "height": 900}, color_scheme=theme).new_page())
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{loose.url}/without-order/")
    document = page.get_by_role("link", name=re.compile("^Receipt R-77")).get_attribute("href")
    case = page.get_by_role("link", name=re.compile("Choose in case")).get_attribute("href")
    for address in ("/without-order/", "/without-order/?q=nothing", document, f"{document}?q=ASN7764", case):
        page.goto(loose.url + address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.locator("[style], style, script:not([src])").count() == 0, address
    assert [text for text in said if "Content Security Policy" in text] == []


def test_without_scripts_a_document_is_linked_all_the_same(
    loose, context_of: Callable[..., BrowserContext], signed_in
):
    page = signed_in(context_of(java_script_enabled=False).new_page())
    page.goto(f"{loose.url}/without-order/")
    page.get_by_role("button", name="Link to PO 4500018277").click()
    expect(page.get_by_text("Receipt R-77 belongs to PO 4500018277 now.")).to_be_visible()
