"""A supplier manager agrees a tolerance: the case it is about closes without a message."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.masterdata.approvals import set_approval_limit
from visibility.masterdata.calendar_setting import set_day
from visibility.masterdata.deadlines import set_deadlines
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, Tolerance, TradingPartner, WorkCalendar
from visibility.masterdata.service_levels import set_service_level
from visibility.masterdata.tolerance_setting import Whom, set_tolerance
from visibility.pipeline.changed_terms import look_after_changes
from visibility.pipeline.sweep import sweep_due
from visibility.triage.models import ExceptionCase

KIM = Speaker("J. Kim", "Frame contract 2026, annex B")


@pytest.fixture
def manager(site, context_of) -> Page:
    """The supplier manager at a desk."""
    company = Company.objects.get(code="trial")
    user = User.objects.create_user(
        "kim",
        password="a long pass phrase for tests",
        first_name="J.",
        last_name="Kim",
        role=Role.SUPPLIER_MANAGER,
    )
    Grant.objects.create(user=user, company=company)
    page = context_of(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{site.url}/login/")
    page.get_by_label("Name").fill("kim")
    page.get_by_label("Password").fill("a long pass phrase for tests")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/($|[a-z])"))
    return page


@pytest.fixture
def agreed(site) -> dict[str, int]:
    """A bit of everything; ids of a tolerance and a calendar."""
    company = Company.objects.get(code="trial")
    partner = TradingPartner.objects.filter(company=company).earliest("pk")
    made = None
    for whom, measure, percent, amount in (
        (Whom(), "quantity_under", Decimal(5), None),
        (Whom(partner=partner), "price", Decimal("0.5"), Decimal("0.02")),
        (Whom(partner=partner), "days_late", None, Decimal(2)),
        (Whom(order_number="4500018277", line="40"), "quantity_over", Decimal(0), None),
    ):
        made = set_tolerance(
            company=company, whom=whom, measure=measure, percent=percent, amount=amount, speaker=KIM
        )
    calendar = WorkCalendar.objects.create(
        company=company, code="dock", name="Dallas dock", week=[["06:00-22:00"]] * 5 + [["08:00-12:00"], []]
    )
    year = clock.now().year
    for day, name, hours in ((24, "Christmas Eve", ["06:00-12:00"]), (25, "Christmas", [])):
        when = dt.date(year + 1, 12, day)
        set_day(calendar=calendar, day=when, name=name, hours=hours, speaker=KIM)
    set_deadlines(company=company, partner=partner, hours={"asn_hours": 4}, speaker=KIM)
    set_service_level(
        company=company, severity="high", kind="confirmed_short", hours=4, speaker=KIM, warn_percent=60
    )
    set_approval_limit(
        company=company,
        role="buyer",
        action="",
        amount=Decimal(25_000),
        approving=["supplier_manager", "executive"],
        speaker=KIM,
    )
    assert isinstance(made, Tolerance)
    return {"tolerance": made.pk, "calendar": calendar.pk}


def addresses(agreed: dict[str, int]) -> list[str]:
    return [
        "/terms/",
        f"/terms/tolerances/{agreed['tolerance']}/",
        "/terms/deadlines/",
        "/terms/hours/",
        "/terms/limits/",
        "/terms/calendars/",
        f"/terms/calendars/{agreed['calendar']}/",
        "/terms/history/",
    ]


def test_who_changes_terms_finds_every_page_sound_at_every_width(manager: Page, site, agreed):
    for width, theme in ((360, "dark"), (768, "light"), (1440, "light"), (1440, "dark")):
        manager.set_viewport_size({"width": width, "height": 900})
        manager.emulate_media(color_scheme=theme)
        for address in addresses(agreed):
            manager.goto(site.url + address)
            assert manager.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            if width != 768:
                found = Axe().run(manager).response["violations"]
                assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found] == [], address


def test_a_tolerance_that_is_agreed_closes_the_case_it_is_about(manager: Page, site):
    case = site.case
    manager.goto(f"{site.url}/terms/")
    manager.get_by_label("What", exact=True).select_option("quantity_under")
    manager.get_by_label("Percent").fill("ninety")
    manager.get_by_label("Why").fill("Frame contract 2026")
    manager.get_by_role("button", name="Set the tolerance").click()
    expect(manager.get_by_role("alert")).to_contain_text("Write a number")
    expect(manager.get_by_label("Why")).to_have_value("Frame contract 2026")
    manager.get_by_label("Percent").fill("90")
    manager.get_by_role("button", name="Set the tolerance").click()
    expect(manager.get_by_role("status")).to_contain_text("−90 %")
    expect(manager.get_by_role("row").filter(has_text="Quantity below").first).to_contain_text("J. Kim")
    look_after_changes()
    sweep_due(as_of=clock.now())
    assert ExceptionCase.objects.get(pk=case.pk).state == "closed"
