"""Each rule: when it speaks, what it says, and what makes it fall silent."""

from decimal import Decimal

import pytest
from lives import (
    SECOND,
    answer_line,
    answered,
    bill,
    change,
    changed,
    closed,
    day,
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

from visibility.canonical.documents import Item
from visibility.triage.findings import QUEUE_OF_KIND, Names
from visibility.triage.rules import NO_TOLERANCES, RULES, Everywhere, Tolerance, detect

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Chicago")
D = Decimal


def found(*facts, as_of=None, tolerances=NO_TOLERANCES):
    return detect(view=view_of(*facts), as_of=as_of or day(4, 12), names=NAMES, tolerances=tolerances)


def kinds(*facts, **more):
    return [finding.kind for finding in found(*facts, **more)]


def short(*more, quantity=60):
    return answered(answer_line("1", part("accepted", quantity), *more))


@pytest.mark.parametrize(
    ("parts", "summary", "action"),
    [
        (
            [part("accepted", 60)],
            "Acme Industries confirmed 60 of 100 CA of SKU-1042; 40 open",
            "Ask Acme Industries for the other 40",
        ),
        (
            [part("accepted", 60), part("backordered", 40, date=day(30).date(), basis="dock")],
            "Acme Industries confirmed 60 of 100 CA of SKU-1042; 40 backordered for 30 Nov",
            "Accept 60, wait for 40 or re-source",
        ),
        (
            [part("accepted", 60), part("rejected", 40)],
            "Acme Industries confirmed 60 of 100 CA of SKU-1042; 40 rejected",
            "Accept 60, re-source 40",
        ),
        (
            [part("accepted", 60), part("rejected", 10), part("held", 20)],
            "Acme Industries confirmed 60 of 100 CA of SKU-1042; 20 on hold, 10 rejected, 10 open",
            "Clear the hold on 20, or re-source",
        ),
        (
            [part("backordered")],
            "Acme Industries confirmed 0 of 100 CA of SKU-1042; 100 not accounted for, some backordered",
            "Wait for 100 or re-source",
        ),
        (
            [part("held", 100)],
            "Acme Industries confirmed 0 of 100 CA of SKU-1042; 100 on hold",
            "Clear the hold on 100, or re-source",
        ),
    ],
)
def test_a_short_confirmation_says_what_becomes_of_the_rest(parts, summary, action):
    (finding,) = found(placed(), answered(answer_line("1", *parts)))
    assert (finding.kind, finding.line) == ("confirmed_short", "1")
    assert (finding.summary, finding.next_action) == (summary, action)
    assert (finding.expected, finding.unit) == (100, "CA")
    assert finding.gap == finding.had - finding.expected


def test_a_short_confirmation_weighs_its_money():
    (finding,) = found(placed(), short())
    assert (finding.money, finding.gap, finding.severity) == (D("1382.40"), -40, "medium")
    assert finding.evidence[0] == ("Confirmed", "100 CA", "60 CA")


@pytest.mark.parametrize(
    "closing",
    [
        answered(answer_line("1", part("accepted", 100)), at=day(8)),
        changed(change("1", 60), at=day(8)),
        changed(change("1", op="delete"), at=day(8)),
        closed("1", at=day(8)),
    ],
)
def test_a_short_confirmation_closes_by_answer_change_or_short_close(closing):
    assert kinds(placed(), short(), closing) == []


def test_a_short_confirmation_does_not_close_by_what_is_shipped():
    assert kinds(placed(), short(), shipped("7764", ship("1", 100))) == ["confirmed_short"]


def test_a_rejected_line_is_one_case_not_two():
    (finding,) = found(placed(), answered(answer_line("1", part("rejected", 100, reason="discontinued"))))
    assert finding.kind == "line_rejected"
    assert finding.summary == "Acme Industries rejected all 100 CA of SKU-1042 (discontinued)"
    (deleted,) = found(placed(), answered(answer_line("1", part("deleted"))))
    assert (deleted.kind, deleted.summary) == (
        "line_rejected",
        "Acme Industries cancelled SKU-1042, 100 CA ordered",
    )


def test_a_deletion_that_answers_our_own_is_no_case():
    assert (
        kinds(
            placed(),
            changed(change("1", op="delete")),
            answered(answer_line("1", part("deleted", 100)), at=day(6)),
        )
        == []
    )


def test_a_line_left_out_of_a_detailed_answer_is_unanswered():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    answer = answered(answer_line("1", part("accepted")))
    (finding,) = found(order, answer)
    assert (finding.kind, finding.line) == ("line_unanswered", "2")
    assert finding.summary == "Acme Industries answered the order, but not 40 CA of SKU-1051"
    assert kinds(order, answered(answer_line("1", part("accepted")), coverage="exceptions")) == []
    assert kinds(order, answer, closed("2")) == []


def test_an_answer_is_overdue_only_after_its_deadline_and_only_without_any_answer():
    assert kinds(placed(), as_of=day(4, 15)) == []
    (finding,) = found(placed(), as_of=day(4, 16))
    assert (finding.kind, finding.line, finding.due_at) == ("acknowledgement_overdue", "", day(4))
    assert finding.summary == "Acme Industries has not answered order 4500001; the answer was due 4 Nov 09:00"
    assert finding.money == D(3456)
    assert kinds(placed(), short(quantity=100), as_of=day(9)) == []
    assert kinds(placed(witness="erp", released_at=None), as_of=day(9)) == []
    assert kinds(placed(), placed(at=day(3), purpose="cancel"), as_of=day(9)) == []


def test_more_confirmed_than_ordered_is_told():
    (finding,) = found(placed(), short(quantity=112))
    assert (finding.kind, finding.gap) == ("confirmed_over", 12)
    assert finding.summary == "Acme Industries confirmed 112 CA of SKU-1042, 12 more than the 100 ordered"


def test_a_substitute_waits_for_the_buyer():
    (finding,) = found(placed(), answered(answer_line("1", part("accepted", substitute=Item(buyer="SKU-9")))))
    assert finding.kind == "item_substituted"
    assert finding.summary == "Acme Industries confirmed 100 CA of SKU-9 instead of SKU-1042"


def test_a_changed_price_is_told_per_unit_ordered():
    (finding,) = found(placed(), answered(answer_line("1", part("accepted"), price=D("36.00"))))
    assert (finding.kind, finding.money) == ("price_changed", D("144.00"))
    assert (
        finding.summary == "Acme Industries confirmed SKU-1042 at $36.00 per CA, ordered at $34.56 (+4.2 %)"
    )
    each = answered(answer_line("1", part("accepted"), price=D("2.88"), price_unit="EA"))
    assert kinds(placed(), each) == []


@pytest.mark.parametrize(
    ("asked", "promised", "late"),
    [
        ([(20, None, "dock")], [(25, 100, "dock")], True),
        ([(20, None, "dock")], [(20, 100, "dock")], False),
        ([(20, None, "dock")], [(25, 100, "ship")], False),
        ([(20, None, "ship")], [(25, 100, "ship")], True),
        ([(20, None, "unstated")], [(25, 100, "unstated")], False),
        ([(10, 60, "dock"), (20, 40, "dock")], [(10, 60, "dock"), (20, 40, "dock")], False),
        ([(10, 60, "dock"), (20, 40, "dock")], [(20, 60, "dock"), (20, 40, "dock")], True),
        ([(10, 60, "dock"), (20, 40, "dock")], [(12, 60, "dock"), (20, 40, "dock")], True),
        ([(10, 40, "dock"), (20, 60, "dock")], [(20, 100, "dock")], False),
    ],
)
def test_a_promise_is_late_only_against_a_date_of_the_same_basis(asked, promised, late):
    order = placed(order_line("1", 100, requests=tuple(wanted(*each) for each in asked)))
    parts = [part("accepted", quantity, date=day(at).date(), basis=basis) for at, quantity, basis in promised]
    assert kinds(order, answered(answer_line("1", *parts))) == (["promised_late"] if late else [])


def test_a_late_promise_says_by_how_much_and_closes_when_the_goods_are_there():
    order = placed(order_line("1", 100, requests=(wanted(20),)))
    answer = answered(answer_line("1", part("accepted", 100, date=day(25).date(), basis="dock")))
    (finding,) = found(order, answer)
    assert (
        finding.summary
        == "Acme Industries promised 100 CA of SKU-1042 for 25 Nov, 5 d after the 20 Nov asked for"
    )
    assert kinds(order, answer, received("R1", receipt("1", 100))) == []


def test_an_over_shipment_is_told_until_something_is_received():
    asn = shipped("7764", ship("1", 112))
    (finding,) = found(placed(), asn)
    assert finding.summary == "Acme Industries shipped 112 CA of SKU-1042 on ASN 7764, 12 more than ordered"
    assert kinds(placed(), asn, received("R1", receipt("1", 100))) == ["received_short"]


def test_what_is_shipped_of_a_cancelled_line_is_too_much():
    gone = changed(change("1", op="delete"))
    (finding,) = found(placed(), gone, shipped("7764", ship("1", 100)))
    assert (finding.kind, finding.gap) == ("shipped_closed", 100)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([shipped("A", ship("1", 60)), received("R", receipt("1", 55))], ["shipped_short", "received_short"]),
        ([shipped("A", ship("1", 60)), received("R", receipt("1", 60))], ["shipped_short"]),
        ([shipped("A", ship("1", 60)), shipped("B", ship("1", 40)), received("R", receipt("1", 60))], []),
        ([received("R", receipt("1", 95))], ["received_short"]),
        ([received("R", receipt("1", 95)), closed("1")], []),
        ([short(), received("R", receipt("1", 60))], ["confirmed_short"]),
        ([received("R", receipt("1", 60)), received("S", receipt("1", 50))], ["received_over"]),
        ([shipped("A", ship("1", 60)), received("R", receipt("1", 70))], ["shipped_short", "received_over"]),
        ([received("R", receipt("1", 100, damaged=D(4)))], ["received_damaged"]),
        ([received("R", receipt("1", 100, damaged=D(0)))], []),
    ],
)
def test_what_came_in_is_compared_with_what_was_announced_else_with_what_is_due(facts, expected):
    assert kinds(placed(), *facts) == expected


def test_receiving_is_told_with_place_and_numbers():
    (finding,) = found(placed(), shipped("A", ship("1", 100)), received("R", receipt("1", 95)))
    assert finding.summary == "Dallas DC received 95 of the 100 CA of SKU-1042 shipped; 5 short"
    (damaged,) = found(placed(), received("R", receipt("1", 100, damaged=D(4))))
    assert damaged.summary == "Dallas DC received 100 CA of SKU-1042, 4 of them damaged"


@pytest.mark.parametrize(
    ("facts", "over"),
    [
        ([bill("1", 101)], 1),
        ([bill("1", 100)], None),
        ([bill("1", 90), short()], 30),
        ([bill("1", 90), shipped("A", ship("1", 80))], 10),
        ([bill("1", 90), shipped("A", ship("1", 90)), received("R", receipt("1", 85))], 5),
        (
            [
                bill("1", 90),
                shipped("A", ship("1", 50)),
                shipped("B", ship("1", 40)),
                received("R", receipt("1", 50)),
            ],
            None,
        ),
    ],
)
def test_a_bill_is_compared_with_what_came_else_was_shipped_else_is_due(facts, over):
    line, *rest = facts
    findings = [
        each
        for each in found(placed(), invoiced("INV-1", line), *rest)
        if each.kind in {"invoice_quantity", "over_billed"}
    ]
    assert [each.gap for each in findings] == ([] if over is None else [over])


def test_an_over_billing_closes_by_a_credit_note():
    life = [placed(), received("R", receipt("1", 90)), closed("1"), invoiced("INV-1", bill("1", 100))]
    (finding,) = found(*life)
    assert finding.summary == "Acme Industries billed 100 CA of SKU-1042, 90 received; 10 too many ($345.60)"
    assert kinds(*life, invoiced("CR-1", bill("1", 10), kind="credit")) == []


def test_a_billed_price_is_compared_with_the_order_until_it_is_credited():
    wrong = invoiced("INV-1", bill("1", 100, "36.00"))
    (finding,) = found(placed(), wrong)
    assert (finding.kind, finding.money) == ("invoice_price", D("144.00"))
    assert finding.summary == "Acme Industries billed SKU-1042 at $36.00 per CA, ordered at $34.56 (+4.2 %)"
    credit = invoiced("CR-1", bill("1", 100, "36.00"), kind="credit", at=day(13))
    right = invoiced("INV-2", bill("1", 100), at=day(14))
    assert kinds(placed(), wrong, credit, right) == []


def test_a_line_the_order_does_not_have_is_told_once_the_order_is_there():
    asn = shipped("7764", ship("9", 5, item=Item(buyer="SKU-X")))
    (finding,) = found(placed(), asn)
    assert (finding.kind, finding.line) == ("unknown_line", "9")
    assert finding.summary == "Order 4500001 has no line 9 with SKU-X: 5 CA shipped"
    assert kinds(asn) == []


def test_a_unit_without_a_factor_is_told_with_what_was_left_out():
    (finding,) = found(placed(), shipped("7764", ship("1", 12, unit="PL")))
    assert finding.kind == "unit_not_convertible"
    assert finding.summary == "12 PL shipped of SKU-1042 cannot be converted to CA; left out"


def test_each_conflict_is_its_own_case():
    findings = found(
        placed(),
        shipped("A", ship("1", 60)),
        shipped("A", ship("1", 50), at=day(11)),
        shipped("B", ship("1", 30)),
        shipped("B", ship("1", 50), at=day(11)),
    )
    assert [(each.kind, each.subject) for each in findings] == [
        ("conflicting_duplicate", "ship notice A"),
        ("conflicting_duplicate", "ship notice B"),
    ]
    assert findings[0].summary == "Ship notice A came twice with different content; the later one counts"


def test_nothing_needs_an_order_that_is_not_there():
    life = [
        short(),
        shipped("A", ship("1", 70)),
        received("R", receipt("1", 70)),
        invoiced("I", bill("1", 70)),
    ]
    assert kinds(*life, as_of=day(3)) == []
    (finding,) = found(*life, as_of=day(25))
    assert (finding.kind, finding.subject) == ("milestone_missing", "ordered")
    assert finding.summary == (
        "Order 4500001 was answered, shipped, received and billed, but nobody has placed it here"
    )


@pytest.mark.parametrize(
    ("tolerance", "gap", "opens"),
    [
        (Tolerance(), 1, True),
        (Tolerance(quantity_under_percent=D(0)), 1, True),
        (Tolerance(quantity_under_percent=D(5)), 5, False),
        (Tolerance(quantity_under_percent=D(5)), 6, True),
        (Tolerance(quantity_under_amount=D(3)), 3, False),
        (Tolerance(quantity_under_percent=D(5), quantity_under_amount=D(3)), 4, True),
        (Tolerance(quantity_under_percent=D(5), quantity_under_amount=D(3), both="greater"), 4, False),
        (Tolerance(quantity_over_percent=D(50)), 1, True),
    ],
)
def test_a_difference_opens_a_case_unless_a_tolerance_that_is_set_allows_it(tolerance, gap, opens):
    findings = kinds(placed(), short(quantity=100 - gap), tolerances=Everywhere(tolerance))
    assert findings == (["confirmed_short"] if opens else [])


def test_price_and_days_have_their_own_tolerance():
    order = placed(order_line("1", 100, requests=(wanted(20),)))
    answer = answered(
        answer_line("1", part("accepted", 100, date=day(22).date(), basis="dock"), price=D("35.00"))
    )
    assert kinds(order, answer) == ["price_changed", "promised_late"]
    generous = Everywhere(Tolerance(price_percent=D(2), days_late=2))
    assert kinds(order, answer, tolerances=generous) == []


def test_every_kind_a_rule_finds_has_a_queue_and_every_rule_says_when_it_closes():
    assert all("Closes" in (rule.__doc__ or "") for rule in RULES)
    names = {rule.__name__ for rule in RULES}
    assert names <= QUEUE_OF_KIND.keys()


def test_a_quantity_that_does_not_convert_is_told_once_and_its_price_goes_without_saying():
    answer = answered(answer_line("1", part("accepted", 15000, unit="CT"), unit="CT", price=D("0.05")))
    (finding,) = [f for f in found(placed(), answer) if f.kind == "unit_not_convertible"]
    assert finding.summary == "15,000 CT confirmed of SKU-1042 cannot be converted to CA; left out"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("rejected", ""),
        ("rejected, invalid item number", " (invalid item number)"),
        ("discontinued", " (discontinued)"),
        ("", ""),
    ],
)
def test_a_rejection_is_not_its_own_reason(reason, told):
    (finding,) = found(placed(), answered(answer_line("1", part("rejected", 100, reason=reason))))
    assert finding.summary == f"Acme Industries rejected all 100 CA of SKU-1042{told}"
    assert ("Reason" in [row[0] for row in finding.evidence]) is bool(told)


def test_a_ship_date_stands_in_a_row_of_its_own_beside_the_dock_date_asked_for():
    order = placed(order_line("1", 100, requests=(wanted(30),)))
    told = answered(answer_line("1", part("accepted", 60, date=day(26).date(), basis="ship")))
    (finding,) = found(order, told)
    assert [row for row in finding.evidence if "date" in row[0]] == [
        ("Ship date", "", "26 Nov"),
        ("Dock date", "30 Nov", ""),
    ]
