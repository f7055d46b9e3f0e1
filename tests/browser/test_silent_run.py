"""The report of the silent run in a browser: figures open, a detector is switched on, at every width."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_every_page import violations

from visibility.accounts.models import Role, User
from visibility.inbox.models import Connection
from visibility.inbox.services import accept_message
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import CrossReference, TradingPartner
from visibility.pipeline.switching import switch_detectors
from visibility.pipeline.worker import drain

BATCH = "application/cloudevents-batch+json"
SUPPLIERS = ("Acme Industries", "Bolt and Sons of Baton Rouge Fasteners", "Cedar")


@pytest.fixture
def silent(site):
    """A silent company: nine orders of three suppliers answered short, one of them whole since."""
    connection = Connection.objects.get(name="trial")
    User.objects.update(role=Role.INTEGRATION)
    for name in SUPPLIERS[:2]:
        partner = TradingPartner.objects.create(company=connection.company, code=name[:4], name=name)
        CrossReference.objects.create(
            company=connection.company, kind="partner", value=f"ZZ:{name[:4]}", target=partner.pk
        )
    switch_detectors(
        company=connection.company,
        partner=None,
        kind="",
        mode="silent",
        speaker=Speaker("Jin Kim", "nobody has mapped the items yet"),
    )
    told = []
    for n in range(9):
        head = {"order": {"number": f"46000{n}", "issuer": "ZZ:NORTHGATE"}}
        head["supplier"] = {"ids": [f"ZZ:{SUPPLIERS[n % 3][:4]}"], "name": SUPPLIERS[n % 3]}
        line = {"line": "1", "item": {"buyer": f"SKU-{n}"}, "quantity": "100", "unit": "CA", "price": "12.5"}
        part = {"answer": "accepted", "quantity": "60", "unit": "CA"}
        at = "2026-11-03T15:00:00Z"
        told.append(("order.placed", {**head, "currency": "USD", "issued_at": at, "lines": [line]}))
        answer = {"line": "1", "item": line["item"], "unit": "CA", "parts": [part]}
        told.append(("order.acknowledged", {**head, "issued_at": at, "lines": [answer]}))
    whole = {**answer, "parts": [{**part, "quantity": "100"}]}
    told.append(("order.acknowledged", {**head, "issued_at": "2026-11-04T15:00:00Z", "lines": [whole]}))
    events = [
        {"specversion": "1.0", "id": str(n), "source": "/silent", "type": kind, "data": data}
        for n, (kind, data) in enumerate(told)
    ]
    body = json.dumps(events).encode()
    accepted = accept_message(connection=connection, body=body, content_type=BATCH)
    drain(message_ids=[accepted.message_id], announce=lambda *_args, **_kwargs: None)
    return site


def test_a_figure_opens_its_orders_and_a_detector_is_switched_on(maria: Page, silent):
    maria.goto(f"{silent.url}/cases/")
    maria.get_by_role("link", name="Silent run").click()
    expect(maria.get_by_role("heading", level=1)).to_contain_text("would have opened 20 cases")
    maria.get_by_role("link", name="3 would have been opened, Confirmed short, Acme Industries").click()
    expect(maria.locator("table.rows tbody tr")).to_have_count(3)
    expect(maria.locator("table.rows")).to_contain_text("60 of 100")
    maria.get_by_role("link", name="Silent run").click()
    maria.get_by_role("button", name="Switch on Confirmed short, Acme Industries", exact=True).click()
    expect(maria.get_by_text(re.compile("What is true still of 3 orders"))).to_be_visible()
    expect(maria.get_by_role("row", name=re.compile("^Acme Industries, "))).to_contain_text(
        "Confirmed short live; else as the company"
    )


def test_the_day_of_go_live_is_set_by_keyboard_alone(maria: Page, silent):
    maria.goto(f"{silent.url}/silent-run/")
    form = maria.get_by_role("region", name="Set a go-live day")
    form.get_by_label("Whose orders").select_option(label="Acme Industries, Trial")
    form.get_by_label("Live from").fill("2027-01-04")
    form.get_by_label("Why").fill("second wave")
    form.get_by_label("Why").press("Enter")
    expect(maria.get_by_text("Acme Industries is live from 2027-01-04.")).to_be_visible()
    expect(maria.get_by_role("region", name="What was said of going live")).to_contain_text("second wave")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_pages_of_the_silent_run_are_sound(
    silent, context_of: Callable[..., BrowserContext], signed_in, theme, width
):
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    page = context_of(**options).new_page()
    page.goto(f"{silent.url}/login/")
    page.get_by_label("Name").fill("maria")
    page.get_by_label("Password").fill("a long pass phrase for tests")
    page.get_by_role("button", name="Sign in").click()
    for address in ("/silent-run/", "/silent-run/found/", "/silent-run/found/?kind=received_short"):
        page.goto(silent.url + address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.locator("[style], style, script:not([src])").count() == 0, address
