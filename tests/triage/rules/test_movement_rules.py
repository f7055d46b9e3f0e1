"""Promises, shipments, receipts and bills against each other, by tables."""

from decimal import Decimal

import pytest
from lives import (
    PO,
    SECOND,
    answer_line,
    answered,
    bill,
    change,
    changed,
    closed,
    day,
    fact,
    invoiced,
    order_line,
    part,
    placed,
    receipt,
    received,
    ship,
    shipped,
    view_of,
    wanted,
)

from visibility.canonical.documents import Charge, Line, ServiceAccepted, TransportStatus
from visibility.triage.findings import Names
from visibility.triage.rules import NO_TOLERANCES, Everywhere, Tolerance, detect

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Chicago")
D = Decimal
SOON = day(4, 12)


def found(*facts, as_of=SOON, tolerances=NO_TOLERANCES):
    return detect(view=view_of(*facts), as_of=as_of, names=NAMES, tolerances=tolerances)


def kinds(*facts, **more):
    return [finding.kind for finding in found(*facts, **more)]


def promise(*parts):
    return answered(
        answer_line(
            "1", *(part("accepted", size, date=day(on).date(), basis=basis) for on, size, basis in parts)
        )
    )


@pytest.mark.parametrize(
    ("asked", "promised", "days"),
    [
        ([(20, None, "dock")], [(16, 100, "dock")], 4),
        ([(20, None, "dock")], [(20, 100, "dock")], None),
        ([(20, None, "dock")], [(16, 100, "ship")], None),
        ([(20, None, "unstated")], [(16, 100, "unstated")], None),
        ([(10, 60, "dock"), (20, 40, "dock")], [(10, 60, "dock"), (18, 40, "dock")], 2),
        ([(10, 60, "dock"), (20, 40, "dock")], [(10, 100, "dock")], None),
        ([(10, 60, "dock"), (20, 40, "dock")], [(8, 100, "dock")], 2),
    ],
)
def test_a_promise_is_early_only_against_the_first_day_its_units_are_wanted(asked, promised, days):
    order = placed(order_line("1", 100, requests=tuple(wanted(*each) for each in asked)))
    early = [each for each in found(order, promise(*promised)) if each.kind == "promised_early"]
    assert [each.summary.split(", ")[1].split(" d ")[0] for each in early] == ([str(days)] if days else [])


@pytest.mark.parametrize(
    ("agreed", "opens"),
    [(None, True), (0, True), (3, True), (4, False)],
)
def test_days_early_have_a_tolerance_of_their_own(agreed, opens):
    order = placed(order_line("1", 100, requests=(wanted(20),)))
    tolerances = Everywhere(Tolerance(days_early=agreed, days_late=9))
    assert kinds(order, promise((16, 100, "dock")), tolerances=tolerances) == (
        ["promised_early"] if opens else []
    )


@pytest.mark.parametrize(
    ("parts", "sizes", "gap"),
    [
        ([(20, 60, "dock")], [60], None),
        ([(20, 60, "dock")], [50], -10),
        ([(20, 60, "dock")], [50, 10], None),
        ([(10, 60, "dock"), (20, 40, "dock")], [60], None),
        ([(10, 60, "dock"), (20, 40, "dock")], [50], -10),
        ([(10, 60, "dock"), (20, 40, "dock")], [80], -20),
    ],
)
def test_a_shipment_is_short_of_the_parts_promised_up_to_then(parts, sizes, gap):
    notices = [shipped(f"A-{n}", ship("1", size)) for n, size in enumerate(sizes)]
    short = [each for each in found(placed(), promise(*parts), *notices) if each.kind == "shipped_short"]
    assert [each.gap for each in short] == ([] if gap is None else [gap])


def test_a_short_shipment_says_what_it_lacks_and_tolerates_what_is_agreed():
    facts = [placed(), promise((20, 100, "dock")), shipped("7764", ship("1", 98))]
    (finding,) = found(*facts)
    assert finding.summary == (
        "Acme Industries shipped 98 of the 100 CA of SKU-1042 confirmed on ASN 7764; 2 short"
    )
    assert finding.next_action == "Ask Acme Industries for the other 2, or close them"
    assert kinds(*facts, tolerances=Everywhere(Tolerance(quantity_under_amount=D(2)))) == []
    assert kinds(*facts, closed("1")) == []
    assert kinds(*facts, changed(change("1", 98), at=day(11))) == []


def test_what_is_shipped_after_a_line_was_closed_is_told_and_not_what_left_before():
    answer = promise((20, 100, "dock"))
    before = [placed(), answer, shipped("A", ship("1", 60), at=day(8)), closed("1", at=day(9))]
    assert kinds(*before) == []
    (finding,) = found(*before, shipped("B", ship("1", 40), at=day(12)))
    assert (finding.kind, finding.gap) == ("shipped_closed", 40)
    assert finding.summary.endswith("though the line is closed")
    again = closed("1", at=day(13), reopened=True)
    assert kinds(*before, shipped("B", ship("1", 40), at=day(12)), again) == []


def eta(on, **more):
    return fact(
        TransportStatus(
            order=PO, status="delayed", estimated_at=day(on), shipment="A", occurred_at=day(11), **more
        ),
        witness="tms",
    )


@pytest.mark.parametrize(
    ("promised", "expected", "days"),
    [
        ((20, 100, "dock"), 24, 4),
        ((20, 100, "dock"), 20, None),
        ((20, 100, "dock"), 18, None),
        ((20, 100, "ship"), 24, None),
    ],
)
def test_a_shipment_is_delayed_against_a_day_at_the_dock_only(promised, expected, days):
    facts = [placed(), promise(promised), shipped("A", ship()), eta(expected)]
    late = [each for each in found(*facts, as_of=day(12)) if each.kind == "shipment_delayed"]
    assert [each.summary for each in late] == (
        [f"100 CA of SKU-1042 is expected on {expected} Nov, {days} d after the 20 Nov promised"]
        if days
        else []
    )
    assert kinds(*facts, as_of=day(12), tolerances=Everywhere(Tolerance(days_late=4))) == []


def test_a_delay_ends_when_the_goods_are_there():
    facts = [placed(), promise((20, 100, "dock")), shipped("A", ship()), eta(24)]
    assert kinds(*facts, received("R", receipt(), at=day(19)), as_of=day(25)) == []


def test_an_item_that_nobody_ordered_or_announced_is_a_wrong_item():
    (finding,) = found(placed(), promise((20, 100, "dock")), received("R", receipt("1", 40, item=SECOND)))
    assert finding.kind == "received_wrong_item"
    assert finding.summary == (
        "Dallas DC received 40 CA of SKU-1051, which order 4500001 does not have; line 1 is of SKU-1042"
    )
    announced = shipped("A", ship("1", 40, item=SECOND))
    assert "unknown_line" in kinds(placed(), announced, received("R", receipt("1", 40, item=SECOND)))


@pytest.mark.parametrize(
    ("match", "more", "expected"),
    [
        ("2-way", [], []),
        ("3-way", [received("R", receipt("1", 90))], ["invoice_quantity"]),
        ("2-way", [received("R", receipt("1", 90))], []),
        ("3-way", [received("R", receipt("1", 100, damaged=D(8)))], []),
        ("4-way", [received("R", receipt("1", 100, damaged=D(8)))], ["invoice_quantity"]),
        ("4-way", [received("R", receipt()), "accepted 95"], ["invoice_quantity"]),
        ("4-way", [received("R", receipt()), "accepted 100"], []),
        ("3-way", ["accepted 80"], ["invoice_quantity"]),
    ],
)
def test_a_bill_is_matched_two_three_or_four_ways(match, more, expected):
    facts = [accepted(int(each.split()[1])) if isinstance(each, str) else each for each in more]
    life = [placed(), promise((20, 100, "dock")), invoiced("I-1", bill()), *facts]
    findings = found(*life, tolerances=Everywhere(Tolerance(match=match)))
    assert [each.kind for each in findings if each.kind in {"invoice_quantity", "over_billed"}] == expected


def accepted(size):
    line = Line(line="1", quantity=D(size), unit="CA")
    return fact(ServiceAccepted(order=PO, number="S-1", accepted_at=day(17), lines=(line,)), witness="erp")


def test_bills_add_up_and_credits_are_netted_before_the_order_is_over_billed():
    life = [placed(), promise((20, 100, "dock")), received("R", receipt())]
    bills = [invoiced("I-1", bill("1", 60)), invoiced("I-2", bill("1", 55))]
    (finding,) = found(*life, *bills)
    assert (finding.kind, finding.gap, finding.money) == ("over_billed", 15, D("518.40"))
    assert finding.summary == (
        "Acme Industries billed 115 CA of SKU-1042, 100 ordered; 15 too many ($518.40)"
    )
    assert kinds(*life, *bills, invoiced("C-1", bill("1", 15), kind="credit")) == []


def test_an_order_that_tells_only_its_worth_is_over_billed_in_money():
    order = placed(order_line("1", None, price=None, worth=D(500)))
    bills = invoiced("I-1", bill("1", 1, "620"))
    (finding,) = [each for each in found(order, bills) if each.kind == "over_billed"]
    assert (finding.gap, finding.expected) == (120, 500)


def test_two_invoices_alike_are_one_case_as_long_as_they_bill_too_much():
    life = [placed(), promise((20, 100, "dock")), received("R", receipt()), invoiced("I-1", bill())]
    (finding,) = found(*life, invoiced("I-2", bill(), at=day(13)))
    assert (finding.kind, finding.subject) == ("invoice_duplicate", "I-2")
    assert finding.summary == ("Acme Industries billed the same on invoices I-1 and I-2; $3,456.00 too much")
    credit = invoiced("C-1", bill(), kind="credit", corrects="I-2", at=day(14))
    assert kinds(*life, invoiced("I-2", bill(), at=day(13)), credit) == []


def test_a_line_billed_twice_opens_no_second_case_for_its_quantity():
    life = [
        placed(),
        promise((20, 100, "dock")),
        shipped("A", ship("1", 60)),
        received("R", receipt("1", 60)),
    ]
    bills = [invoiced("I-1", bill("1", 45)), invoiced("I-2", bill("1", 45), at=day(13))]
    assert [each for each in kinds(*life, *bills) if each != "shipped_short"] == ["invoice_duplicate"]


def test_equal_bills_for_equal_parts_are_no_trouble():
    halves = [invoiced("I-1", bill("1", 50)), invoiced("I-2", bill("1", 50))]
    assert kinds(placed(), promise((20, 100, "dock")), received("R", receipt()), *halves) == []


@pytest.mark.parametrize(
    ("charges", "credit", "total"),
    [
        ([("45", "freight")], [], 45),
        ([("45", "freight"), ("5", "handling")], [], 50),
        ([("-45", "rebate")], [], None),
        ([("12", "tax")], [], None),
        ([("45", "freight")], [("45", "freight")], None),
        ([("45", "freight")], [("20", "freight")], 25),
    ],
)
def test_a_charge_the_order_does_not_have_is_told_net_of_credits(charges, credit, total):
    def told(rows):
        return tuple(
            Charge(amount=D(value), code="tax" if name == "tax" else "", description=name)
            for value, name in rows
        )

    life = [placed(), promise((20, 100, "dock")), received("R", receipt())]
    life.append(invoiced("I-1", bill(), charges=told(charges)))
    if credit:
        life.append(_credit(told(credit)))
    extra = [each for each in found(*life) if each.kind == "invoice_extra_charge"]
    assert [each.money for each in extra] == ([] if total is None else [total])
    if extra:
        assert extra[0].subject == "I-1"


def _credit(charges):
    """A credit note of charges alone: one of its lines bills nothing."""
    return invoiced("C-1", bill("1", 0), kind="credit", charges=charges, corrects="I-1", at=day(14))
