"""The timeline hangs effects under their cause; lines and cases of large orders are folded, not lost."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from drawn import NOON, line, milestone, milestones, on

from visibility.flows.selectors import TimelineEntry
from visibility.triage.selectors import CaseRow
from visibility.web.flows import lines, timeline

CORRELATION = uuid4()


def entry(
    position: int,
    *,
    at: dt.datetime | None,
    type: str = "order.placed",
    message: UUID | None = None,
    **more: Any,
) -> TimelineEntry:
    values: dict[str, Any] = {
        "recorded_at": on(22) + dt.timedelta(minutes=position),
        "source": "acme-edi",
        "witness": "edi",
        "summary": f"entry {position}",
        "document_code": "850",
    }
    return TimelineEntry(
        position=position, type=type, occurred_at=at, message_id=message or uuid4(), **(values | more)
    )


def case(id: int = 1, *, kind: str = "confirmed_short", number: str = "10", **more: Any) -> CaseRow:
    values: dict[str, Any] = {
        "queue": "quantity-mismatches",
        "state": "new",
        "severity": "high",
        "order_number": "4500018277",
        "summary": "Acme confirmed 60 of 100 CA; 40 open",
        "gap": Decimal(-40),
        "had": Decimal(60),
        "expected": Decimal(100),
        "unit": "CA",
        "money": None,
        "currency": "USD",
        "next_action": "Accept 60, re-source 40",
        "opened_at": on(22, 13),
        "changed_at": on(22, 13),
        "closed_at": None,
        "due_at": None,
        "supplier_name": "Acme",
        "ship_to_name": "Dallas DC",
        "close_reason": "",
        "message_id": None,
    }
    return CaseRow(id=id, kind=kind, correlation_id=CORRELATION, line=number, **(values | more))


def sentences(days: list[timeline.Day]) -> list[list[str]]:
    return [[row.sentence for row in day.happenings] for day in days]


def test_days_and_their_rows_are_newest_first():
    days = timeline.build(
        entries=[entry(1, at=on(17, 9)), entry(2, at=on(17, 15)), entry(3, at=on(20))], cases=[]
    )
    assert sentences(days) == [["entry 3"], ["entry 2", "entry 1"]]


def test_a_date_alone_is_a_day_without_a_time_and_after_what_came_before_it():
    days = timeline.build(entries=[entry(1, at=on(17, 15)), entry(2, at=on(17, 0))], cases=[])
    assert sentences(days) == [["entry 2", "entry 1"]]
    assert [row.at for row in days[0].happenings] == [None, on(17, 15)]


def test_entries_of_one_message_are_one_row_with_the_others_under_it():
    message = uuid4()
    (day,) = timeline.build(entries=[entry(n, at=on(17), message=message) for n in (1, 2, 3)], cases=[])
    (row,) = day.happenings
    assert [effect.text for effect in row.effects] == ["entry 2", "entry 3"]
    assert day.count == 3


def test_a_case_hangs_under_the_answer_it_is_about_and_marks_it():
    answer = entry(2, at=on(18), type="order.acknowledged")
    later = entry(3, at=on(19), type="shipment.notified")
    days = timeline.build(entries=[entry(1, at=on(17)), answer, later], cases=[case(7)])
    rows = {row.sentence: row for day in days for row in day.happenings}
    assert [effect.case_id for effect in rows["entry 2"].effects] == [7]
    assert rows["entry 2"].status.token == "bad"
    assert rows["entry 3"].status.token == "ok"


def test_a_closed_case_leaves_its_entry_done():
    days = timeline.build(
        entries=[entry(1, at=on(18), type="order.acknowledged")], cases=[case(state="closed")]
    )
    assert days[0].happenings[0].status.token == "ok"


def test_what_the_clock_brought_has_a_row_of_its_own_when_it_was_due():
    overdue = case(9, kind="acknowledgement_overdue", due_at=on(19, 17), number="")
    days = timeline.build(entries=[entry(1, at=on(17))], cases=[overdue])
    row = days[0].happenings[0]
    assert (row.at, row.source, row.message_id) == (on(19, 17), "clock", None)


def test_many_effects_are_counted():
    answer = entry(1, at=on(18), type="order.acknowledged")
    (day,) = timeline.build(entries=[answer], cases=[case(n) for n in range(200)])
    (row,) = day.happenings
    assert len(row.shown_effects) + row.more_effects == 200
    assert len(row.shown_effects) < timeline.EFFECTS_SHOWN


def test_old_days_are_folded_with_their_count():
    days = timeline.build(entries=[entry(n, at=on(n)) for n in range(1, 11)], cases=[])
    assert [day.folded for day in days] == [False] * 5 + [True] * 5


def test_few_lines_stand_in_their_order():
    shown = lines.build(lines=[line("10"), line("20")], cases=[case(number="20")], as_of=NOON)
    assert [row.line.line for row in shown.rows] == ["10", "20"]
    assert shown.folded == 0


def test_of_many_lines_the_worst_come_first_and_the_rest_are_folded():
    many = [line(str(number)) for number in range(200)]
    late = line("late", steps=milestones(ordered=on(17), shipped=milestone("shipped", due_at=on(20))))
    shown = lines.build(lines=[*many, late], cases=[case(1, number="150"), case(2, number="7")], as_of=NOON)
    assert [row.line.line for row in shown.rows[:3]] == ["150", "7", "late"]
    assert len(shown.rows) + shown.folded == 201
    assert lines.build(lines=many, cases=[], as_of=NOON, unfolded=True).folded == 0


def test_the_state_of_a_line_says_its_gap_else_what_it_waits_for():
    (row,) = lines.build(lines=[line("10")], cases=[case()], as_of=NOON).rows
    assert (row.status.token, row.status.word, row.note) == ("bad", "40 short", "Accept 60, re-source 40")
    (row,) = lines.build(lines=[line("10")], cases=[case(state="closed")], as_of=NOON).rows
    assert (row.status.token, row.status.word, row.note) == ("go", "Ordered", "Released: plan 30 Nov")
    (row,) = lines.build(lines=[line("10", known=False)], cases=[], as_of=NOON).rows
    assert row.status.token == "unk"
