"""Two people, one case, the same instant: one wins, the other is told who and what, one command leaves."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from deciding import Toy, answers, connect, person, scope, short_case, states
from django.db import connection

from visibility.accounts.models import User
from visibility.desk import services
from visibility.desk.catalogue import ACTIONS
from visibility.desk.errors import DecidedError
from visibility.desk.following import follow_outcomes
from visibility.desk.models import Resolution
from visibility.inbox.models import Connection
from visibility.ledger.models import LedgerEntry
from visibility.masterdata.resolve import forget_kept
from visibility.sync.models import OutboxMessage
from visibility.triage.models import ExceptionCase

ROUNDS = 5


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ACTIONS, "toy", Toy())
    forget_kept()
    yield
    forget_kept()


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same instant, each in a thread of its own; what each gave or raised."""
    gate = threading.Barrier(len(deeds))
    found: list[Any] = [None] * len(deeds)

    def run(index: int) -> None:
        try:
            gate.wait(timeout=30)
            found[index] = deeds[index]()
        except Exception as error:
            found[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def deciding(user: User, case: ExceptionCase) -> Callable[[], Resolution]:
    return lambda: services.resolve_case(
        scope=scope(user), user=user, case_id=case.pk, action="toy", values={"closes": "on"}, seen_decisions=0
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_people_one_wins_and_the_other_is_told_who_and_no_command_leaves_twice(
    transactional_db: None,
) -> None:
    at = Connection.objects.get(name="trial")
    connect(at.company, "erp")
    maria, tom = person(at.company, name="maria"), person(at.company, name="tom")
    for number in range(ROUNDS):
        case = short_case(at, f"45{number:05}")
        found = together(deciding(maria, case), deciding(tom, case))
        (won,) = [each for each in found if isinstance(each, Resolution)]
        (lost,) = [each for each in found if isinstance(each, DecidedError)]
        assert lost.who == won.decided_by.username
        assert lost.words == "Accept 60, cancel 40"
        case.refresh_from_db()
        assert case.decisions == 1
        assert Resolution.objects.filter(case=case).count() == 1
    assert OutboxMessage.objects.count() == ROUNDS
    assert LedgerEntry.objects.filter(type="decision.taken").count() == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_two_followers_take_each_outcome_up_once(transactional_db: None) -> None:
    at = Connection.objects.get(name="trial")
    connect(at.company, "erp", "planning", "wms")
    maria = person(at.company)
    decided = [deciding(maria, short_case(at, f"46{number:05}"))() for number in range(ROUNDS)]
    OutboxMessage.objects.filter(words="erp do").update(attempts=1)
    for each in OutboxMessage.objects.filter(words="erp do"):
        OutboxMessage.objects.filter(pk=each.pk).update(words=f"erp do {each.cause}")
        answers(f"erp do {each.cause}")
    found = together(follow_outcomes, follow_outcomes, follow_outcomes)
    assert sum(found) == ROUNDS
    assert LedgerEntry.objects.filter(type="command.outcome").count() == ROUNDS
    assert {tuple(states(each)) for each in decided} == {("confirmed", "sending", "waiting")}
    assert OutboxMessage.objects.filter(state="ready").count() == ROUNDS
