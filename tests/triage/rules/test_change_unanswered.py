"""A change has an answer and a deadline of its own."""

from lives import SECOND, answer_line, answered, change, changed, day, part, placed, ship, shipped, view_of

from visibility.canonical.documents import Item
from visibility.triage.findings import CLOCK_KINDS, QUEUE_OF_KIND, Names
from visibility.triage.rules import NO_TOLERANCES, detect

NAMES = Names(supplier="Acme Industries", ship_to="Dallas DC", zone="America/Chicago")
ALL = answered(answer_line("1", part("accepted", 100)), at=day(3))
MORE = changed(change("1", 120), at=day(5), version="1")


def kinds(*facts, on=6):
    found = detect(view=view_of(placed(), *facts), as_of=day(on), names=NAMES, tolerances=NO_TOLERANCES)
    return {finding.kind: finding for finding in found}


def test_a_change_that_nobody_answers_in_time_is_a_case_and_no_shortage():
    assert kinds(ALL, MORE) == {}
    found = kinds(ALL, MORE, on=11)
    assert list(found) == ["change_unanswered"]
    assert found["change_unanswered"].summary == (
        "Acme Industries has not answered the change to 120 CA of SKU-1042; the answer was due 9 Nov 09:00"
    )
    assert QUEUE_OF_KIND["change_unanswered"] == "delayed-acknowledgements"
    assert "change_unanswered" in CLOCK_KINDS


def test_what_was_short_before_the_change_stays_short_until_it_is_answered():
    short = answered(answer_line("1", part("accepted", 60)), at=day(3))
    assert kinds(short, MORE)["confirmed_short"].gap == -40
    assert "confirmed_short" not in kinds(short, changed(change("1", 60), at=day(5), version="1"))


def test_fewer_ordered_than_confirmed_is_no_excess_until_the_change_is_answered():
    fewer = changed(change("1", 80), at=day(5), version="1")
    assert kinds(ALL, fewer) == {}
    again = answered(answer_line("1", part("accepted", 100)), at=day(6), version="2|")
    assert list(kinds(ALL, fewer, again)) == ["confirmed_over"]


def test_an_answer_a_shipment_or_a_deletion_ends_the_wait():
    answer = answered(answer_line("1", part("accepted", 120)), at=day(6), version="2|")
    gone = changed(change("1", op="delete"), at=day(6), version="2")
    assert kinds(ALL, MORE, answer, on=20) == {}
    assert "change_unanswered" not in kinds(ALL, MORE, shipped("7764", ship("1", 120), at=day(6)), on=11)
    assert "change_unanswered" not in kinds(ALL, MORE, gone, on=20)


def test_an_added_line_is_waited_for_from_the_day_it_was_added():
    added = changed(change("2", 40, "add", item=SECOND), at=day(16), version="1")
    assert kinds(ALL, added, on=17) == {}
    assert list(kinds(ALL, added, on=20)) == ["change_unanswered"]
    third = changed(change("3", 1, "add", item=Item(buyer="SKU-3")), at=day(2), version="1")
    answer = answered(
        answer_line("3", part("accepted", 1), item=Item(buyer="SKU-3")), at=day(3), version="2|"
    )
    assert kinds(ALL, third, answer, on=20) == {}


def test_a_change_down_to_what_was_confirmed_takes_the_answer_and_needs_no_other():
    short = answered(answer_line("1", part("accepted", 60)), at=day(3))
    taken = changed(change("1", 60), at=day(5), version="1")
    assert kinds(short, taken, on=20) == {}
    less = changed(change("1", 50), at=day(5), version="1")
    assert list(kinds(short, less, on=20)) == ["change_unanswered"]
