"""One receipt, order, shipment or bill told by several systems counts once, and the settings say whose."""

import datetime as dt
import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from factories import (
    NORTHGATE,
    company,
    connection,
    interchange,
    invoice,
    kinds,
    line,
    notice,
    open_cases,
    order,
    process,
    receipt,
    tell,
    trace,
    transaction,
    x12_order,
)

from visibility.access.models import Grant
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.flows.models import Flow
from visibility.flows.state import LineView, unpack_view
from visibility.inbox.models import Connection
from visibility.masterdata.models import Company, CrossReference, Location
from visibility.masterdata.ownership import forget_kept
from visibility.pipeline.sweep import rebuild, sweep_due

Check = Callable[[], None]
NOW = dt.datetime(2026, 11, 16, 20, tzinfo=dt.UTC)
SYSTEMS = """
[company]
code = "northgate"
[systems.erp-1]
name = "ERP"
connections = ["erp"]
[systems.wms-dal]
name = "WMS"
connections = ["wms"]
[systems.phones]
name = "Dock phones"
connections = ["phone"]
[systems.tms]
name = "TMS"
connections = ["tms"]
[systems.acme]
name = "Acme's EDI"
connections = ["edi"]
"""
WMS_COUNTS = (
    SYSTEMS
    + """
[[ownership]]
fact = "receipt"
primary = "wms-dal"
mirrors = { erp-1 = 8, phones = false }
"""
)


@pytest.fixture
def site(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Connection]:
    """A company with a connection of each kind, and Dallas as a place below the south."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    own = company("northgate")
    south = Location.objects.create(company=own, code="SOUTH", name="South")
    dallas = Location.objects.create(company=own, code="DAL", name="Dallas DC", parent=south)
    CrossReference.objects.create(company=own, kind="location", value="91:DAL", target=dallas.pk)
    CrossReference.objects.create(company=own, kind="location", value="92:DAL", target=dallas.pk)
    kinds_of = {"erp": "erp", "wms": "wms", "phone": "phone", "tms": "tms", "edi": "edi"}
    return {
        name: connection(of=own, name=name, witness=witness, issuer=NORTHGATE)
        for name, witness in kinds_of.items()
    }


def load(folder: Path, text: str, *options: str) -> str:
    file, told = folder / "ownership.toml", io.StringIO()
    file.write_text(text)
    call_command("ownership", str(file), *options, stdout=told)
    forget_kept()
    return told.getvalue()


def stock_advice(quantity: int, number: str = "R-1") -> bytes:
    """The warehouse's 944."""
    advice = transaction(
        "944",
        f"W17*F*20261116*{number}*4500001",
        "N1*WH*Dallas DC*92*DAL",
        f"W07*{quantity}*CA**BP*SKU-1042",
        f"W14*{quantity}",
    )
    return interchange(advice, group="RE", sender="DALLASWMS", receiver="NORTHGATE")


def bill(quantity: int) -> bytes:
    """The supplier's 810."""
    told = transaction(
        "810",
        "BIG*20261112*INV-1*20261102*4500001",
        f"IT1*1*{quantity}*CA*10.00**BP*SKU-1042",
        f"TDS*{quantity * 1000}",
        "CTT*1",
    )
    return interchange(told, group="IN", sender="ACMEIND", receiver="NORTHGATE")


def by_erp(quantity: int, number: str = "E-1", **more: Any) -> dict[str, Any]:
    more.setdefault("issued_at", "2026-11-16T16:00:00Z")
    return receipt(number, line("1", quantity), **more)


def first_line() -> LineView:
    return unpack_view(bytes(Flow.objects.get().view)).lines[0]


@pytest.mark.parametrize(("settings", "counted"), [("", "58"), (WMS_COUNTS, "60")])
def test_the_same_receipt_from_944_erp_and_phone_counts_once_in_any_order(
    site: dict[str, Connection],
    tmp_path: Path,
    settings: str,
    counted: str,
    rebuilt_the_same: Check,
) -> None:
    if settings:
        load(tmp_path, settings)
    told: list[tuple[str, Any]] = [
        ("wms", stock_advice(60)),
        ("erp", by_erp(58)),
        ("phone", receipt("P-1", line("1", 59))),
    ]
    views = []
    for number, arrival in enumerate(itertools.permutations(told)):
        own = f"45{number:05d}"
        tell(site["erp"], order(own))
        for name, sent in arrival:
            text = sent if isinstance(sent, bytes) else None
            if text is not None:
                process(site[name], text.replace(b"4500001", own.encode()))
            else:
                again = sent["data"] | {"order": {"number": own, "issuer": NORTHGATE}}
                tell(site[name], sent | {"id": f"{sent['id']} {number}", "data": again})
        found = trace(f"po:{own}")["lines"]
        assert [each["received"] for each in found] == [counted]
        view = unpack_view(bytes(Flow.objects.get(number=own).view))
        views.append([(m.system, m.quantity, m.differs) for m in view.lines[0].mirrors])
    assert all(view == views[0] for view in views)
    assert len(views[0]) == 2
    rebuilt_the_same()


def test_what_differs_is_one_case_that_closes_when_it_is_corrected(
    site: dict[str, Connection], tmp_path: Path, rebuilt_the_same: Check
) -> None:
    load(tmp_path, WMS_COUNTS)
    tell(site["erp"], order())
    process(site["wms"], stock_advice(100))
    assert kinds(site["erp"]) == set()
    tell(site["erp"], by_erp(60))
    differing = [summary for kind, _, summary in open_cases(site["erp"]) if kind == "mirror_differs"]
    assert differing == ["WMS received 100 CA of SKU-1042, ERP posted 60"]
    rebuilt_the_same()
    tell(site["erp"], by_erp(100, purpose="replace", issued_at="2026-11-16T17:00:00Z"))
    assert kinds(site["erp"]) == set()
    rebuilt_the_same()


def test_a_late_mirror_is_found_by_the_sweep_once_and_closes_by_itself(
    site: dict[str, Connection],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rebuilt_the_same: Check,
) -> None:
    load(tmp_path, WMS_COUNTS)
    tell(site["erp"], order())
    process(site["wms"], stock_advice(100))
    due = first_line().mirrors[0].due_at
    assert due is not None
    assert Flow.objects.get().next_due_at is not None
    assert Flow.objects.get().next_due_at <= due
    later = due + dt.timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    tell(site["phone"], receipt("P-1", line("1", 100)))
    assert "mirror_late" not in kinds(site["erp"])
    sweep_due(as_of=due)
    assert "mirror_late" not in kinds(site["erp"])
    sweep_due(as_of=later)
    assert "mirror_late" in kinds(site["erp"])
    tell(site["erp"], by_erp(100))
    assert "mirror_late" not in kinds(site["erp"])
    rebuilt_the_same()


def test_while_the_primary_is_silent_nothing_is_received_and_its_silence_becomes_a_case(
    site: dict[str, Connection], tmp_path: Path, rebuilt_the_same: Check
) -> None:
    load(tmp_path, WMS_COUNTS)
    tell(site["erp"], order(), by_erp(100))
    assert trace("4500001")["lines"][0]["received"] is None
    due = first_line().mirrors[0].counted_due_at
    assert due is not None
    assert "primary_late" not in kinds(site["erp"])
    sweep_due(as_of=due + dt.timedelta(minutes=1))
    assert "primary_late" in kinds(site["erp"])
    process(site["wms"], stock_advice(100))
    assert trace("4500001")["lines"][0]["received"] == "100"
    assert "primary_late" not in kinds(site["erp"])
    rebuilt_the_same()


@pytest.mark.parametrize("backwards", [False, True])
def test_the_850_is_an_echo_of_the_erps_order(
    site: dict[str, Connection], tmp_path: Path, backwards: bool, rebuilt_the_same: Check
) -> None:
    load(tmp_path, SYSTEMS + '[[ownership]]\nfact = "order"\nprimary = "erp-1"\nechoes = ["acme"]\n')

    def by_850() -> None:
        process(site["edi"], interchange(x12_order(quantity=90)))

    if backwards:
        by_850()
        assert Flow.objects.get().state == "not_ordered"
        assert [each.silent for each in first_line().mirrors] == [True]
    tell(site["erp"], order("4500001", line("1", 100, price="10.00")))
    if not backwards:
        by_850()
    found = trace("4500001")
    assert [each["ordered"] for each in found["lines"]] == ["100"]
    assert kinds(site["erp"]) == set()
    assert first_line().mirrors == []
    rebuilt_the_same()


def test_the_tms_mirrors_the_ship_notice_and_the_erp_the_810(
    site: dict[str, Connection], tmp_path: Path, rebuilt_the_same: Check
) -> None:
    text = SYSTEMS + '[[ownership]]\nfact = "shipment"\nprimary = "acme"\nmirrors = { tms = false }\n'
    text += '[[ownership]]\nfact = "invoice"\nprimary = "acme"\nmirrors = { erp-1 = 16 }\n'
    load(tmp_path, text)
    tell(site["erp"], order())
    tell(site["tms"], notice("LOAD-1", line("1", 70), bol="BOL-1"))
    assert trace("4500001")["lines"][0]["shipped"] is None
    tell(site["edi"], notice("ASN-1", line("1", 100), bol="BOL-1"))
    assert trace("4500001")["lines"][0]["shipped"] == "100"
    process(site["edi"], bill(100))
    tell(site["erp"], invoice("INV-1", line("1", 100, price="10.00"), issued_at="2026-11-13T15:00:00Z"))
    found = trace("4500001")["lines"][0]
    assert (found["shipped"], found["invoiced"]) == ("100", "100")
    said = {each.fact: each.differs for each in first_line().mirrors}
    assert said == {"shipment": (100, 70), "invoice": None}
    assert [s for kind, _, s in open_cases(site["erp"]) if kind.startswith("mirror")] == [
        "Acme's EDI shipped 100 CA of SKU-1042, TMS has 70"
    ]
    rebuilt_the_same()


@pytest.mark.parametrize(("place", "counted"), [("", "60"), ("SOUTH", "60"), ("DAL", "60"), ("OTHER", "58")])
def test_a_setting_holds_at_its_place_and_at_all_places_below(
    site: dict[str, Connection], tmp_path: Path, place: str, counted: str
) -> None:
    Location.objects.create(company=Company.objects.get(code="northgate"), code="OTHER")
    at = f'place = "{place}"\n' if place else ""
    load(tmp_path, SYSTEMS + f'[[ownership]]\nfact = "receipt"\n{at}primary = "wms-dal"\n')
    tell(site["erp"], order(), by_erp(58))
    process(site["wms"], stock_advice(60))
    assert trace("4500001")["lines"][0]["received"] == counted


def test_the_nearest_place_says_who_is_primary(site: dict[str, Connection], tmp_path: Path) -> None:
    text = SYSTEMS
    for place, system in (("", "erp-1"), ("SOUTH", "phones"), ("DAL", "wms-dal")):
        at = f'place = "{place}"\n' if place else ""
        text += f'[[ownership]]\nfact = "receipt"\n{at}primary = "{system}"\n'
    load(tmp_path, text)
    tell(site["erp"], order(), by_erp(58))
    process(site["wms"], stock_advice(60))
    tell(site["phone"], receipt("P-1", line("1", 59)))
    assert trace("4500001")["lines"][0]["received"] == "60"


def test_a_changed_setting_takes_effect_on_a_rebuild_and_on_the_next_touch(
    site: dict[str, Connection], tmp_path: Path, rebuilt_the_same: Check
) -> None:
    for number in ("4500001", "4500002"):
        tell(site["erp"], order(number), by_erp(58, of=number))
        process(site["wms"], stock_advice(60, f"R-{number}").replace(b"*4500001", f"*{number}".encode()))
        assert trace(f"po:{number}")["lines"][0]["received"] == "58"
    said = load(tmp_path, WMS_COUNTS)
    assert "look at 2 open orders again" in said
    tell(site["phone"], receipt("P-1", line("1", 59), of="4500001"))
    # What was told before the connections named their systems is known by the kind of connection.
    assert trace("po:4500001")["lines"][0]["received"] == "60"
    assert trace("po:4500002")["lines"][0]["received"] == "58"
    assert [what for _, what in rebuild(check=True)] != []
    list(rebuild(check=False))
    assert trace("po:4500002")["lines"][0]["received"] == "60"
    rebuilt_the_same()


def test_the_sweep_after_a_changed_setting_brings_open_orders_up_to_it(
    site: dict[str, Connection], tmp_path: Path, rebuilt_the_same: Check
) -> None:
    tell(site["erp"], order(), by_erp(58))
    process(site["wms"], stock_advice(60))
    load(tmp_path, WMS_COUNTS)
    sweep_due(as_of=NOW)
    assert trace("4500001")["lines"][0]["received"] == "60"
    rebuilt_the_same()


def test_the_order_page_says_who_posted_what_and_that_it_changes_nothing(
    site: dict[str, Connection], tmp_path: Path, client: Client
) -> None:
    load(tmp_path, WMS_COUNTS)
    tell(site["erp"], order(), by_erp(70))
    process(site["wms"], stock_advice(60), stock_advice(40, "R-2"))
    tell(site["phone"], receipt("P-1", line("1", 60)))
    user = User.objects.create_user("reader", password="x", role=Role.BUYER)
    Grant.objects.create(user=user, company=site["erp"].company)
    client.force_login(user)
    page = client.get(reverse("flow", args=[Flow.objects.get().correlation_id])).content.decode()
    assert "receipt: ERP says 70, WMS 100" in page
    assert "receipt posted in Dock phones 16 Nov 09:00 with 60" in page
    assert page.count("a mirror&#x27;s word; another system&#x27;s counts") == 2
    assert "Received 0 → 70" not in page
    assert "70 short" not in page
