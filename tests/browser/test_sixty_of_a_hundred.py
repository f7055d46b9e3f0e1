"""A supplier confirms 60 of 100: from the 855 to the closed case, in a browser, with real counterparts."""

import re
from collections.abc import Iterator
from pathlib import Path

import counterparts
import pytest
from counterparts import Counterparts, until
from playwright.sync_api import Page, expect

from visibility.desk.models import Resolution


@pytest.fixture
def systems(site, tmp_path: Path) -> Iterator[Counterparts]:
    with counterparts.connected(site.flow.company, tmp_path) as found:
        line = {"number": site.flow.number, "line": "10", "item": "SKU-1042", "unit": "CA", "ordered": "100"}
        found.books("erp").enter([line])
        yield found


def test_the_buyer_takes_sixty_cancels_forty_and_every_system_follows(
    maria: Page, site, systems: Counterparts
):
    maria.goto(f"{site.url}/cases/{site.case.pk}/")
    expect(maria.get_by_role("heading", level=1)).to_contain_text("60 of 100 CA of SKU-1042")
    maria.get_by_role("link", name=re.compile("Accept 60, cancel 40")).click()
    preview = maria.locator("#preview").filter(has_text="60 confirmed, 40 to be cancelled")
    expect(preview).to_contain_text("First, as system of record")
    expect(preview).to_contain_text("Waits for 1")
    maria.get_by_role("button", name=re.compile("^Accept 60, cancel 40")).click()
    expect(maria.locator(".toast", has_text="Decided: Accept 60, cancel 40.")).to_be_visible()
    expect(maria.get_by_text("Under way").first).to_be_visible()
    assert systems.asked("erp") == []

    until(lambda: Resolution.objects.get().state == Resolution.State.DONE)
    until(lambda: site.flow.lines.get(line="10").ordered == 60)
    maria.goto(f"{site.url}/cases/{site.case.pk}/")
    expect(maria.get_by_role("heading", level=1)).to_contain_text("ERP updated after")
    expect(maria.locator("dl.facts")).to_contain_text(re.compile("Resolved|Closed"))
    assert systems.books("erp").line(number=site.flow.number, line="10")["ordered"] == "60"
    assert systems.asked("planning") == ["planning.supply_change"]
    assert [each["data"]["quantity"] for each in systems.books("wms").commands()] == ["60"]
    assert "order.change_request" in systems.asked("supplier")

    maria.goto(f"{site.url}/flows/{site.flow.correlation_id}/")
    river = maria.get_by_role("img", name=re.compile("Line 10 in CA"))
    expect(river).to_have_count(1)
    assert "−40" not in (river.get_attribute("aria-label") or ""), "nothing is missing any more"
    for effect in (
        "ERP: PO 4500018277 line 10",
        "SUPPLIER: Change order",
        "PLANNING: Supply −40",
        "WMS: Dallas",
    ):
        expect(maria.get_by_role("listitem").filter(has_text=f"Done: {effect}").last).to_be_visible()
    maria.goto(f"{site.url}/cases/?queue=quantity-mismatches")
    expect(maria.locator("table.rows tbody tr", has_text="60 of 100 CA of SKU-1042")).to_have_count(0)
