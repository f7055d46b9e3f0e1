"""A buyer's morning at the queue, by keys alone; and what holds when others work at the same time."""

import re
from collections.abc import Callable

import factories as make
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from visibility.core import clock
from visibility.triage.models import CaseComment, ExceptionCase


@pytest.fixture
def cases(site) -> list[ExceptionCase]:
    """Three more orders, answered short."""
    connection = make.connection(of=site.flow.company, issuer=make.NORTHGATE)
    numbers = ("4600001", "4600002", "4600003")
    short = make.answer_line("1", make.accepted(60))
    make.tell(
        connection,
        *(make.order(number) for number in numbers),
        *(make.answer(number, short, coverage="detail") for number in numbers),
    )
    found = ExceptionCase.objects.filter(kind="confirmed_short", order_number__in=numbers)
    return list(found.order_by("id"))


def open_queue(page: Page, site, query: str = "?kind=confirmed_short") -> None:
    page.goto(f"{site.url}/cases/{query}")
    expect(page.locator("table.rows tbody tr").first).to_be_visible()


def toasts(page: Page, text: str = "") -> Locator:
    return page.locator(".toast:not([hidden])", has_text=text)


def fresh(case: ExceptionCase) -> ExceptionCase:
    return ExceptionCase.objects.get(pk=case.pk)


def test_a_buyer_s_morning_by_keys_alone(maria: Page, site, cases):
    press = maria.keyboard.press
    open_queue(maria, site, "?kind=confirmed_short&columns=gap&columns=assignee")
    expect(maria.locator("table.rows tbody tr")).to_have_count(4)

    # Filter with /, leave the field with Enter.
    press("/")
    expect(maria.locator("#filter")).to_be_focused()
    maria.keyboard.type("4600001")
    press("Enter")
    expect(maria).to_have_url(re.compile("q=4600001"))
    expect(maria.locator("table.rows tbody tr")).to_have_count(1)
    maria.go_back()
    expect(maria.locator("table.rows tbody tr")).to_have_count(4)

    # Two of them with j and x; the bar says what they are.
    maria.locator("h1").click()
    for _each in range(2):
        press("j")
        press("x")
    bar = maria.get_by_role("region", name="What is selected")
    expect(bar).to_contain_text("2 selected")
    expect(bar).to_contain_text("CA short")

    # Mine, with a; the rows say so where they stand, the focus is on a row again.
    press("a")
    expect(maria.get_by_label("Whose they are to be")).to_be_focused()
    press("Enter")
    expect(toasts(maria)).to_contain_text("2 assigned.")
    expect(maria.locator("table.rows tbody td:has-text('M. Ortiz')")).to_have_count(2)
    expect(maria.locator("tr[data-case] a[data-open]:focus")).to_have_count(1)
    expect(bar).to_have_count(0)

    # Back with u.
    press("u")
    expect(toasts(maria, "2 as before.")).to_be_visible()
    expect(maria.locator("table.rows tbody td:has-text('M. Ortiz')")).to_have_count(0)
    assert ExceptionCase.objects.filter(assignee__isnull=False).count() == 0

    # Something said with c, about the row one stands on.
    press("c")
    expect(maria.locator("#bulk-text")).to_be_focused()
    maria.keyboard.type("Called, no answer yet: jk x a")
    press("Control+Enter")
    expect(toasts(maria, "Said about 1.")).to_be_visible()
    assert CaseComment.objects.get().text == "Called, no answer yet: jk x a"

    # Asleep with z.
    press("z")
    expect(maria.locator("#bulk-until")).to_be_focused()
    press("Enter")
    expect(toasts(maria, "1 snoozed.")).to_be_visible()
    assert ExceptionCase.objects.filter(state="snoozed").count() == 1

    # What is open, with Enter.
    maria.locator("tr[data-current] a[data-open]").focus()
    press("Enter")
    maria.wait_for_url(re.compile(r"/cases/\d+/$"))


def test_all_of_a_list_are_decided_with_star_and_e(maria: Page, site, cases):
    open_queue(maria, site, "?kind=confirmed_short")
    maria.keyboard.press("j")
    maria.keyboard.press("*")
    expect(maria.locator("#bulkbar")).to_contain_text("4 selected")
    maria.keyboard.press("e")
    deciding = maria.get_by_role("region", name="What is being decided")
    expect(deciding).to_contain_text("4 exceptions, each with its own figures")
    expect(deciding.locator("[data-first]")).to_be_focused()
    maria.keyboard.press("Enter")
    expect(toasts(maria)).to_contain_text("4 decided.")
    assert {fresh(case).decisions for case in cases} == {1}


def test_the_bar_says_how_many_are_chosen_however_fast_they_are(maria: Page, site, cases):
    open_queue(maria, site)
    for pause in (0, 20, 45, 60, 80):
        maria.evaluate(
            """async (pause) => {
              for (const box of document.querySelectorAll("table.rows tbody input[name=case]")) {
                if (!box.checked) box.click();
                await new Promise((done) => setTimeout(done, pause));
              }
            }""",
            pause,
        )
        expect(maria.locator("#bulkbar")).to_contain_text("4 selected")
        maria.keyboard.press("Escape")
        expect(maria.locator("#bulkbar")).not_to_contain_text("selected")


def test_escape_closes_the_menu_then_the_choice(maria: Page, site, cases):
    open_queue(maria, site)
    maria.keyboard.press("j")
    maria.keyboard.press("x")
    maria.keyboard.press("z")
    expect(maria.locator("#bulk-until")).to_be_focused()
    maria.keyboard.press("Escape")
    expect(maria.locator("#bulk-until")).to_be_hidden()
    expect(maria.locator("#bulkbar summary[data-key=z]")).to_be_focused()
    maria.keyboard.press("Escape")
    expect(maria.locator(".bulkbar")).to_have_count(0)
    expect(maria.locator("input[name=case]:checked")).to_have_count(0)


def test_the_keys_of_the_queue_can_be_switched_off(maria: Page, site, cases):
    open_queue(maria, site)
    maria.evaluate("localStorage.setItem('keys', 'off')")
    maria.keyboard.press("j")
    maria.keyboard.press("x")
    expect(maria.locator("input[name=case]:checked")).to_have_count(0)
    maria.evaluate("localStorage.setItem('keys', 'on')")
    maria.keyboard.press("x")
    expect(maria.locator("input[name=case]:checked")).to_have_count(1)


def test_what_others_change_is_tagged_and_what_is_settled_stays_struck_through(maria: Page, site, cases):
    told = "event: cases\ndata: 2\n\nretry: 600000\n\n"
    maria.route(
        re.compile("/events/"), lambda route: route.fulfill(content_type="text/event-stream", body=told)
    )
    open_queue(maria, site)
    order = maria.locator("tr[data-case]").evaluate_all("rows => rows.map(row => row.id)")
    now = clock.now()
    ExceptionCase.objects.filter(pk=cases[0].pk).update(gap="-10", changed_at=now)
    ExceptionCase.objects.filter(pk=cases[1].pk).update(
        state="closed", is_open=False, closed_at=now, close_reason="By itself: the answer confirms all"
    )
    expect(maria.locator(f"#case-{cases[0].pk}")).to_contain_text("was −40")
    gone = maria.locator(f"#case-{cases[1].pk}.gone")
    expect(gone).to_contain_text("By itself: the answer confirms all")
    assert maria.locator("tr[data-case]").evaluate_all("rows => rows.map(row => row.id)") == order
    maria.get_by_role("status").filter(has_text="2 changes · show").click()
    expect(gone).to_have_count(0)


def test_a_view_is_saved_and_its_tab_leads_back_to_it(maria: Page, site, cases):
    open_queue(maria, site, "?kind=confirmed_short&assignee=none&columns=gap")
    maria.get_by_text("Save as view").click()
    maria.get_by_label("Name of the view").fill("Acme, small shorts")
    maria.get_by_role("button", name="Save this view").click()
    expect(toasts(maria)).to_contain_text("Saved as Acme, small shorts.")
    maria.goto(f"{site.url}/cases/")
    maria.get_by_role("link", name="Acme, small shorts").click()
    expect(maria.locator("tr[data-case]")).to_have_count(4)
    expect(maria.locator("thead th")).to_have_count(4)


def test_a_list_is_taken_along_as_it_is_shown(maria: Page, site, cases):
    open_queue(maria, site)
    maria.locator("summary", has_text=re.compile("Export 4")).click()
    with maria.expect_download() as download:
        maria.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert len(download.value.path().read_text().splitlines()) == 5


def test_without_scripts_cases_are_chosen_and_assigned_on_plain_pages(
    site, cases, context_of: Callable[..., BrowserContext], signed_in
):
    page = signed_in(context_of(java_script_enabled=False).new_page())
    page.goto(f"{site.url}/cases/?kind=confirmed_short")
    page.get_by_label(f"Choose case {cases[0].pk}").check()
    page.get_by_role("button", name="Work on the chosen ones").click()
    page.locator("summary", has_text="Assign").click()
    page.get_by_role("button", name="Assign").click()
    expect(page).to_have_url(re.compile("/cases/\\?kind=confirmed_short"))
    expect(toasts(page)).to_contain_text("1 assigned.")
    page.get_by_role("button", name="Undo").click()
    assert fresh(cases[0]).assignee_id is None
