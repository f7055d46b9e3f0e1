"""What holds on every page: axe finds nothing, a phone needs no sideways scrolling, the policy is kept."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect


def addresses(site) -> Iterator[str]:
    """Every page, with what stands in it."""
    flow = f"/flows/{site.flow.correlation_id}/"
    yield from ("/", "/flows/", "/flows/?q=nothing-like-this", flow, f"{flow}?document={site.answer_id}")
    yield from ("/cases/", "/cases/?queue=receiving-discrepancies", f"/cases/{site.case.pk}/")
    yield from (
        "/cases/?state=snoozed",
        "/cases/?assignee=none&columns=severity",
        f"/cases/bulk/?case={site.case.pk}",
    )
    yield from ("/messages/", f"/messages/{site.answer_id}/", f"/messages/{site.answer_id}/?view=raw")
    yield from ("/without-order/", "/without-order/?type=goods.received")
    yield from ("/silent-run/", "/silent-run/found/", "/silent-run/found/?kind=confirmed_short")
    yield from ("/terms/", "/terms/deadlines/", "/terms/hours/", "/terms/limits/", "/terms/calendars/")
    yield from ("/terms/history/", "/connections/", "/deliveries/", "/partners/", "/partners/?q=nobody")
    yield from ("/search/?q=45000182", "/search/?q=nothing-like-this", "/no/such/page/")


def violations(page: Page) -> list[str]:
    """What axe finds, short enough to mend it by."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]}" for each in found for node in each["nodes"]
    ]


# Each theme and each width once: colours do not depend on the width.
@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1440, "light")])
def test_axe_finds_nothing_on_any_page(
    site, context_of: Callable[..., BrowserContext], signed_in, width, theme
):
    page = context_of(viewport={"width": width, "height": 900}, color_scheme=theme).new_page()
    page.goto(f"{site.url}/login/")
    assert violations(page) == []
    signed_in(page)
    for address in addresses(site):
        page.goto(site.url + address)
        assert violations(page) == [], address


def test_no_page_scrolls_sideways_at_any_width(maria: Page, site):
    for address in addresses(site):
        for width in (360, 768, 900, 1024, 1440):
            maria.set_viewport_size({"width": width, "height": 800})
            maria.goto(site.url + address)
            assert maria.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_the_content_security_policy_is_never_broken(maria: Page, site):
    said: list[str] = []
    maria.on("console", lambda message: said.append(message.text))
    maria.on("pageerror", lambda error: said.append(str(error)))
    for address in addresses(site):
        maria.goto(site.url + address)
        assert maria.locator("[style], style").count() == 0, address
        assert maria.locator("script:not([src])").count() == 0, address
    assert [text for text in said if re.search("Content Security Policy|Uncaught|Error:", text)] == []


def test_focus_can_be_seen_and_starts_with_the_way_past_the_bar(maria: Page, site):
    maria.goto(f"{site.url}/flows/")
    maria.keyboard.press("Tab")
    expect(maria.get_by_role("link", name="Skip to the page")).to_be_focused()
    maria.keyboard.press("Tab")
    outline = maria.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    width = maria.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert (outline, width) == ("solid", "2px")


def test_a_page_prints_without_its_bars(maria: Page, site):
    maria.goto(f"{site.url}/flows/{site.flow.correlation_id}/")
    maria.emulate_media(media="print")
    expect(maria.locator(".topbar")).to_be_hidden()
    expect(maria.locator("table.track")).to_be_visible()
