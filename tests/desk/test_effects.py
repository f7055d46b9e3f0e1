"""Effects go in their order, stop where one is refused, and are taken back in the reverse of it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from deciding import Toy, answers, commands, connect, person, scope, short_case, states
from django.db.models.functions import Now
from factories import accepted as taken
from factories import answer, answer_line, tell, trace

from visibility.core import clock
from visibility.core.errors import InputError
from visibility.desk import following, services
from visibility.desk.catalogue import ACTIONS
from visibility.desk.errors import DecidedError
from visibility.desk.following import follow_outcomes
from visibility.desk.models import Resolution
from visibility.desk.progress import StepSeen, next_moves
from visibility.desk.waking import wake_waiting
from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import OutboxMessage
from visibility.triage.models import ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ACTIONS, "toy", Toy())
    forget_kept()
    yield
    forget_kept()


class Decided:
    """A case decided by the toy, with its three systems."""

    def __init__(self, at: Connection, **values: str) -> None:
        connect(at.company, "erp", "planning", "wms")
        self.at, self.maria = at, person(at.company, name="maria")
        self._case = short_case(at)
        self.resolution = services.resolve_case(
            scope=scope(self.maria),
            user=self.maria,
            case_id=self._case.pk,
            action="toy",
            values=values,
            seen_decisions=0,
        )

    @property
    def case(self) -> ExceptionCase:
        self._case.refresh_from_db()
        return self._case

    @property
    def states(self) -> list[str]:
        return states(self.resolution)

    @property
    def state(self) -> str:
        self.resolution.refresh_from_db()
        return self.resolution.state

    def outcomes(self) -> list[tuple[str, str]]:
        """What the flow tells of commands: the cause's end and the result."""
        told = LedgerEntry.objects.filter(type="command.outcome").order_by("position")
        documents = [each.document for each in told]
        return [(each["cause"].split(":", 2)[2], each.get("result", "delivered")) for each in documents]


@pytest.fixture
def decided(trial: Connection) -> Decided:
    return Decided(trial)


def test_each_step_is_sent_when_the_one_before_is_confirmed(decided: Decided):
    assert decided.states == ["sending", "waiting", "waiting"]
    answers("erp do")
    assert follow_outcomes() == 1
    assert decided.states == ["confirmed", "sending", "waiting"]
    assert commands()["planning do"].state == "ready"
    assert commands()["wms do"].state == "held"
    for each in ("planning do", "wms do"):
        answers(each)
        follow_outcomes()
    assert decided.states == ["confirmed"] * 3
    assert decided.state == "done"
    assert decided.case.state == "resolved"
    assert decided.outcomes() == [("1", "delivered"), ("2", "delivered"), ("3", "delivered")]


def test_the_case_says_how_far_it_is(decided: Decided):
    OutboxMessage.objects.filter(words="erp do").update(created_at=Now() - dt.timedelta(seconds=14))
    Resolution.objects.update(decided_at=Now() - dt.timedelta(seconds=14))
    answers("erp do")
    follow_outcomes()
    assert decided.case.resolution == (
        "Accept 60, cancel 40; ERP updated after 14 s; PLANNING is being told; WMS waits"
    )
    sentences = [entry["summary"] for entry in trace("4500001")["entries"]]
    assert "ERP took it up after 14 s: erp do" in sentences


def test_an_outcome_is_taken_up_once(decided: Decided):
    answers("erp do")
    assert follow_outcomes() == 1
    assert follow_outcomes() == 0
    assert decided.outcomes() == [("1", "delivered")]


def test_a_refusal_stops_the_rest_and_takes_back_what_was_done_the_last_first(decided: Decided):
    answers("erp do")
    follow_outcomes()
    answers("planning do")
    follow_outcomes()
    answers("wms do", "refused", "the dock is closed")
    follow_outcomes()
    assert decided.states == ["confirmed", "undoing", "refused"]
    assert decided.state == "stopped"
    case = decided.case
    assert (case.state, case.is_open) == ("in_progress", True)
    assert "WMS refused: the dock is closed" in case.resolution
    assert "erp undo" not in commands()
    answers("planning undo")
    follow_outcomes()
    assert decided.states == ["undoing", "undone", "refused"]
    answers("erp undo")
    follow_outcomes()
    assert decided.states == ["undone", "undone", "refused"]
    decided.resolution.refresh_from_db()
    assert decided.resolution.finished_at is not None
    assert decided.outcomes()[-2:] == [("undo:2", "delivered"), ("undo:1", "delivered")]


def test_what_waits_for_a_refused_step_is_never_sent(decided: Decided):
    answers("erp do", "refused", "the period is closed")
    follow_outcomes()
    assert decided.states == ["refused", "cancelled", "cancelled"]
    assert {commands()[each].state for each in ("planning do", "wms do")} == {"cancelled"}
    follow_outcomes()
    assert set(decided.outcomes()) == {("1", "refused"), ("2", "cancelled"), ("3", "cancelled")}
    assert decided.case.is_open


def test_what_has_no_way_back_is_said_to_be_done_by_hand(trial: Connection, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Toy, "undo_of", ("erp",))
    decided = Decided(trial)
    for each in ("erp do", "planning do"):
        answers(each)
        follow_outcomes()
    answers("wms do", "refused")
    follow_outcomes()
    assert decided.states == ["undoing", "stuck", "refused"]


def test_the_facts_of_a_refused_decision_are_taken_back(trial: Connection):
    decided = Decided(trial, closes="on")
    assert trace("4500001")["entries"][-1]["type"] in ("order.line_closed", "decision.taken")
    answers("erp do", "refused", "no")
    follow_outcomes()
    closed = LedgerEntry.objects.filter(type="order.line_closed").order_by("position")
    assert [each.document.get("reopened", False) for each in closed] == [False, True]
    assert decided.case.is_open


def test_nobody_decides_anew_while_something_is_still_being_taken_back(decided: Decided):
    answers("erp do")
    follow_outcomes()
    answers("planning do", "refused")
    follow_outcomes()
    again = {
        "scope": scope(decided.maria),
        "user": decided.maria,
        "case_id": decided.case.pk,
        "action": "toy",
        "values": {},
    }
    with pytest.raises(DecidedError, match="still being taken back"):
        services.resolve_case(**again, seen_decisions=decided.case.decisions)
    answers("erp undo")
    follow_outcomes()
    second = services.resolve_case(**again, seen_decisions=decided.case.decisions)
    assert states(second) == ["sending", "waiting", "waiting"]


def test_a_step_that_an_entry_confirms_waits_for_it(trial: Connection):
    decided = Decided(trial, confirmed_by="order.acknowledged")
    answers("erp do")
    follow_outcomes()
    assert decided.states == ["sent", "waiting", "waiting"]
    follow_outcomes()
    assert decided.states == ["sent", "waiting", "waiting"], "an answer of before confirms nothing"
    # A test's transaction has one time: it was sent a minute ago.
    OutboxMessage.objects.filter(words="erp do").update(sent_at=Now() - dt.timedelta(minutes=1))
    tell(trial, answer("4500001", answer_line("1", taken(60)), at="2026-11-04T15:00:00Z"))
    assert follow_outcomes() == 1
    assert decided.states == ["confirmed", "sending", "waiting"]


def test_a_case_that_waited_for_the_effects_alone_is_settled_by_the_last(trial: Connection):
    decided = Decided(trial, after="waiting")
    assert decided.case.state == "waiting"
    for each in ("erp do", "planning do"):
        answers(each)
        follow_outcomes()
        assert decided.case.state == "waiting"
    answers("wms do")
    follow_outcomes()
    assert decided.case.state == "resolved"


def test_a_case_that_waits_for_more_than_its_effects_goes_on_waiting(trial: Connection):
    decided = Decided(trial, after="waiting", expects="Acme answers the change")
    for each in ("erp do", "planning do", "wms do"):
        answers(each)
        follow_outcomes()
    assert (decided.state, decided.case.state) == ("done", "waiting")


def test_a_waiting_case_comes_back_when_it_says_something_else(trial: Connection):
    decided = Decided(trial, after="waiting", expects="Acme answers the change")
    for each in ("erp do", "planning do", "wms do"):
        answers(each)
        follow_outcomes()
    assert wake_waiting() == 0
    tell(trial, answer("4500001", answer_line("1", taken(70)), at="2026-11-04T15:00:00Z"))
    assert wake_waiting() == 1
    assert decided.case.is_open
    assert decided.case.events.filter(what="woken", text__contains="70 of 100").exists()
    assert wake_waiting() == 0


def test_a_waiting_case_comes_back_when_nothing_came_in_time(trial: Connection):
    decided = Decided(trial, after="waiting", expects="Acme answers", until="2026-11-24T12:00:00+00:00")
    for each in ("erp do", "planning do", "wms do"):
        answers(each)
        follow_outcomes()
    with clock.at(dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)):
        assert wake_waiting() == 0
    with clock.at(dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)):
        assert wake_waiting() == 1
    assert decided.case.is_open
    assert decided.case.events.filter(what="woken", text__contains="did not come: Acme answers").exists()


def test_a_decision_is_taken_back_with_its_facts_and_its_case_is_on_the_desk(trial: Connection):
    decided = Decided(trial, closes="on")
    for each in ("erp do", "planning do"):
        answers(each)
        follow_outcomes()
    taken_back = {
        "scope": scope(decided.maria),
        "user": decided.maria,
        "resolution_id": decided.resolution.pk,
    }
    with pytest.raises(InputError):
        services.reverse_resolution(**taken_back, reason=" ")
    services.reverse_resolution(**taken_back, reason="wrong line")
    assert decided.state == "reversed"
    assert decided.states == ["confirmed", "undoing", "cancelled"], "what was not sent never is"
    assert decided.case.is_open
    follow_outcomes()
    answers("planning undo")
    follow_outcomes()
    answers("erp undo")
    follow_outcomes()
    assert decided.states == ["undone", "undone", "cancelled"]
    words = LedgerEntry.objects.filter(type="decision.taken").order_by("position")
    assert [each.document.get("undoes") for each in words] == [None, decided.resolution.pk]
    with pytest.raises(DecidedError):
        services.reverse_resolution(**taken_back, reason="once more")


def test_what_is_being_sent_when_it_is_taken_back_is_taken_back_after(decided: Decided):
    OutboxMessage.objects.filter(words="erp do").update(attempts=1)  # a try is under way
    services.reverse_resolution(
        scope=scope(decided.maria), user=decided.maria, resolution_id=decided.resolution.pk, reason="no"
    )
    assert decided.states == ["sending", "cancelled", "cancelled"]
    answers("erp do")
    follow_outcomes()
    assert decided.states == ["undoing", "cancelled", "cancelled"]


def test_a_failed_command_that_a_person_had_sent_again_is_taken_back_too(decided: Decided):
    answers("erp do", "failed", "unreachable for a day")
    follow_outcomes()
    assert decided.states[0] == "refused"
    answers("erp do")
    follow_outcomes()
    assert decided.states[0] == "undoing"


def test_one_outcome_that_cannot_be_taken_up_holds_no_other_up(
    decided: Decided, monkeypatch: pytest.MonkeyPatch
):
    other = Connection.objects.create(company=decided.at.company, name="other")
    OutboxMessage.objects.create(
        company=decided.at.company,
        connection=other,
        type="x",
        data={},
        cause="nobody",
        words="stray",
        state="ready",
    )
    answers("erp do")
    OutboxMessage.objects.filter(words="stray").update(
        state="delivered", finished_at=Now() + dt.timedelta(seconds=1)
    )
    record = following.record_outcome

    def broken(**_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(following, "record_outcome", broken)
    assert follow_outcomes() == 1
    untold = OutboxMessage.objects.filter(told_at=None, finished_at__isnull=False)
    assert [each.words for each in untold] == ["erp do"]
    assert decided.states[0] == "sending"
    monkeypatch.setattr(following, "record_outcome", record)
    assert follow_outcomes() == 1
    assert decided.states[0] == "confirmed"


# The order of steps, by itself


def steps(*given: str, after: tuple[tuple[int, ...], ...] = ()) -> list[StepSeen]:
    waits = after or tuple((number,) if number else () for number in range(len(given)))
    return [
        StepSeen(number=number + 1, state=state, after=waits[number], can_undo=True)
        for number, state in enumerate(given)
    ]


def test_steps_that_wait_for_the_same_one_are_sent_together():
    fan = steps("confirmed", "waiting", "waiting", after=((), (1,), (1,)))
    assert next_moves(fan, stopping=False).release == (2, 3)


def test_nothing_is_taken_back_while_something_may_still_be_done():
    moves = next_moves(steps("confirmed", "sending", "waiting"), stopping=True)
    assert (moves.undo, moves.cancel, moves.over) == ((), (3,), False)


def test_it_is_over_when_all_is_taken_back():
    assert next_moves(steps("undone", "stuck", "refused"), stopping=True).over
    assert not next_moves(steps("undone", "undoing", "refused"), stopping=True).over
