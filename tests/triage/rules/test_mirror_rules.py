"""A mirror is a case where it differs or is late, never because it is there."""

from decimal import Decimal

import pytest
from lives import answered, bill, day, invoiced, placed, receipt, received, ship, shipped
from owned import echo, everywhere, mirror, primary, told_by, view_under

from visibility.triage.findings import CLOCK_KINDS, Names
from visibility.triage.rules import NO_TOLERANCES, detect

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Chicago")
KINDS = ("mirror_differs", "mirror_late", "primary_late")
RECEIPTS = everywhere(receipt=(primary("wms-dal"), mirror("erp-1", 8)))
WMS = told_by("wms-dal", received("R-1", receipt("1", 60)))


def by_erp(quantity, at=None):
    return told_by("erp-1", received("E-1", receipt("1", quantity), at=at or day(16, 17), witness="erp"))


def found(*facts, ownership=RECEIPTS, as_of=None):
    view = view_under(ownership, placed(), *facts)
    seen = detect(view=view, as_of=as_of or day(16, 18), names=NAMES, tolerances=NO_TOLERANCES)
    return [each for each in seen if each.kind in KINDS]


def said(*facts, **more):
    return [(each.kind, each.summary) for each in found(*facts, **more)]


def test_a_mirror_that_agrees_is_no_case_however_late_it_is_looked_at():
    assert said(WMS, by_erp(60), as_of=day(27)) == []


def test_a_mirror_that_differs_is_a_case_with_both_quantities():
    (case,) = found(WMS, by_erp(40))
    assert case.summary == "WMS received 60 CA of SKU-1042, ERP posted 40"
    assert case.next_action == "Find out which is right, and correct the receipt in ERP or in WMS"
    assert (case.kind, case.subject, case.gap) == ("mirror_differs", "receipt:erp-1", -20)
    assert (case.had, case.expected, case.money) == (40, 60, Decimal("691.20"))
    assert case.severity == "medium"
    assert case.evidence == (
        ("Received", "60 CA", "40 CA"),
        ("Told by", "WMS (counts)", "ERP"),
        ("ERP told on", "", "16 Nov 11:00"),
    )


def test_it_closes_when_the_mirror_is_corrected_and_when_the_primary_is():
    assert said(WMS, by_erp(40), by_erp(60, at=day(17))) == []
    corrected = told_by("wms-dal", received("R-1", receipt("1", 40), at=day(17), purpose="replace"))
    assert said(WMS, corrected, by_erp(40)) == []


@pytest.mark.parametrize(("minute", "late"), [(0, []), (1, ["mirror_late"])])
def test_a_mirror_is_late_once_its_hours_are_over(minute, late):
    as_of = day(16, 23).replace(minute=minute)
    assert [kind for kind, _ in said(WMS, as_of=as_of)] == late


def test_a_late_mirror_is_told_with_what_it_lacks():
    (case,) = found(WMS, as_of=day(18))
    assert case.summary == ("WMS received 60 CA of SKU-1042, ERP has posted nothing; it was due 16 Nov 17:00")
    assert (case.due_at, case.next_action) == (day(16, 23), "Have the receipt entered in ERP")
    second = told_by("wms-dal", received("R-2", receipt("1", 40), at=day(17)))
    (case,) = found(WMS, second, by_erp(60), as_of=day(19))
    assert case.summary == ("WMS received 100 CA of SKU-1042, ERP has posted 60; it was due 17 Nov 17:00")


def test_a_mirror_that_tells_after_its_time_closes_the_case():
    assert said(WMS, by_erp(60, at=day(18)), as_of=day(19)) == []


def test_a_receipt_that_was_taken_back_awaits_no_mirror():
    gone = told_by("wms-dal", received("R-1", receipt("1", 60), at=day(17), purpose="cancel"))
    assert said(WMS, gone, as_of=day(27)) == []


def test_a_primary_that_stays_silent_is_a_case_once_its_hours_are_over():
    assert said(by_erp(60), as_of=day(16, 23)) == []
    (case,) = found(by_erp(60), as_of=day(18))
    assert case.kind == "primary_late"
    assert case.summary == (
        "ERP posted 60 CA of SKU-1042, WMS, whose word counts, has told nothing; it was due 17 Nov 10:00"
    )
    assert said(by_erp(60), WMS, as_of=day(18)) == []


def test_an_echo_is_never_a_case():
    own = everywhere(
        order=(primary("erp-1", 1), echo("acme-edi")), receipt=(echo("erp-1"), primary("wms-dal"))
    )
    order = told_by("acme-edi", placed(purpose="replace"))
    assert said(order, by_erp(5), as_of=day(27), ownership=own) == []


def test_the_supplier_is_named_where_nobody_named_his_system():
    posted = invoiced("INV-1", bill("1", 50), witness="erp")
    assert said(invoiced("INV-1", bill("1", 60)), posted, ownership=None) == [
        ("mirror_differs", "Acme Industries billed 60 CA of SKU-1042, ERP posted 50")
    ]
    tms = shipped("7764", ship("1", 55), witness="tms")
    assert said(shipped("7764", ship("1", 60)), tms, ownership=None) == [
        ("mirror_differs", "Acme Industries shipped 60 CA of SKU-1042, TMS has 55")
    ]


def test_no_settings_and_one_witness_are_no_case():
    assert said(WMS, answered(coverage="accepted"), ownership=None, as_of=day(27)) == []


def test_what_time_brings_is_left_to_the_sweep():
    assert {"mirror_late", "primary_late"} <= CLOCK_KINDS
    assert "mirror_differs" not in CLOCK_KINDS
