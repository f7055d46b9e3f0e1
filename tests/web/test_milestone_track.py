"""The track: lines with one history share a row, the exceptional come first, every shape has a word."""

import pytest
from drawn import NOON, line, milestone, milestones, on

from visibility.flows.state import FlowView
from visibility.web.drawings import milestone_track as track


def history(day: int) -> list:
    return milestones(ordered=on(day))


def draw(*lines, unfolded: bool = False):
    return track.draw(FlowView(lines=list(lines)), as_of=NOON, unfolded=unfolded)


def test_lines_with_one_history_share_a_row():
    drawn = draw(line("10"), line("20"), line("30", steps=history(16)))
    assert [row.title for row in drawn.rows] == ["Lines 10, 20", "Line 30"]
    assert [row.lines for row in drawn.rows] == [("10", "20"), ("30",)]


def test_many_lines_of_one_history_are_counted():
    (row,) = draw(*(line(str(number)) for number in range(10, 210, 10))).rows
    assert (row.title, row.detail) == ("20 lines", "lines 10 to 200")


def test_few_rows_stand_in_the_order_of_their_lines():
    late = milestones(ordered=on(17), released=milestone("released", due_at=on(18)))
    drawn = draw(line("10"), line("20", steps=late))
    assert [row.title for row in drawn.rows] == ["Line 10", "Line 20"]


def test_of_many_rows_the_exceptional_come_first_and_the_rest_are_folded_with_a_count():
    late = milestones(ordered=on(17), released=milestone("released", due_at=on(18)))
    lines = [line(str(number), steps=history(number)) for number in range(1, 16)]
    drawn = draw(*lines, line("99", steps=late))
    assert drawn.rows[0].title == "Line 99"
    assert drawn.folded_rows == 10
    assert drawn.folded_lines == 10
    assert len(draw(*lines, line("99", steps=late), unfolded=True).rows) == 16


def test_no_line_is_lost_by_folding():
    lines = [line(str(number), steps=history(number % 20 + 1)) for number in range(1, 201)]
    drawn = draw(*lines)
    assert sum(len(row.lines) for row in drawn.rows) + drawn.folded_lines == 200


@pytest.mark.parametrize(
    ("step", "shape", "when", "remark"),
    [
        ({"done": True, "actual_at": on(18)}, "done", "18 Nov 12:00", ""),
        ({"done": True, "actual_at": on(18), "date_only": True}, "done", "18 Nov", ""),
        ({"done": True}, "done", "date not said", ""),
        ({"done": True, "actual_at": on(21), "due_at": on(18)}, "done", "21 Nov 12:00", "3 d late"),
        ({"done": True, "actual_at": on(18, 0), "due_at": on(18), "date_only": True}, "done", "18 Nov", ""),
        ({"due_at": on(22)}, "diamond", "due 22 Nov", "1 d over"),
        ({"due_at": on(23, 17)}, "due", "due 17:00", ""),
        ({"due_at": on(27)}, "due", "due 27 Nov", ""),
        ({"waits": True, "estimated_at": on(25), "planned_at": on(30)}, "empty", "est. 25 Nov", ""),
        ({"waits": True, "planned_at": on(30)}, "empty", "plan 30 Nov", ""),
        ({"waits": True}, "empty", "not due", ""),
        ({}, "unknown", "no date", ""),
        ({"applicable": False}, "dash", "n/a", ""),
        ({"unclocked": "before_go_live", "planned_at": on(20)}, "dash", "before go-live", ""),
        ({"applicable": False, "unclocked": "not_in_programme"}, "dash", "not sent", ""),
    ],
)
def test_each_state_has_its_shape_and_its_date(step, shape, when, remark):

    steps = milestones(ordered=on(17), released=milestone("released", **step))
    cell = draw(line(steps=steps)).rows[0].cells[1]
    assert (cell.status.shape, cell.when, cell.remark) == (shape, when, remark)
    assert cell.status.word


def test_the_thread_is_solid_to_what_is_done_and_dotted_after():
    steps = milestones(ordered=on(17), released=on(17), received=milestone("received", applicable=False))
    cells = draw(line(steps=steps)).rows[0].cells
    assert [cell.thread for cell in cells] == ["solid", "dotted", "dotted", "dotted", "", "", "dotted", ""]


def test_heads_carry_the_range_of_planned_dates():
    early = milestones(shipped=milestone("shipped", waits=True, planned_at=on(25)))
    late = milestones(shipped=milestone("shipped", waits=True, planned_at=on(30)))
    columns = {
        column.name: column.planned for column in draw(line(steps=early), line("20", steps=late)).columns
    }
    assert columns["shipped"] == "25 – 30 Nov"


def test_an_order_without_lines_shows_its_own_milestones():
    drawn = track.draw(FlowView(milestones=milestones(ordered=on(17))), as_of=NOON)
    assert [row.title for row in drawn.rows] == ["Order"]
    assert track.draw(FlowView(), as_of=NOON).rows == ()
