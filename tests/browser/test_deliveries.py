"""Integration operations at work: what failed, why, and the button that does something about it."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection
from visibility.sync.delivering import deliver_due
from visibility.sync.models import DeliveryAttempt, Endpoint, OutboxMessage

WORDS = "PO 4500018277 line 10: 60 confirmed, 40 to be cancelled"


@pytest.fixture
def failed(site) -> OutboxMessage:
    """A command that the ERP did not take; another one is unknown."""
    company = Connection.objects.get(name="trial").company
    way = Connection.objects.create(company=company, name="erp", title="Northgate ERP")
    Endpoint.objects.create(
        connection=way,
        role="erp",
        connector="memory",
        settings={"system": f"browser-{uuid4()}"},
        failures=6,
    )
    common = {"company": company, "connection": way, "type": "order.line.confirm", "data": {"line": "10"}}
    OutboxMessage.objects.create(
        **common, cause="x", words="Line 20: 5 confirmed", state="unknown", attempts=1
    )
    own = OutboxMessage.objects.create(
        **common, cause="resolution:1:1", words=WORDS, state="failed", failure="unavailable", attempts=2
    )
    for number in (1, 2):
        DeliveryAttempt.objects.create(
            message=own,
            number=number,
            read_back=number == 2,
            result="retry",
            failure="unavailable",
            status=503,
            text="Closed for stocktaking; nothing was done.",
        )
    return own


def change_role() -> None:
    """Who signed in as a buyer does another's work from now on: the first page is another one then."""
    User.objects.filter(username="maria").update(role=Role.INTEGRATION)


def pages(failed: OutboxMessage) -> Iterator[str]:
    yield from ("/connections/", "/deliveries/", "/deliveries/?state=failed", f"/deliveries/{failed.pk}/")


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (768, "dark"), (1440, "light")])
def test_the_pages_have_nothing_for_axe_to_find_at_any_width(
    site, failed, context_of: Callable[..., BrowserContext], signed_in, width, theme
):
    page = signed_in(context_of(viewport={"width": width, "height": 900}, color_scheme=theme).new_page())
    change_role()
    for address in pages(failed):
        page.goto(site.url + address)
        assert page.locator("[style], style, script:not([src])").count() == 0, address
        found = Axe().run(page).response["violations"]
        assert [(each["id"], node["html"][:160]) for each in found for node in each["nodes"]] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_failed_command_is_found_sent_again_and_delivered(site, failed, maria: Page):
    change_role()
    maria.goto(f"{site.url}/messages/")
    maria.get_by_role("link", name="Connections").click()
    expect(maria.get_by_text("Tried with one command at a time")).to_be_visible()
    maria.get_by_role("link", name="All deliveries").click()
    maria.get_by_role("link", name=WORDS).click()
    expect(maria.get_by_text("Closed for stocktaking").first).to_be_visible()
    maria.get_by_label("Why").fill("They are back")
    maria.get_by_role("button", name="Send it now").click()
    expect(maria.get_by_text("It is sent again, under the same key.")).to_be_visible()
    deliver_due()
    maria.reload()
    expect(maria.locator("dl.facts").get_by_text("Delivered")).to_be_visible()
    expect(maria.get_by_text("They are back")).to_be_visible()
