"""A browser, a running site with one short order in it, and a buyer who is signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import edi
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.inbox.services import accept_message
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.worker import drain
from visibility.triage.models import ExceptionCase

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a long pass phrase for tests"


@dataclass(frozen=True)
class Site:
    """Where the site is, and what stands in it."""

    url: str
    flow: Flow
    case: ExceptionCase
    answer_id: str


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without it: a skip that says what to install, a failure in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        message = "no browser: install Debian's chromium package, or set CHROMIUM to one"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's loop runs in this thread, which Django would take for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None) -> Site:
    """Order 4500018277, answered short, half of it shipped, all through the ordinary pipeline."""
    forget_kept()
    connection = Connection.objects.get(name="trial")
    user = User.objects.create_user(
        "maria", password=PASSWORD, first_name="Maria", last_name="Ortiz", role=Role.BUYER
    )
    Grant.objects.create(user=user, company=connection.company)
    ids = [
        accept_message(
            connection=connection, body=body, content_type="application/edi-x12", name=name
        ).message_id
        for name, body in (
            ("850.edi", edi.order()),
            ("855.edi", edi.answer()),
            ("856.edi", edi.ship_notice()),
        )
    ]
    drain(message_ids=ids, announce=lambda *_args, **_kwargs: None)
    flow = Flow.objects.get(number="4500018277")
    return Site(
        url=live_server.url,
        flow=flow,
        case=ExceptionCase.objects.get(flow=flow, kind="confirmed_short"),
        answer_id=str(ids[1]),
    )


@pytest.fixture
def context_of(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts, and closes them."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        made.append(browser.new_context(locale="en-GB", **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for context in made:
        context.close()


@pytest.fixture
def signed_in(site: Site) -> Callable[[Page], Page]:
    """Signs the buyer in on a page, as a person does it."""

    def sign_in(page: Page) -> Page:
        page.goto(f"{site.url}/login/")
        page.get_by_label("Name").fill("maria")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{site.url}/")
        return page

    return sign_in


@pytest.fixture
def maria(context_of: Callable[..., BrowserContext], signed_in: Callable[[Page], Page]) -> Page:
    """The buyer at a desk."""
    return signed_in(context_of(viewport={"width": 1440, "height": 900}).new_page())


@pytest.fixture
def phone(context_of: Callable[..., BrowserContext], signed_in: Callable[[Page], Page]) -> Page:
    """The buyer on a phone."""
    return signed_in(context_of(viewport={"width": 360, "height": 740}, has_touch=True).new_page())
