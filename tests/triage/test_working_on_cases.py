"""People take cases, put them aside, pause their clocks and speak about them; evidence goes on meanwhile."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import connection as database
from django.db import transaction
from factories import accepted, answer, answer_line, closing, notice, order, tell
from factories import connection as way_in

from visibility.access.models import Grant
from visibility.access.scopes import Scope, scope_of_user
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import ForbiddenError, InputError, NotFoundError, TooLargeError
from visibility.flows.calendar import WorkingCalendar
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.counters import find_differences
from visibility.triage import discussing, working
from visibility.triage.lists import list_cases
from visibility.triage.models import CaseEvent, CaseMention, ExceptionCase, RoutingRule
from visibility.triage.selectors import get_case
from visibility.triage.waking import wake_snoozed

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 3, 15, tzinfo=dt.UTC)
SHORT = answer("4500001", answer_line("1", accepted(60)), coverage="detail")
SHORTER = answer("4500001", answer_line("1", accepted(50)), coverage="detail", at="2026-11-05T15:00:00Z")
WHOLE = answer("4500001", answer_line("1", accepted(100)), coverage="detail", at="2026-11-05T15:00:00Z")


@dataclass
class File:
    name: str
    body: bytes
    content_type: str = "image/png"

    @property
    def size(self) -> int:
        return len(self.body)

    def read(self) -> bytes:
        return self.body


@pytest.fixture
def at(trial: Connection) -> Connection:
    forget_kept()
    with clock.at(NOW):
        tell(trial, order(), SHORT)
    return trial


def person(at: Connection, name: str = "maria", **more: object) -> User:
    user = User.objects.create_user(name, password="x", first_name=name.title(), role=Role.BUYER)
    Grant.objects.create(user=user, company=at.company, **more)
    return user


def short() -> ExceptionCase:
    return ExceptionCase.objects.get(kind="confirmed_short")


def events() -> list[str]:
    return [each.what for each in CaseEvent.objects.filter(case=short()).order_by("id")]


def test_a_case_is_routed_weighed_and_given_its_time_when_it_opens(at: Connection):
    case = short()
    assert (case.queue, case.owner_role) == ("quantity-mismatches", "buyer")
    assert case.sla_due_at is not None
    assert case.sla_warns_at is not None
    assert NOW < case.sla_warns_at < case.sla_due_at


def test_assigning_says_whose_it_is_and_what_failed(at: Connection):
    maria, stranger = person(at), person(way_in(), "stranger")
    scope = scope_of_user(maria)
    failed = working.assign_cases(scope=scope, user=maria, case_ids=[short().pk, 0], assignee=maria)
    assert [each.case_id for each in failed] == [0]
    case = short()
    assert (case.state, case.assignee_id, case.touched_at is not None) == ("in_progress", maria.pk, True)
    (row,) = list_cases(scope=scope, assignee_id=maria.pk).rows
    assert (row.id, row.assignee_name) == (case.pk, "Maria")
    (cannot,) = working.assign_cases(scope=scope, user=maria, case_ids=[case.pk], assignee=stranger)
    assert "does not see" in cannot.why
    assert short().assignee_id == maria.pk
    assert case.pk not in [row.id for row in list_cases(scope=scope, unassigned=True).rows]


def test_nobody_works_on_what_they_do_not_see(at: Connection):
    maria, stranger = person(at), person(way_in(), "stranger")
    with pytest.raises(NotFoundError):
        working.wake_cases(scope=scope_of_user(stranger), user=stranger, case_ids=[short().pk])
    outside = Scope(companies=(at.company_id,), partners=(short().supplier_id or 0,))
    with pytest.raises(ForbiddenError):
        working.assign_cases(scope=outside, user=maria, case_ids=[short().pk], assignee=maria)
    with pytest.raises(ForbiddenError):
        working.comment_cases(scope=outside, user=maria, case_ids=[short().pk], text="Hello")


def snooze(at: Connection, **more: object) -> User:
    maria = person(at)
    arguments = {"until": None, **more}
    with clock.at(NOW):
        assert (
            working.snooze_cases(scope=scope_of_user(maria), user=maria, case_ids=[short().pk], **arguments)
            == []
        )
    assert (short().state, short().is_open) == ("snoozed", False)
    return maria


def test_what_is_snoozed_is_off_the_desk_and_comes_back_when_its_time_comes(at: Connection):
    before = Flow.objects.get().open_cases
    maria = snooze(at, until=NOW + dt.timedelta(days=1))
    scope = scope_of_user(maria)
    assert Flow.objects.get().open_cases == before - 1
    assert short().pk not in [row.id for row in list_cases(scope=scope).rows]
    assert [row.id for row in list_cases(scope=scope, state="snoozed").rows] == [short().pk]
    assert list_cases(scope=scope, state="closed").rows == []
    with clock.at(NOW + dt.timedelta(hours=23)):
        assert wake_snoozed() == 0
    with clock.at(NOW + dt.timedelta(hours=25)):
        assert wake_snoozed() == 1
    assert (short().state, short().is_open, short().snoozed_until) == ("in_progress", True, None)
    assert Flow.objects.get().open_cases == before
    assert find_differences() == []


def test_what_is_snoozed_for_an_event_wakes_when_it_joins_the_order(at: Connection):
    snooze(at, for_type="shipment.notified")
    with clock.at(NOW):
        tell(at, order("4500009"))
        assert short().state == "snoozed"
        tell(
            at, notice("ASN-1", {"line": "1", "item": {"buyer": "SKU-1042"}, "quantity": "60", "unit": "CA"})
        )
    assert short().state == "in_progress"
    assert events()[-1] == "woken"


def test_evidence_wakes_what_is_snoozed_and_closes_it(at: Connection):
    snooze(at, until=NOW + dt.timedelta(days=90))
    tell(at, SHORTER)
    assert (short().state, short().is_open) == ("in_progress", True)
    with clock.at(NOW):
        case, maria = short(), User.objects.get(username="maria")
        working.snooze_cases(
            scope=scope_of_user(maria), user=maria, case_ids=[case.pk], until=NOW + dt.timedelta(days=9)
        )
    tell(at, closing("4500001", "1"))
    assert (short().state, short().snoozed_until) == ("closed", None)
    assert find_differences() == []


def test_a_snooze_without_an_end_or_into_the_past_is_refused(at: Connection):
    maria = person(at)
    for until in (None, NOW - dt.timedelta(days=400)):
        with pytest.raises(InputError):
            working.snooze_cases(scope=scope_of_user(maria), user=maria, case_ids=[short().pk], until=until)


def test_a_clock_stands_while_it_is_paused_and_goes_on_with_what_was_left(at: Connection):
    maria = person(at)
    who = {"scope": scope_of_user(maria), "user": maria, "case_ids": [short().pk]}
    due = short().sla_due_at
    with clock.at(NOW + dt.timedelta(hours=1)):
        assert working.pause_clock(**who, reason="Acme is closed") == []
        (twice,) = working.pause_clock(**who, reason="again")
    assert "does not run" in twice.why
    with clock.at(NOW + dt.timedelta(hours=3)):
        assert working.assign_cases(**who, assignee=maria) == []
        assert working.resume_clock(**who) == []
    after = short().sla_due_at
    assert due is not None
    assert after is not None
    office = WorkingCalendar.of_company(zone="America/Chicago", opens=8, closes=17)
    assert office.between(due, after) == dt.timedelta(hours=2)


def test_a_severity_that_a_person_set_stays_whatever_comes(at: Connection):
    maria = person(at)
    who = {"scope": scope_of_user(maria), "user": maria, "case_ids": [short().pk]}
    assert working.change_severity(**who, severity="low", reason="A sample order") == []
    low = short().sla_due_at
    tell(at, SHORTER)
    assert (short().severity, short().severity_by, short().sla_due_at) == ("low", "Maria", low)
    assert working.change_severity(**who, severity="", reason="It is real after all") == []
    tell(at, answer("4500001", answer_line("1", accepted(40)), coverage="detail", at="2026-11-06T15:00:00Z"))
    assert short().severity != "low"


def decide(state: str, *, decisions: int, words: str = "Keep 40 on backorder") -> bool:
    with transaction.atomic(), server_cursor(database) as cursor:
        return working.settle_case(
            cursor=cursor,
            case_id=short().pk,
            decisions=decisions,
            who="Maria",
            words=words,
            state=state,
            as_of=clock.now(),
        )


def test_of_two_decisions_on_the_same_sight_one_counts(at: Connection):
    assert decide("waiting", decisions=0)
    assert not decide("resolved", decisions=0, words="Cancel the rest")
    case = short()
    assert (case.state, case.is_open, case.decisions, case.resolution) == (
        "waiting",
        False,
        1,
        "Keep 40 on backorder",
    )
    assert case.sla_paused_at is not None
    assert decide("resolved", decisions=1)
    assert not decide("open", decisions=2)
    assert find_differences() == []


@pytest.mark.parametrize(
    ("state", "news", "after"),
    [
        ("waiting", SHORTER, "waiting"),
        ("waiting", WHOLE, "closed"),
        ("resolved", SHORTER, "reopened"),
        ("resolved", SHORT, "resolved"),
        ("resolved", WHOLE, "resolved"),
    ],
)
def test_what_was_decided_meets_new_evidence(at: Connection, state: str, news: dict[str, object], after: str):
    assert decide(state, decisions=0)
    tell(at, news)
    assert (short().state, short().is_open) == (after, after == "reopened")
    assert find_differences() == []


def test_a_decision_that_is_taken_back_puts_its_case_on_the_desk_again(at: Connection):
    assert decide("resolved", decisions=0)
    with transaction.atomic(), server_cursor(database) as cursor:
        working.tell_case(
            cursor=cursor,
            case_id=short().pk,
            what="reversed",
            text="It was the wrong line",
            who="Maria",
            as_of=clock.now(),
            resolution="",
            state="open",
        )
    assert (short().state, short().is_open, short().resolution) == ("in_progress", True, "")
    assert events()[-2:] == ["resolved", "reversed"]


def test_a_rule_routes_what_nobody_touched_and_nothing_else(at: Connection):
    maria = person(at)
    RoutingRule.objects.create(
        company=at.company, position=1, kind="confirmed_short", queue="dallas", assignee=maria
    )
    tell(at, SHORTER)
    assert (short().queue, short().assignee_id) == ("dallas", maria.pk)
    scope = scope_of_user(maria)
    assert [row.id for row in list_cases(scope=scope, kind="confirmed_short").rows] == [short().pk]
    working.assign_cases(scope=scope, user=maria, case_ids=[short().pk], assignee=None)
    RoutingRule.objects.update(queue="elsewhere")
    tell(at, answer("4500001", answer_line("1", accepted(40)), coverage="detail", at="2026-11-06T15:00:00Z"))
    assert (short().queue, short().assignee_id) == ("dallas", None)


def test_who_is_named_is_told_if_they_may_see_it(at: Connection):
    maria, jin = person(at), person(at, "jin")
    person(way_in(), "stranger")
    scope = scope_of_user(maria)
    text = "@jin and @stranger, and mail to x@maria.example: look at this."
    assert working.comment_cases(scope=scope, user=maria, case_ids=[short().pk], text=text) == []
    assert list(CaseMention.objects.values_list("user__username", flat=True)) == ["jin"]
    assert [row.id for row in list_cases(scope=scope, mentions_of=jin.pk).rows] == [short().pk]
    assert discussing.see_mentions(user=jin, case_id=short().pk) == 1
    assert list_cases(scope=scope, mentions_of=jin.pk).rows == []
    (comment,) = get_case(scope=scope, case_id=short().pk).comments
    assert (comment.author, comment.mentions) == ("Maria", ["jin"])
    outside = Scope(companies=(at.company_id,), partners=(short().supplier_id or 0,))
    assert get_case(scope=outside, case_id=short().pk).comments == []


def test_watching_is_found_again(at: Connection):
    maria = person(at)
    who = {"scope": scope_of_user(maria), "user": maria, "case_ids": [short().pk]}
    assert working.watch_cases(**who, watching=True) == working.watch_cases(**who, watching=True) == []
    assert [row.id for row in list_cases(scope=who["scope"], watching_by=maria.pk).rows] == [short().pk]
    assert get_case(scope=who["scope"], case_id=short().pk).watchers == [(maria.pk, "Maria")]
    working.watch_cases(**who, watching=False)
    assert list_cases(scope=who["scope"], watching_by=maria.pk).rows == []


def test_a_file_is_kept_as_it_was_under_a_harmless_name_and_shown_only_if_it_is_a_picture(at: Connection):
    maria = person(at)
    scope, png = scope_of_user(maria), b"\x89PNG\r\n\x1a\nrest"
    files = [
        File("..\\..\\C:/a<b>.png", png),
        File("page.png", b"<script>"),
        File("x.svg", b"<svg>", "image/svg+xml"),
    ]
    working.comment_cases(scope=scope, user=maria, case_ids=[short().pk], text="", files=files)
    kept = get_case(scope=scope, case_id=short().pk).attachments
    assert [each.name for each in kept] == ["ab.png", "page.png", "x.svg"]
    read = [
        discussing.get_attachment(scope=scope, case_id=short().pk, attachment_id=each.id) for each in kept
    ]
    assert [each.inline for each in read] == [True, False, False]
    assert [each.content_type for each in read][1:] == ["application/octet-stream"] * 2
    assert read[0].body == png
    outside = Scope(companies=(at.company_id,), partners=(short().supplier_id or 0,))
    with pytest.raises(NotFoundError):
        discussing.get_attachment(scope=outside, case_id=short().pk, attachment_id=kept[0].id)
    large = File("large.bin", b"0" * (discussing.MOST_BYTES + 1))
    with pytest.raises(TooLargeError):
        working.comment_cases(scope=scope, user=maria, case_ids=[short().pk], text="", files=[large])


def test_lists_narrow_to_clocks_and_severity_and_sort_by_risk(at: Connection):
    maria = person(at)
    scope, case = scope_of_user(maria), short()
    assert case.sla_warns_at is not None
    assert case.sla_due_at is not None
    second = dt.timedelta(seconds=1)
    for moment, sla in ((case.sla_warns_at + second, "warning"), (case.sla_due_at + second, "over")):
        with clock.at(moment):
            for each in ("warning", "over"):
                found = [row.id for row in list_cases(scope=scope, sla=each, kind=case.kind).rows]
                assert found == ([case.pk] if each == sla else [])
    assert [row.id for row in list_cases(scope=scope, severity=case.severity, kind=case.kind).rows] == [
        case.pk
    ]
    for sort in ("-risk", "sla_due_at"):
        first = list_cases(scope=scope, sort=sort, limit=1)
        rows, cursor = first.rows, first.next_cursor
        while cursor:
            page = list_cases(scope=scope, sort=sort, limit=1, cursor=cursor)
            rows, cursor = rows + page.rows, page.next_cursor
        ids = ExceptionCase.objects.filter(is_open=True).values_list("id", flat=True)
        assert sorted(row.id for row in rows) == sorted(ids)
