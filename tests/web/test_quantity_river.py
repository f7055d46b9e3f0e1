"""The river: heights add up, what is lost is seen however little, what is over stands above."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from drawn import NOON, line, milestone, milestones, on
from hypothesis import given
from hypothesis import strategies as st

from visibility.flows.state import Dated
from visibility.web.drawings import quantity_river as river
from visibility.web.drawings.quantity_river import Mark, River

BOX = re.compile(r"^M(-?[\d.]+) (-?[\d.]+)h46v([\d.]+)h-46Z$")


def boxes(drawn: River, *fills: str) -> list[tuple[float, float, float]]:
    """x, top and height of the blocks with these fills."""
    found = [BOX.match(mark.path) for mark in drawn.marks if mark.fill in fills]
    return [(float(m[1]), float(m[2]), float(m[3])) for m in found if m]


def draw(**quantities: object) -> River:
    drawn = river.draw(line(**quantities), as_of=NOON)
    assert drawn is not None
    return drawn


def test_forty_of_a_hundred_missing_take_two_fifths_of_the_height():
    drawn = draw(confirmed=60, answered=True)
    assert boxes(drawn, "counted") == [(0, 0, 28), (128, 0, 16.8)]
    assert boxes(drawn, "missing") == [(128, 16.8, 11.2)]
    assert drawn.labels[1].figure == "60"
    assert drawn.labels[1].gap == "−40"


def test_one_of_a_thousand_missing_is_still_four_pixels():
    drawn = draw(ordered=1000, confirmed=999, answered=True)
    assert boxes(drawn, "missing") == [(128, 24, 4)]


def test_what_is_not_answered_is_expected_not_missing():
    drawn = draw()
    assert not boxes(drawn, "missing")
    assert len(boxes(drawn, "expected")) == 4


def test_what_is_overdue_has_an_outline_of_its_own():
    steps = milestones(ordered=on(17), acknowledged=on(18), shipped=milestone("shipped", due_at=on(20)))
    drawn = draw(confirmed=100, answered=True, steps=steps)
    assert boxes(drawn, "overdue") == [(256, 0, 28)]
    assert drawn.labels[2].overdue


def test_an_over_shipment_stands_above_the_band():
    drawn = draw(confirmed=100, shipped=110, answered=True)
    ((x, top, height),) = boxes(drawn, "over")
    assert (x, top + height) == (256, boxes(drawn, "counted")[2][1])
    assert drawn.labels[2].gap == "+10"


def test_what_came_damaged_is_hatched_inside_the_band():
    drawn = draw(confirmed=100, shipped=100, received=100, damaged=10, answered=True)
    assert boxes(drawn, "damaged") == [(384, 24, 4)]
    assert drawn.labels[3].gap == "10 damaged"


def test_a_bill_for_what_was_ordered_is_not_short_though_more_came():
    drawn = draw(confirmed=100, shipped=100, received=120, invoiced=100, answered=True)
    assert not boxes(drawn, "missing")
    assert drawn.labels[4].gap == ""


def test_part_shipped_leaves_the_rest_expected():
    drawn = draw(confirmed=100, shipped=25, answered=True)
    assert boxes(drawn, "counted")[2] == (256, 0, 7)
    assert boxes(drawn, "expected")[0] == (256, 7, 21)


def test_part_shipped_and_done_leaves_the_rest_missing():
    steps = milestones(ordered=on(17), acknowledged=on(18), shipped=on(20))
    assert boxes(draw(confirmed=100, shipped=25, answered=True, steps=steps), "missing") == [(256, 7, 21)]


def test_several_dates_divide_what_is_expected():
    promises = [
        Dated(Decimal(60), dt.date(2026, 11, 27), "ship"),
        Dated(Decimal(40), dt.date(2026, 12, 4), "ship"),
    ]
    drawn = draw(confirmed=100, answered=True, promises=promises)
    assert drawn.labels[2].expected == ("60 on 27 Nov", "40 on 4 Dec")
    assert Mark("expected", "M256 16.8h46") in drawn.marks


def test_dates_of_what_was_already_shipped_are_left_out():
    promises = [Dated(Decimal(50), dt.date(2026, 11, day), "ship") for day in (20, 27)]
    drawn = draw(confirmed=100, shipped=50, answered=True, promises=promises)
    assert drawn.labels[2].figure == "50"
    assert len(drawn.labels[2].expected) == 1


def test_a_rejected_line_has_nothing_to_come():
    drawn = draw(ordered=48, confirmed=0, rejected=48, answered=True)
    assert boxes(drawn, "missing") == [(128, 0, 28)]
    assert [label.expected for label in drawn.labels[2:]] == [("none",)] * 3


def test_a_step_that_never_comes_is_said_and_not_drawn():
    steps = milestones(ordered=on(17), received=milestone("received", applicable=False))
    drawn = draw(steps=steps)
    assert drawn.labels[3].expected == ("n/a",)
    assert not [x for x, _top, _height in boxes(drawn, "expected") if x == 384]


def test_without_any_quantity_there_is_no_picture():
    assert river.draw(line(ordered=None), as_of=NOON) is None
    assert river.draw(line(ordered=0), as_of=NOON) is None


def test_the_words_say_what_the_picture_shows():
    drawn = draw(confirmed=60, answered=True)
    assert drawn.words.startswith("Line 10 in CA: Ordered 100; Confirmed 60 −40; Shipped ")


amounts = st.none() | st.decimals(min_value=0, max_value=10_000, places=2)


@given(
    ordered=st.decimals(min_value="0.01", max_value=10_000, places=2),
    values=st.tuples(amounts, amounts, amounts, amounts),
    answered=st.booleans(),
    done=st.sets(st.sampled_from(["acknowledged", "shipped", "received", "invoiced"])),
)
def test_whatever_the_quantities_the_picture_stays_in_its_box(ordered, values, answered, done):
    steps = milestones(ordered=on(17), **{name: on(20) for name in done})
    names = ("confirmed", "shipped", "received", "invoiced")
    shown = line(ordered=ordered, answered=answered, steps=steps, **dict(zip(names, values, strict=True)))
    drawn = river.draw(shown, as_of=NOON)
    assert drawn is not None
    assert len(drawn.labels) == 5
    for x, top, height in boxes(drawn, "counted", "expected", "overdue", "missing", "over"):
        assert 0 <= x <= river.WIDTH - river.BLOCK
        assert top >= -0.05
        assert top + height <= drawn.height + 0.05
    assert all(height >= river.LEAST for _x, _top, height in boxes(drawn, "missing", "over"))


@pytest.mark.parametrize("confirmed", [1, 10, 50, 96, 100])
def test_counted_and_missing_together_are_all_that_was_ordered(confirmed):
    drawn = draw(confirmed=confirmed, answered=True)
    counted = boxes(drawn, "counted")[1][2]
    missing = sum(height for _x, _top, height in boxes(drawn, "missing"))
    assert counted + missing == pytest.approx(river.HEIGHT, abs=river.LEAST)
