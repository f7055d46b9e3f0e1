"""A partner is brought on by its pages, as docs/bring-on-a-partner.md has it."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.models import Company, CrossReference, ProfileSet, TradingPartner

BLANK = f"00*{'':10}"
ISA = f"ISA*{BLANK}*{BLANK}*ZZ*{'BOLTNUT':15}*ZZ*{'NORTHGATE':15}*261102*0900*U*00401*000000007*0*T*>~"
ANSWER = (
    f"{ISA}GS*PR*BOLTNUT*NORTHGATE*20261102*0900*7*X*004010~ST*855*0001~"
    "BAK*00*AC*4500018299*20261102****20261103~PO1*1*100*CA*10.00**BP*SKU-1042~"
    "ACK*OK*100*CA*068*20261110~CTT*1~SE*6*0001~GE*1*7~IEA*1*000000007~"
)


@pytest.fixture
def rosa(site, context_of) -> Page:
    """Integration operations at a desk."""
    company = Company.objects.get(code="trial")
    user = User.objects.create_user(
        "rosa", password="a long pass phrase for tests", first_name="Rosa", role=Role.INTEGRATION
    )
    Grant.objects.create(user=user, company=company)
    partner = TradingPartner.objects.create(company=company, code="BOLT", name="Bolt & Nut")
    CrossReference.objects.create(company=company, kind="partner", value="ZZ:BOLTNUT", target=partner.pk)
    page = context_of(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{site.url}/login/")
    page.get_by_label("Name").fill("rosa")
    page.get_by_label("Password").fill("a long pass phrase for tests")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/($|[a-z])"))
    return page


def agree_profile(page: Page) -> None:
    form = page.get_by_role("region", name="Agree a profile")
    expect(form.get_by_label("Their identifier")).to_have_value("BOLTNUT")  # known from its documents
    form.get_by_label("Our qualifier").fill("ZZ")
    form.get_by_label("Our identifier").fill("NORTHGATE")
    form.get_by_label("Why").fill("Their guide of May")
    form.get_by_role("button", name="Agree the profile").click()
    expect(page.get_by_text("The profile of Bolt & Nut is agreed.")).to_be_visible()


def expect_sets(page: Page, *kinds: str) -> None:
    for kind in kinds:
        form = page.get_by_role("region", name="Which documents")
        form.get_by_label("Set or message type").fill(kind)
        form.get_by_label("Why").last.fill("Their guide of May")
        form.get_by_role("button", name="Set the document").click()
        expect(page.get_by_role("row", name=re.compile(f"^{kind}"))).to_be_visible()


def test_a_partner_is_agreed_tried_mended_and_certified(rosa: Page, site, tmp_path: Path):
    entries = LedgerEntry.objects.count()
    rosa.goto(f"{site.url}/")
    rosa.get_by_role("link", name="Partners").click()
    expect(rosa.get_by_role("row", name=re.compile("Bolt & Nut"))).to_contain_text("No profile")
    rosa.get_by_role("link", name="Bolt & Nut").click()
    agree_profile(rosa)
    expect_sets(rosa, "855", "856")

    rosa.get_by_role("link", name="Test files and certification").click()
    file = tmp_path / "answer.edi"
    file.write_text(ANSWER)
    rosa.get_by_label("Drop files here, or choose them").set_input_files(file)
    rosa.get_by_role("button", name="Read them").click()
    expect(rosa.get_by_text("Still missing")).to_be_visible()
    expect(rosa.get_by_role("row", name=re.compile("^856"))).to_contain_text("Missing")
    expect(rosa.get_by_text("'OK' is no line status known here")).to_be_visible()
    rosa.get_by_text("What we would answer: 997").click()
    expect(rosa.get_by_text("AK1*PR*7")).to_be_visible()
    expect(rosa.get_by_role("region", name="What they will get from us")).to_contain_text("BEG*00*")

    rosa.get_by_label("Path").get_by_role("link", name="Bolt & Nut").click()
    codes = rosa.get_by_role("region", name="Codes of their own")
    codes.get_by_label("Code list").fill("line_status")
    codes.get_by_label("They write").fill("OK")
    codes.get_by_label("It stands for").fill("IA")
    codes.get_by_label("Why").fill("Their order desk said so")
    codes.get_by_role("button", name="Set the code").click()
    expect(rosa.get_by_text("OK is read as IA from now on.")).to_be_visible()

    rosa.get_by_role("link", name="Test files and certification").click()
    expect(rosa.get_by_text("is no line status known here")).to_have_count(0)
    row = rosa.get_by_role("row", name=re.compile("^855"))
    row.get_by_text("Certify").first.click()
    row.get_by_label("Why").fill("All as they meant it")
    row.get_by_role("button", name="Certify 855").click()
    expect(rosa.get_by_text("855 is certified.")).to_be_visible()
    assert ProfileSet.objects.get(kind="855").certified_by == "Rosa"
    assert LedgerEntry.objects.count() == entries


def test_the_pages_are_sound_at_every_width_and_in_the_dark(rosa: Page, site, tmp_path: Path):
    rosa.goto(f"{site.url}/partners/")
    rosa.get_by_role("link", name="Bolt & Nut").click()
    agree_profile(rosa)
    expect_sets(rosa, "855")
    address = rosa.url
    file = tmp_path / "answer.edi"
    file.write_text(ANSWER)
    rosa.goto(f"{address}certification/")
    rosa.get_by_label("Drop files here, or choose them").set_input_files(file)
    rosa.get_by_role("button", name="Read them").click()
    expect(rosa.get_by_role("heading", name="answer.edi")).to_be_visible()
    for page in (f"{site.url}/partners/", address, f"{address}certification/"):
        for width, theme in ((360, "dark"), (768, "light"), (1440, "light")):
            rosa.set_viewport_size({"width": width, "height": 900})
            rosa.emulate_media(color_scheme=theme)
            rosa.goto(page)
            assert rosa.evaluate("document.documentElement.scrollWidth") <= width, (page, width)
            found = Axe().run(rosa).response["violations"]
            told = [(each["id"], node["html"][:160]) for each in found for node in each["nodes"]]
            assert told == [], (page, width)
