"""Deciding: one transaction for all of it, by who may, once."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from deciding import Toy, commands, connect, person, scope, short_case, states
from factories import accepted as taken
from factories import answer, answer_line, company, connection, process, tell, trace, without_arrival

from visibility.accounts.models import Role
from visibility.core.errors import ForbiddenError, InputError, NotFoundError
from visibility.desk import carrying, services
from visibility.desk.catalogue import ACTIONS
from visibility.desk.errors import ChangedError, DecidedError
from visibility.desk.models import Effect, Resolution
from visibility.desk.selectors import resolutions_of_case
from visibility.inbox.models import Connection, Message, MessageWork
from visibility.ledger.models import LedgerEntry
from visibility.ledger.uncorrelated import Which, count_waiting
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import OutboxMessage
from visibility.triage.models import CaseEvent, ExceptionCase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ACTIONS, "toy", Toy())
    forget_kept()
    yield
    forget_kept()


def decide(user, case, **more):  # type: ignore[no-untyped-def]
    case.refresh_from_db()
    values = {"action": "toy", "values": {}, "seen_decisions": case.decisions, **more}
    return services.resolve_case(scope=scope(user), user=user, case_id=case.pk, **values)


def test_a_decision_settles_its_case_and_is_told_with_its_facts_in_the_orders_flow(trial: Connection):
    case, maria = short_case(trial), person(trial.company, name="maria")
    decide(maria, case, values={"closes": "on", "reason": "no other use"})
    case.refresh_from_db()
    assert (case.state, case.is_open, case.decisions) == ("resolved", False, 1)
    assert case.resolved_by == "maria"
    told = [entry["type"] for entry in trace("4500001")["entries"]][-2:]
    assert sorted(told) == ["decision.taken", "order.line_closed"]
    sentences = [entry["summary"] for entry in trace("4500001")["entries"]]
    assert "Maria decided: Accept 60, cancel 40: no other use" in sentences
    assert not MessageWork.objects.exists(), "it was worked through in the decision's own transaction"


def test_a_decision_changes_no_quantity_by_itself(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    before = trace("4500001")
    decide(maria, case)
    after = trace("4500001")
    assert after["lines"] == before["lines"]
    assert after["milestones"] == before["milestones"]
    assert len(after["entries"]) == len(before["entries"]) + 1


def test_only_the_first_command_is_let_go_and_the_others_wait_for_it(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    connect(trial.company, "erp", "planning", "wms")
    resolution = decide(maria, case)
    found = commands(resolution)
    assert {words: each.state for words, each in found.items()} == {
        "erp do": "ready",
        "planning do": "held",
        "wms do": "held",
    }
    assert found["erp do"].cause == f"resolution:{resolution.pk}:1"
    assert found["erp do"].correlation_id == case.flow.correlation_id
    assert states(resolution) == ["sending", "waiting", "waiting"]


def test_what_no_system_can_be_asked_is_said_before_and_left_to_people(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    connect(trial.company, "erp", "wms")
    seen = services.preview_resolution(
        scope=scope(maria), user=maria, case_id=case.pk, action="toy", values={}
    )
    assert seen.by_hand == ("Planning is not connected, to be done by hand: planning do",)
    resolution = decide(maria, case)
    by_hand = Effect.objects.get(resolution=resolution, number=2)
    assert (by_hand.state, by_hand.outcome) == ("cancelled", carrying.BY_HAND)
    assert Effect.objects.get(resolution=resolution, number=3).after == [1], "it waits for what is left"


def test_a_case_that_others_decided_tells_who_decided_what(trial: Connection):
    case, maria, tom = short_case(trial), person(trial.company, name="maria"), person(trial.company)
    decide(maria, case)
    with pytest.raises(DecidedError) as told:
        decide(tom, case, seen_decisions=0)
    assert told.value.who == "maria"
    assert told.value.words == "Accept 60, cancel 40"
    assert told.value.when is not None
    assert Resolution.objects.count() == 1


def test_a_preview_that_is_out_of_date_decides_nothing(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    seen = services.preview_resolution(
        scope=scope(maria), user=maria, case_id=case.pk, action="toy", values={}
    )
    tell(trial, answer("4500001", answer_line("1", taken(70)), at="2026-11-04T15:00:00Z"))
    with pytest.raises(ChangedError):
        decide(maria, case, evidence=seen.evidence)
    assert not Resolution.objects.exists()
    decide(maria, case)


def test_who_may_not_take_an_action_is_refused_and_another_companys_case_is_not_there(trial: Connection):
    case = short_case(trial)
    dock = person(trial.company, Role.WAREHOUSE)
    stranger = person(connection(of=company("elsewhere")).company)
    with pytest.raises(ForbiddenError):
        decide(dock, case)
    with pytest.raises(ForbiddenError):
        services.preview_resolution(scope=scope(dock), user=dock, case_id=case.pk, action="toy", values={})
    with pytest.raises(NotFoundError):
        decide(stranger, case)
    assert not Resolution.objects.exists()


def test_what_was_filled_in_wrongly_is_told_by_its_field(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    with pytest.raises(InputError) as told:
        decide(maria, case, values={"worth": "much"})
    assert told.value.where == "worth"


def test_nothing_of_a_decision_stands_when_a_part_of_it_fails(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
):
    case, maria = short_case(trial), person(trial.company)
    connect(trial.company, "erp")
    kept = (Message.objects.count(), LedgerEntry.objects.count(), CaseEvent.objects.count())

    def broken(**_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(carrying, "advance", broken)
    with pytest.raises(OSError, match="disk"):
        decide(maria, case, values={"closes": "on"})
    case.refresh_from_db()
    assert case.is_open
    assert kept == (Message.objects.count(), LedgerEntry.objects.count(), CaseEvent.objects.count())
    assert not OutboxMessage.objects.exists()
    assert not Resolution.objects.exists()


def test_the_same_request_sent_twice_is_decided_once(trial: Connection):
    case, maria, tom = short_case(trial), person(trial.company), person(trial.company)
    connect(trial.company, "erp")
    first = decide(maria, case, request_key="abc")
    again = decide(maria, case, seen_decisions=0, request_key="abc")
    assert again.pk == first.pk
    assert OutboxMessage.objects.count() == 1
    with pytest.raises(DecidedError):
        decide(tom, case, seen_decisions=0, request_key="abc")


def test_many_are_decided_each_by_itself_and_what_failed_is_told(trial: Connection):
    cases = [short_case(trial, number) for number in ("4500001", "4500002", "4500003")]
    maria, tom = person(trial.company), person(trial.company, name="tom")
    decide(tom, cases[1])
    cases[1].refresh_from_db()
    ids = [case.pk for case in cases] + [999_999]
    report = services.resolve_cases(
        scope=scope(maria), user=maria, case_ids=ids, action="toy", values={}, reason="all alike"
    )
    assert [each.case_id for each in report.done] == [cases[0].pk, cases[2].pk]
    assert {each.batch for each in report.done} != {None}
    assert len({each.batch for each in report.done}) == 1
    assert {each.reason for each in report.done} == {"all alike"}
    failed = {each.case_id: each.why for each in report.failed}
    assert "tom" in failed[cases[1].pk]
    assert failed[999_999] == "No such case."


def test_a_case_waits_for_what_is_expected_and_its_own_facts_do_not_wake_it(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    decide(maria, case, values={"after": "waiting", "expects": "Acme answers the change"})
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("waiting", False)
    assert "waits: Acme answers the change" in case.resolution


def test_a_draft_decides_nothing_and_is_kept_once(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    asked = {"scope": scope(maria), "user": maria, "case_id": case.pk, "action": "toy"}
    services.keep_draft(**asked, values={"worth": "5"})
    kept = services.keep_draft(**asked, values={"worth": "7"})
    assert (kept.state, kept.worth) == ("draft", Decimal(7))
    assert Resolution.objects.count() == 1
    assert resolutions_of_case(scope=scope(maria), case_id=case.pk) == []
    decide(maria, case)


def test_decisions_told_by_a_sender_are_refused(trial: Connection):
    short_case(trial)
    said = {
        "case": 1,
        "resolution": 1,
        "action": "toy",
        "order": {"number": "4500001", "issuer": "ZZ:NORTHGATE"},
    }
    (outcome,) = tell(
        trial,
        {"specversion": "1.0", "id": "x", "source": "/t", "type": "decision.taken", "data": said},
    )
    assert outcome.status == "rejected"
    assert outcome.problems[0]["code"] == "not_from_here"
    assert without_arrival(trace("4500001"))["entries"]


def test_a_case_of_a_message_that_became_no_order_is_decided_too(trial: Connection):
    process(trial, b"ISA*00*nothing that could be read~")
    case = ExceptionCase.objects.get(company=trial.company, flow=None)
    steward = person(trial.company, Role.DATA_STEWARD, name="lena")
    resolution = decide(steward, case, action="waive", values={"reason": "a test of the sender's"})
    case.refresh_from_db()
    assert (resolution.state, case.state) == ("done", "resolved")
    (entry,) = LedgerEntry.objects.filter(type="decision.taken")
    assert entry.document["decided_by"] == "lena"
    assert count_waiting(which=Which(companies=(trial.company_id,))) == 0, "it waits for no order"


def test_a_real_answer_is_accepted_as_it_was_previewed(trial: Connection):
    case, maria = short_case(trial), person(trial.company)
    connect(trial.company, "erp", "planning", "wms", "supplier")
    asked = {"scope": scope(maria), "user": maria, "case_id": case.pk, "action": "accept_answer"}
    seen = services.preview_resolution(**asked, values={"rest": "cancel"})
    resolution = services.resolve_case(
        **asked, values={"rest": "cancel"}, seen_decisions=0, evidence=seen.evidence
    )
    assert list(commands(resolution)) == [step.command.words for step in seen.plan.steps]
    assert [each.state for each in commands(resolution).values()] == ["ready", "held", "held", "held"]
