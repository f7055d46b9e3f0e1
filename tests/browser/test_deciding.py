"""Deciding at the desk: by keys, without scripts, and two people at one case at once."""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.desk.models import Resolution

PASSWORD = "another long pass phrase"


def second_buyer(site, context_of: Callable[..., BrowserContext]) -> Page:
    """Jin Kim, signed in in a browser of his own."""
    jin = User.objects.create_user(
        "jin", password=PASSWORD, first_name="Jin", last_name="Kim", role=Role.BUYER
    )
    Grant.objects.create(user=jin, company=site.case.company)
    page = context_of(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{site.url}/login/")
    page.get_by_label("Name").fill("jin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/")
    return page


def test_two_browsers_decide_one_case_and_the_second_is_told_who_and_what(
    maria: Page, site, context_of: Callable[..., BrowserContext]
):
    jin = second_buyer(site, context_of)
    address = f"{site.url}/cases/{site.case.pk}/decide/accept_answer/"
    maria.goto(address)
    jin.goto(address)
    deed = re.compile("^Accept 60, keep 40 on backorder")
    maria.get_by_role("button", name=deed).click()
    expect(maria.locator("#decided")).to_contain_text("Accept 60, keep 40 on backorder")
    jin.get_by_role("button", name=deed).click()
    told = jin.get_by_role("alert")
    expect(told).to_contain_text("Maria Ortiz decided this at")
    expect(told).to_contain_text("Accept 60, keep 40 on backorder")
    expect(told).to_contain_text("Your choice was not carried out.")
    assert Resolution.objects.filter(case=site.case).count() == 1


def test_a_choice_is_opened_filled_previewed_and_decided_by_keys_alone(maria: Page, site):
    maria.goto(f"{site.url}/cases/{site.case.pk}/")
    keys = maria.locator(".choices kbd").all_inner_texts()
    assert keys == [str(n) for n in range(1, len(keys) + 1)]
    waive = maria.locator("#choice-waive")
    maria.keyboard.press(waive.get_attribute("data-key") or "")
    expect(waive).to_have_attribute("aria-current", "true")
    expect(waive).to_be_focused()
    expect(maria.locator("#preview")).to_contain_text("Say why")
    maria.locator("#decide-reason").focus()
    maria.keyboard.type("agreed by telephone")
    maria.keyboard.press("Tab")
    expect(maria.locator("#preview")).to_contain_text("What will change, and where")
    maria.locator("h1").click()
    maria.keyboard.press("e")
    expect(maria.locator("#decided")).to_contain_text("agreed by telephone")
    assert Resolution.objects.get(case=site.case).action == "waive"


def test_keys_open_the_menus_and_the_comment_and_type_into_them(maria: Page, site):
    maria.goto(f"{site.url}/cases/{site.case.pk}/")
    maria.keyboard.press("a")
    expect(maria.locator("#assignee")).to_be_focused()
    maria.keyboard.press("Escape")
    expect(maria.locator("#assignee")).to_be_hidden()
    maria.keyboard.press("c")
    maria.keyboard.type("ace 1 z e")
    expect(maria.locator("#comment")).to_have_value("ace 1 z e")


def test_without_scripts_a_choice_is_opened_previewed_and_decided(
    site, context_of: Callable[..., BrowserContext], signed_in
):
    page = signed_in(context_of(java_script_enabled=False).new_page())
    page.goto(f"{site.url}/cases/{site.case.pk}/")
    page.locator("#choice-waive").click()
    page.locator("#decide-reason").fill("agreed by telephone")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#decide-reason")).to_have_value("agreed by telephone")
    page.locator("#preview button.primary").click()
    expect(page.locator("#decided")).to_contain_text("agreed by telephone")


def test_the_choices_are_reached_without_scrolling_far_and_the_deed_stays_in_sight(maria: Page, site):
    maria.goto(f"{site.url}/cases/{site.case.pk}/")
    first = maria.locator(".choice").first.bounding_box()
    assert first is not None
    assert first["y"] < 600
    maria.evaluate("document.getElementById('decide').scrollIntoView()")
    expect(maria.locator("#preview button.primary")).to_be_in_viewport()


def test_axe_finds_nothing_while_deciding_and_after(maria: Page, site):
    for width in (1440, 360):
        maria.set_viewport_size({"width": width, "height": 900})
        for path in (f"/cases/{site.case.pk}/decide/accept_answer/", "/approvals/"):
            maria.goto(site.url + path)
            found = Axe().run(maria).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], (path, width)
    maria.goto(f"{site.url}/cases/{site.case.pk}/decide/accept_answer/")
    maria.locator("#preview button.primary").click()
    expect(maria.locator("#decided")).to_be_visible()
    for path in ("", f"/flows/{site.flow.correlation_id}/"):
        if path:
            maria.goto(site.url + path)
        assert [each["id"] for each in Axe().run(maria).response["violations"]] == [], path
        assert maria.evaluate("document.documentElement.scrollWidth") <= 360
