"""The buyer at work: from an ASN number to the reason and the raw document."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect


def test_the_buyer_finds_an_order_by_its_asn_number_reads_why_it_is_short_and_opens_the_raw_855(
    maria: Page, site
):
    maria.keyboard.press("Control+k")
    maria.keyboard.type("ASN7764")
    maria.keyboard.press("Enter")
    maria.wait_for_url(f"{site.url}/flows/{site.flow.correlation_id}/")
    heading = maria.get_by_role("heading", level=1)
    expect(heading).to_contain_text("60 of 100 CA of SKU-1042; 40 open")
    expect(maria.get_by_role("img", name=re.compile("Line 10 in CA.*Confirmed 60 −40"))).to_be_visible()

    maria.get_by_role("link", name=re.compile("^855")).click()
    drawer = maria.get_by_role("complementary", name=re.compile("855 Purchase order acknowledgement"))
    expect(drawer).to_contain_text("ACK*IQ*60*CA*067*20261130~")
    expect(drawer).to_contain_text("IQ accepted, quantity changed: 60 cases (CA)")
    expect(maria).to_have_url(re.compile(f"document={site.answer_id}"))
    assert drawer.locator("tr.decides mark").all_inner_texts() == ["IQ", "60", "20261130"]

    drawer.get_by_role("link", name="Message page").click()
    maria.get_by_role("link", name="Raw", exact=True).click()
    expect(maria.get_by_label("The message as it came")).to_contain_text(
        "BAK*00*AC*4500018277*20261117****A-88120"
    )
    with maria.expect_download() as download:
        maria.get_by_role("link", name="Download as it came").click()
    assert download.value.suggested_filename == "855.edi"


def test_escape_closes_the_document_and_the_address_says_so(maria: Page, site):
    maria.goto(f"{site.url}/flows/{site.flow.correlation_id}/?document={site.answer_id}")
    expect(maria.locator("#drawer")).to_be_visible()
    maria.keyboard.press("Escape")
    expect(maria.locator("#drawer")).to_have_count(0)
    expect(maria).to_have_url(f"{site.url}/flows/{site.flow.correlation_id}/")


def test_back_opens_the_document_again(maria: Page, site):
    maria.goto(f"{site.url}/flows/{site.flow.correlation_id}/")
    maria.get_by_role("link", name=re.compile("^855")).click()
    expect(maria.locator("#drawer")).to_be_visible()
    maria.keyboard.press("Escape")
    expect(maria.locator("#drawer")).to_have_count(0)
    maria.go_back()
    expect(maria.locator("#drawer")).to_be_visible()


def test_rows_are_walked_and_opened_by_keys_alone(maria: Page, site):
    maria.goto(f"{site.url}/cases/")
    expect(maria.locator("table.rows tbody tr").first).to_be_visible()
    maria.keyboard.press("j")
    expect(maria.locator("tr[data-current]")).to_have_count(1)
    maria.keyboard.press("Enter")
    maria.wait_for_url(re.compile(r"/cases/\d+/"))


def test_keys_type_into_fields_and_can_be_switched_off(maria: Page, site):
    maria.goto(f"{site.url}/flows/")
    maria.keyboard.press("/")
    expect(maria.locator("#filter")).to_be_focused()
    maria.keyboard.type("jk?")
    expect(maria.locator("#filter")).to_have_value("jk?")
    maria.keyboard.press("Escape")
    maria.keyboard.press("?")
    expect(maria.locator("#keys")).to_be_visible()
    maria.keyboard.press("Escape")
    expect(maria.locator("#keys")).to_be_hidden()
    maria.locator(".person summary").click()
    maria.get_by_label(re.compile("Keyboard shortcuts")).uncheck()
    maria.keyboard.press("Escape")
    maria.locator("h1").click()
    maria.keyboard.press("?")
    expect(maria.locator("#keys")).to_be_hidden()


def test_a_filter_narrows_the_list_and_becomes_the_address(maria: Page, site):
    maria.goto(f"{site.url}/cases/")
    maria.locator("#facet-kind").select_option("confirmed_short")
    expect(maria).to_have_url(re.compile("kind=confirmed_short"))
    expect(maria.locator("table.rows tbody tr")).to_have_count(1)
    maria.get_by_role("link", name=re.compile("Kind.*Confirmed short")).click()
    expect(maria).not_to_have_url(re.compile("kind="))


def test_changes_are_counted_and_nothing_moves_until_asked(maria: Page, site):
    told = f"event: flow:{site.flow.correlation_id}\ndata: changed\n\n" * 2 + "retry: 600000\n\n"
    maria.route(
        re.compile("/events/"), lambda route: route.fulfill(content_type="text/event-stream", body=told)
    )
    maria.goto(f"{site.url}/flows/{site.flow.correlation_id}/")
    shown = maria.get_by_role("status").filter(has_text="2 changes · show")
    expect(shown).to_be_visible()
    shown.click()
    expect(shown).to_be_hidden()
    expect(maria.get_by_role("heading", level=1)).to_contain_text("60 of 100")


def test_many_changes_told_at_once_are_counted_as_many(maria: Page, site):
    told = "event: cases\ndata: 7\n\nretry: 600000\n\n"
    maria.route(
        re.compile("/events/"), lambda route: route.fulfill(content_type="text/event-stream", body=told)
    )
    maria.goto(f"{site.url}/cases/")
    expect(maria.get_by_role("status").filter(has_text="7 changes · show")).to_be_visible()


def test_the_appearance_somebody_chose_stays(maria: Page, site):
    maria.locator(".person summary").click()
    maria.get_by_role("button", name="Dark").click()
    expect(maria.locator("html")).to_have_attribute("data-theme", "dark")
    maria.reload()
    expect(maria.locator("html")).to_have_attribute("data-theme", "dark")
    ground = maria.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(20, 23, 27)"


def test_a_part_that_fails_is_said_and_the_rest_stays(maria: Page, site):
    def refuse(route: Route) -> None:
        route.fulfill(status=500, body="no")

    maria.goto(f"{site.url}/flows/")
    maria.route(re.compile("sort="), refuse)
    maria.get_by_label("Sort").select_option("-value")
    expect(maria.get_by_text("This part did not load.")).to_be_visible()
    expect(maria.locator("table.rows tbody tr")).to_have_count(1)


def test_on_a_phone_a_document_is_a_page_of_its_own(phone: Page, site):
    phone.goto(f"{site.url}/flows/{site.flow.correlation_id}/")
    phone.get_by_role("link", name=re.compile("^855")).click()
    phone.wait_for_url(f"{site.url}/messages/{site.answer_id}/")


def test_without_scripts_the_same_pages_work(site, context_of: Callable[..., BrowserContext], signed_in):
    page = signed_in(context_of(java_script_enabled=False).new_page())
    page.goto(f"{site.url}/search/?q=ASN7764")
    page.get_by_role("link", name=re.compile("^855")).click()
    expect(page.locator("#drawer")).to_contain_text("ACK*IQ*60")
