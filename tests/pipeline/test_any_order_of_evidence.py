"""The same evidence leaves the same cases open, whatever order it came in and whatever was decided before."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from django.db import connection as database
from django.db import transaction
from factories import accepted, answer, answer_line, order, tell
from hypothesis import given
from hypothesis import strategies as st

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_user
from visibility.accounts.models import Role, User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.counters import find_differences
from visibility.triage.findings import Finding
from visibility.triage.models import CaseMember, ExceptionCase
from visibility.triage.reconcile import DESK, LIVE, KnownCase, Work, reconcile
from visibility.triage.working import assign_cases, settle_case, snooze_cases, tell_case

Check = Callable[[], None]
Evidence = dict[str, str]
"""Line -> what is said of it now; the pure projection makes it of the messages, whatever their order."""
LINES, WORDS = ("1", "2"), ("60 of 100", "50 of 100", "90 of 100")


def findings_of(evidence: Evidence) -> list[Finding]:
    return [Finding(kind="confirmed_short", line=line, summary=words) for line, words in evidence.items()]


def after(cases: dict[str, KnownCase], evidence: Evidence) -> dict[str, KnownCase]:
    """The cases, by their lines, when this is the evidence: what `services.write_changes` makes of it."""
    changes = reconcile(owner="flow:1", findings=findings_of(evidence), known=cases.values(), sweeping=False)
    found = {case.fingerprint: line for line, case in cases.items()}
    now = dict(cases)
    for mark, finding in changes.opened:
        now[finding.line] = KnownCase(len(now), mark, "new", finding.summary, finding.severity)
    for case, finding in [*changes.updated, *changes.standing]:
        state = "in_progress" if case.fingerprint in changes.woken else case.state
        now[finding.line] = replace(case, summary=finding.summary, state=state)
    for case, finding in changes.reopened:
        now[finding.line] = replace(case, summary=finding.summary, state="reopened")
    for case, finding in changes.settled:
        now[finding.line] = replace(case, summary=finding.summary, state="resolved")
    for case in changes.closed:
        now[found[case.fingerprint]] = replace(case, state="closed")
    assert {finding.line for finding in changes.open_after} == open_lines(now)
    return now


def open_lines(cases: dict[str, KnownCase]) -> set[str]:
    return {line for line, case in cases.items() if case.state in DESK}


def resolved(cases: dict[str, KnownCase], lines: set[str]) -> dict[str, KnownCase]:
    return {
        line: replace(case, state="resolved", work=Work(resolved_as=case.summary))
        if line in lines and case.state in LIVE
        else case
        for line, case in cases.items()
    }


EVIDENCE = st.dictionaries(st.sampled_from(LINES), st.sampled_from(WORDS), max_size=2)


@given(
    before=EVIDENCE,
    decided=st.sets(st.sampled_from(LINES)),
    last=EVIDENCE,
    ways=st.tuples(st.lists(EVIDENCE, max_size=4), st.lists(EVIDENCE, max_size=4)),
)
def test_two_ways_to_the_same_evidence_leave_the_same_cases_open(
    before: Evidence, decided: set[str], last: Evidence, ways: tuple[list[Evidence], list[Evidence]]
) -> None:
    begun = resolved(after({}, before), decided)
    ends = []
    for way in ways:
        cases = begun
        for evidence in [*way, last]:
            cases = after(cases, evidence)
        ends.append(open_lines(cases))
    settled = {line for line in decided & before.keys() if last.get(line) == before[line]}
    assert ends[0] == ends[1] == last.keys() - settled


SAID = [
    answer("4500001", answer_line("1", accepted(quantity)), coverage="detail", at=f"2026-11-{day}T15:00:00Z")
    for day, quantity in (("05", 50), ("06", 100), ("07", 60))
]


@pytest.fixture
def case(trial: Connection) -> ExceptionCase:
    """Sixty of a hundred."""
    forget_kept()
    tell(trial, order(), answer("4500001", answer_line("1", accepted(60)), coverage="detail"))
    return ExceptionCase.objects.get(kind="confirmed_short")


def resolve(case: ExceptionCase) -> None:
    with transaction.atomic(), server_cursor(database) as cursor:
        assert settle_case(
            cursor=cursor,
            case_id=case.pk,
            decisions=case.decisions,
            who="maria",
            words="Accept 60",
            state="resolved",
            as_of=clock.now(),
        )


@pytest.mark.django_db
@pytest.mark.parametrize("way", list(permutations(range(3))))
def test_answers_after_a_decision_leave_it_standing_where_they_end_as_it_was_decided_on(
    trial: Connection, case: ExceptionCase, rebuilt_the_same: Check, way: Sequence[int]
) -> None:
    resolve(case)
    for index in way:
        tell(trial, SAID[index])
    case.refresh_from_db()
    assert (case.state in DESK, case.is_open) == (False, False)
    flow = Flow.objects.get()
    open_findings = CaseMember.objects.filter(flow=flow, is_open=True).count()
    assert flow.open_cases == open_findings + ExceptionCase.objects.filter(flow=flow, is_open=True).count()
    assert find_differences() == []
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("way", list(permutations(range(2))))
def test_answers_after_a_decision_open_it_where_they_end_otherwise(
    trial: Connection, case: ExceptionCase, rebuilt_the_same: Check, way: Sequence[int]
) -> None:
    resolve(case)
    later = answer(
        "4500001", answer_line("1", accepted(70)), coverage="detail", at="2026-11-08T15:00:00Z", id="later"
    )
    for index in way:
        tell(trial, (SAID[0], later)[index])
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("reopened", True)
    rebuilt_the_same()


@pytest.mark.django_db
def test_what_is_as_it_was_decided_on_is_settled_again_by_who_decided(
    trial: Connection, case: ExceptionCase
) -> None:
    resolve(case)
    tell(trial, SAID[0])
    case.refresh_from_db()
    assert case.is_open
    tell(trial, SAID[2])
    case.refresh_from_db()
    assert (case.state, case.is_open, case.resolved_by) == ("resolved", False, "maria")
    assert case.resolved_at is not None
    assert case.closed_at is not None


@pytest.mark.django_db
def test_a_decision_that_was_taken_back_settles_nothing_again(trial: Connection, case: ExceptionCase) -> None:
    resolve(case)
    with transaction.atomic(), server_cursor(database) as cursor:
        tell_case(
            cursor=cursor,
            case_id=case.pk,
            what="taken_back",
            text="",
            who="maria",
            as_of=clock.now(),
            state="open",
        )
    tell(trial, SAID[0])
    tell(trial, SAID[2])
    case.refresh_from_db()
    assert case.is_open
    assert find_differences() == []


@pytest.mark.django_db
@pytest.mark.parametrize("parked", [False, True])
def test_what_somebody_took_or_put_aside_meanwhile_is_settled_again_too(
    trial: Connection, case: ExceptionCase, parked: bool
) -> None:
    maria = User.objects.create(username="maria", role=Role.BUYER)
    Grant.objects.create(user=maria, company=trial.company)
    scope = scope_of_user(maria)
    resolve(case)
    tell(trial, SAID[0])
    if parked:
        assert not snooze_cases(
            scope=scope, user=maria, case_ids=[case.pk], until=None, for_type="invoice.received"
        )
    else:
        assert not assign_cases(scope=scope, user=maria, case_ids=[case.pk], assignee=maria)
    tell(trial, SAID[2])
    case.refresh_from_db()
    assert (case.state, case.is_open, case.snoozed_for) == ("resolved", False, "")
    assert find_differences() == []
