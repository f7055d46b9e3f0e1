"""What stood when: the fate of each fact, and how a line came to be what it is."""

from decimal import Decimal

from lives import (
    SECOND,
    TERMS,
    TestUnits,
    answer_line,
    answered,
    bill,
    change,
    changed,
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
)

from visibility.canonical.documents import Item
from visibility.flows.history import line_histories, standing

D = Decimal
SKU_3 = Item(buyer="SKU-3")


def fates(*facts):
    """How each fact ended and by what, in the order given."""
    found = {(each.fact.id, each.fact.message): each for each in standing(facts, TestUnits())}
    return [
        (fate.how, facts.index(fate.by) if fate.by else None)
        for each in facts
        for fate in [found[each.id, each.message]]
    ]


def history(*facts):
    told = line_histories(facts, terms=TERMS, units=TestUnits())
    return {
        line: [(step.field, step.before, step.after, facts.index(step.fact)) for step in steps]
        for line, steps in told.items()
    }


def test_each_fact_says_why_it_no_longer_counts_and_what_stands_instead():
    order = placed()
    first = shipped("7764", ship("1", 60), at=day(10))
    second = shipped("7765", ship("1", 50), at=day(11), replaces="7764")
    again = fact(second.document, envelope_at=day(12), control="9")
    assert fates(order, first, second, again) == [
        (None, None),
        ("replaced", 2),
        (None, None),
        ("repeated", 2),
    ]
    there = received("R1", receipt("1", 50), at=day(16))
    part_back = received("R2", receipt("1", 20), at=day(17), reverses="R1")
    all_back = received("R3", at=day(18), reverses="R1")
    assert fates(there, part_back) == [("lessened", 1), (None, None)]
    assert fates(there, part_back, all_back) == [("reversed", 2), (None, None), (None, None)]
    assert fates(part_back) == [("waiting", 0)]


def test_an_answer_of_which_nothing_is_left_was_overruled_line_by_line():
    order = placed(order_line("1", 100), order_line("2", 40, item=SECOND))
    first = answered(answer_line("1", part("accepted", 60)), answer_line("2", part("held", 40), item=SECOND))
    second = answered(answer_line("1", part("accepted", 80)), at=day(5))
    third = answered(answer_line("2", part("accepted", 40), item=SECOND), at=day(6))
    assert fates(order, first, second) == [(None, None), (None, None), (None, None)]
    assert fates(order, first, second, third) == [(None, None), ("overruled", 3), (None, None), (None, None)]


def test_what_was_said_before_an_order_was_told_anew_is_of_the_past():
    facts = (
        placed(),
        answered(answer_line("1", part("accepted", 60)), at=day(3)),
        placed(at=day(5), purpose="cancel"),
        placed(order_line("1", 90), at=day(6)),
    )
    assert fates(*facts) == [("cancelled", 2), ("outdated", 3), (None, None), (None, None)]


def test_the_history_of_a_line_tells_each_value_and_by_what_it_changed():
    facts = (
        placed(order_line("1", 100), order_line("2", 40, item=SECOND), order_line("3", 7, item=SKU_3)),
        answered(
            answer_line("1", part("accepted", 60)), answer_line("3", part("accepted"), item=SKU_3), at=day(3)
        ),
        changed(change("1", 80), change("2", op="delete", item=SECOND), at=day(5), version="1"),
        answered(answer_line("1", part("accepted", 80)), at=day(6)),
        received("R1", receipt("1", 80), at=day(16)),
        received("R2", receipt("1", 30), at=day(17), reverses="R1"),
    )
    told = history(*facts)
    assert sorted(told) == ["1", "2"]
    assert [step for step in told["1"] if step[0] in ("ordered", "confirmed", "received")] == [
        ("ordered", None, 100, 0),
        ("confirmed", None, 60, 1),
        ("ordered", 100, 80, 2),
        ("confirmed", 60, 80, 3),
        ("received", None, 80, 4),
        ("received", 80, 50, 5),
    ]
    assert [step for step in told["2"] if step[0] == "deleted"] == [("deleted", False, True, 2)]


def test_the_history_does_not_depend_on_what_came_first():
    facts = [
        placed(),
        changed(change("1", 80), at=day(5), version="1"),
        answered(answer_line("1", part("accepted", 60)), at=day(3)),
        invoiced("INV-1", bill("1", 60)),
        invoiced("CR-1", bill("1", 60), kind="credit", at=day(14), corrects="INV-1"),
    ]
    straight = line_histories(facts, terms=TERMS, units=TestUnits())
    assert line_histories(facts[::-1], terms=TERMS, units=TestUnits()) == straight
    assert [(step.before, step.after) for step in straight["1"] if step.field == "billed"] == [
        (None, D(60)),
        (D(60), D(0)),
    ]
    assert standing(facts, TestUnits()) == standing(facts[::-1], TestUnits())


def test_of_an_order_with_very_many_facts_only_the_words_about_the_order_are_gone_through():
    receipts = [received(f"R{n}", receipt("1", 1), at=day(16, n % 20)) for n in range(200)]
    facts = [placed(), changed(change("1", 80), at=day(5), version="1"), *receipts]
    told = line_histories(facts, terms=TERMS, units=TestUnits())["1"]
    assert [(step.field, step.before, step.after) for step in told if step.before is not None] == [
        ("ordered", 100, 80)
    ]
