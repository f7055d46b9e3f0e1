"""Commands leave once, in their order, and whatever becomes of them is written down."""

import threading
from uuid import uuid4

import pytest
from django.db import transaction
from outbox import (
    BROKEN,
    DROPPED,
    LONG_AGO,
    REFUSED,
    due_now,
    endpoint,
    person,
    queue,
    scope_of,
    state,
    system_of,
    tries,
)

from visibility.core.errors import InputError, NotFoundError
from visibility.sync import claims, delivering
from visibility.sync.claims import claim_commands, finish_try
from visibility.sync.delivering import deliver_due
from visibility.sync.models import DeliveryAttempt, DeliveryWord, Endpoint, OutboxMessage
from visibility.sync.ports import Delivery
from visibility.sync.selectors import endpoint_of
from visibility.sync.services import (
    cancel_commands,
    pause_connection,
    release_commands,
    resume_connection,
    retry_commands,
    withdraw_commands,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def erp() -> Endpoint:
    return endpoint()


def lose_lease(command) -> None:
    OutboxMessage.objects.filter(pk=command).update(lease_until=LONG_AGO)


# Once


def test_what_is_queued_is_delivered_and_answered(erp):
    (command,) = queue(erp)
    assert deliver_due() == 1
    row = OutboxMessage.objects.get(pk=command)
    assert (row.state, row.outcome, row.answer, row.attempts) == ("delivered", "Done.", {"state": "done"}, 1)
    assert row.finished_at is not None
    assert tries(command) == [(False, "delivered", "")]
    assert list(system_of(erp).done) == [command]
    assert deliver_due() == 0


def test_a_command_held_leaves_only_when_it_is_let_go(erp):
    held, other = queue(erp, count=2, ready=False)
    assert deliver_due() == 0
    assert release_commands(ids=[held]) == [held]
    deliver_due()
    assert (state(held), state(other)) == ("delivered", "held")
    assert release_commands(ids=[held, other]) == [other]


def test_a_cut_off_answer_is_read_back_and_nothing_is_done_twice(erp):
    system = system_of(erp)
    system.faults.append((DROPPED, True))
    (command,) = queue(erp)
    deliver_due()
    assert state(command) == "unknown"
    due_now()
    deliver_due()
    assert state(command) == "delivered"
    assert tries(command) == [(False, "unknown", "dropped"), (True, "delivered", "")]
    assert system.asked == [command]


def test_a_command_that_never_came_is_sent_again_under_its_own_id(erp):
    system = system_of(erp)
    system.faults.append((DROPPED, False))
    (command,) = queue(erp)
    deliver_due()
    due_now()
    deliver_due()
    assert state(command) == "delivered"
    assert [result for _, result, _ in tries(command)] == ["unknown", "retry", "delivered"]
    assert system.asked == [command, command]
    assert list(system.done) == [command]


def test_a_refusal_ends_it_with_its_reason(erp):
    system_of(erp).refuses["order.line.confirm"] = "Line 3 is closed here."
    (command,) = queue(erp)
    deliver_due()
    row = OutboxMessage.objects.get(pk=command)
    assert (row.state, row.failure, row.outcome) == ("refused", "refused", "Line 3 is closed here.")
    assert row.finished_at is not None


def test_a_try_is_written_down_before_anything_is_sent(erp):
    (command,) = queue(erp)
    (claim,) = claim_commands(limit=5)
    assert (claim.command.id, claim.read_back) == (command, False)
    begun = DeliveryAttempt.objects.get(message_id=command)
    assert (begun.number, begun.ended_at, begun.result) == (1, None, "")
    assert claim_commands(limit=5) == [], "it is somebody's until the lease is over"


def test_a_deliverer_that_died_leaves_an_unknown_command_which_is_read_back_first(erp):
    (command,) = queue(erp)
    (dead,) = claim_commands(limit=5)
    system_of(erp).take(dead.command)
    lose_lease(command)
    (claim,) = claim_commands(limit=5)
    assert claim.read_back
    assert state(command) == "unknown"
    assert tries(command)[0] == (False, "unknown", "dropped")
    lose_lease(command)
    deliver_due()
    assert state(command) == "delivered"
    assert system_of(erp).asked == [command]


def test_who_lost_the_lease_says_nothing_any_more(erp):
    (command,) = queue(erp)
    (slow,) = claim_commands(limit=5)
    lose_lease(command)
    (quick,) = claim_commands(limit=5)
    assert finish_try(claim=slow, delivery=REFUSED) == ""
    assert finish_try(claim=quick, delivery=Delivery(result="delivered")) == "delivered"
    assert state(command) == "delivered"


def test_a_connector_that_breaks_its_promise_leaves_it_unknown(erp, monkeypatch):
    def break_down(self, command):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("integrations.connectors.memory.connector.MemoryConnector.send", break_down)
    (command,) = queue(erp)
    deliver_due()
    assert state(command) == "unknown"
    assert "oh" in OutboxMessage.objects.get(pk=command).outcome


def test_a_connection_set_up_wrong_sends_nothing_and_says_why(erp):
    Endpoint.objects.update(settings={})
    (command,) = queue(erp)
    deliver_due()
    row = OutboxMessage.objects.get(pk=command)
    assert (row.state, row.failure) == ("ready", "denied")
    assert "Name the system" in row.outcome


# Order


def test_commands_of_an_order_leave_in_their_order_and_wait_for_one_that_is_tried_again(erp):
    system, flow = system_of(erp), uuid4()
    system.faults.append((BROKEN, False))
    first, second, third = queue(erp, count=3, flow=flow)
    (other,) = queue(erp)
    deliver_due()
    assert [state(each) for each in (first, second, third, other)] == ["ready", "ready", "ready", "delivered"]
    due_now()
    deliver_due()
    assert list(system.done) == [other, first, second, third]


def test_a_refusal_lets_the_next_one_go(erp):
    system, flow = system_of(erp), uuid4()
    system.faults.append((REFUSED, False))
    first, second = queue(erp, count=2, flow=flow)
    deliver_due()
    assert (state(first), state(second)) == ("refused", "delivered")


def test_commands_of_an_order_to_different_systems_do_not_wait_for_each_other(erp):
    other, flow = endpoint(of=erp.connection.company, role="wms"), uuid4()
    system_of(erp).faults.append((BROKEN, False))
    (first,), (second,) = queue(erp, flow=flow), queue(other, flow=flow)
    deliver_due()
    assert (state(first), state(second)) == ("ready", "delivered")


def test_no_more_than_a_few_are_under_way_on_one_connection(erp):
    queue(erp, count=20)
    assert len(claim_commands(limit=50)) == claims.AT_ONCE
    assert claim_commands(limit=50) == []


# Giving up


def test_a_command_that_is_not_taken_for_a_day_has_failed(erp):
    (command,) = queue(erp)
    system_of(erp).faults.extend([(BROKEN, False)] * 2)
    deliver_due()
    assert state(command) == "ready"
    due_now()
    OutboxMessage.objects.update(sent_at=LONG_AGO)
    deliver_due()
    row = OutboxMessage.objects.get(pk=command)
    assert (row.state, row.failure) == ("failed", "unavailable")
    assert row.finished_at is not None


def test_what_nobody_can_find_out_stays_unknown_for_a_person(erp, monkeypatch):
    monkeypatch.setattr(
        "integrations.connectors.memory.connector.MemoryConnector.read_back", lambda self, command: DROPPED
    )
    (command,) = queue(erp)
    system_of(erp).faults.append((DROPPED, True))
    deliver_due()
    due_now()
    OutboxMessage.objects.update(sent_at=LONG_AGO)
    deliver_due()
    row = OutboxMessage.objects.get(pk=command)
    assert (row.state, row.finished_at) == ("unknown", None)
    assert row.given_up_at is not None
    due_now()
    assert deliver_due() == 0
    monkeypatch.undo()
    assert retry_commands(scope=scope_of(erp), user=person(erp), ids=[command]) == []
    deliver_due()
    assert state(command) == "delivered"
    assert system_of(erp).asked == [command], "read back, not sent"


# Breaker and pause


def test_after_failures_in_a_row_the_connection_is_left_alone_then_one_command_tries(erp):
    system = system_of(erp)
    commands = queue(erp, count=12)
    system.faults.extend([(BROKEN, False)] * 5)
    deliver_due(limit=5)
    own = Endpoint.objects.get()
    assert own.failures == 5
    assert own.open_until is not None
    OutboxMessage.objects.update(due_at=LONG_AGO)
    assert deliver_due() == 0, "open"
    Endpoint.objects.update(open_until=LONG_AGO)
    assert len(claim_commands(limit=50)) == 1, "half open"
    OutboxMessage.objects.update(lease_until=LONG_AGO, due_at=LONG_AGO)
    deliver_due()
    assert Endpoint.objects.get().failures == 0
    assert {state(each) for each in commands} == {"delivered"}
    assert len(system.done) == 12


def test_refusals_open_no_breaker(erp):
    queue(erp, count=8)
    system_of(erp).refuses["order.line.confirm"] = "No."
    deliver_due()
    own = Endpoint.objects.get()
    assert (own.failures, own.open_until) == (0, None)


def test_a_paused_connection_sends_nothing_says_by_whom_and_goes_on_when_resumed(erp):
    user = person(erp)
    with pytest.raises(InputError):
        pause_connection(scope=scope_of(erp), user=user, endpoint_id=erp.pk, reason=" ")
    pause_connection(scope=scope_of(erp), user=user, endpoint_id=erp.pk, reason="They move house")
    (command,) = queue(erp)
    assert deliver_due() == 0
    own = Endpoint.objects.get()
    assert (own.paused_by, own.pause_reason) == (str(user), "They move house")
    resume_connection(scope=scope_of(erp), user=user, endpoint_id=erp.pk)
    deliver_due()
    assert state(command) == "delivered"
    said = list(DeliveryWord.objects.order_by("id").values_list("what", "who", "why"))
    assert said == [("paused", str(user), "They move house"), ("resumed", str(user), "")]


# People


def test_a_failed_command_is_sent_again_by_a_person_and_only_that_is_told_of(erp):
    (command,) = queue(erp)
    OutboxMessage.objects.update(state="failed", finished_at=LONG_AGO, told_at=LONG_AGO, attempts=9)
    DeliveryAttempt.objects.create(message_id=command, number=9, result="retry", ended_at=LONG_AGO)
    assert retry_commands(scope=scope_of(erp), user=person(erp), ids=[command], reason="Mended") == []
    row = OutboxMessage.objects.get(pk=command)
    assert (row.state, row.told_at, row.finished_at, row.retried_from) == ("ready", None, None, 9)
    deliver_due()
    assert state(command) == "delivered"
    assert DeliveryWord.objects.get().why == "Mended"


def test_what_cannot_be_sent_again_says_why(erp):
    refused, held, busy = queue(erp)[0], queue(erp, ready=False)[0], queue(erp)[0]
    OutboxMessage.objects.filter(pk=refused).update(state="refused")
    claim_commands(limit=5)
    left = retry_commands(scope=scope_of(erp), user=person(erp), ids=[refused, held, busy])
    assert {each.id: each.why for each in left} == {
        refused: "It was refused, and would be again: decide anew.",
        held: "It waits for another command to be confirmed.",
        busy: "It is being sent just now.",
    }
    assert not DeliveryWord.objects.exists()


def test_a_command_is_taken_back_by_the_program_only_while_nobody_tried_it(erp):
    fresh, held, tried = queue(erp)[0], queue(erp, ready=False)[0], queue(erp)[0]
    OutboxMessage.objects.filter(pk=tried).update(attempts=1)
    assert set(cancel_commands(ids=[fresh, held, tried], why="Not needed any more")) == {fresh, held}
    assert [state(each) for each in (fresh, held, tried)] == ["cancelled", "cancelled", "ready"]


def test_a_person_may_take_back_what_is_unknown_and_says_why(erp):
    user = person(erp)
    (command,) = queue(erp)
    OutboxMessage.objects.update(state="unknown", given_up_at=LONG_AGO, attempts=3)
    with pytest.raises(InputError):
        withdraw_commands(scope=scope_of(erp), user=user, ids=[command], reason="")
    assert withdraw_commands(scope=scope_of(erp), user=user, ids=[command], reason="Done by phone") == []
    row = OutboxMessage.objects.get()
    assert (row.state, row.outcome) == ("cancelled", f"Cancelled by {user}: Done by phone")
    (left,) = withdraw_commands(scope=scope_of(erp), user=user, ids=[command], reason="Again")
    assert left.why == "It is cancelled already."


def test_nobody_moves_commands_or_connections_of_others(erp):
    other = endpoint()
    (command,) = queue(erp)
    user, scope = person(other), scope_of(other)
    for call in (
        lambda: retry_commands(scope=scope, user=user, ids=[command]),
        lambda: withdraw_commands(scope=scope, user=user, ids=[command], reason="x"),
        lambda: pause_connection(scope=scope, user=user, endpoint_id=erp.pk, reason="x"),
        lambda: resume_connection(scope=scope, user=user, endpoint_id=erp.pk),
    ):
        with pytest.raises(NotFoundError):
            call()


# Which endpoint


def test_the_nearest_endpoint_of_a_role_counts(erp):
    company = erp.connection.company
    general = endpoint(of=company, role="supplier")
    acme = endpoint(of=company, role="supplier", partner_id=7)
    dallas = endpoint(of=company, role="wms", place_id=3)
    endpoint(role="supplier")

    def find(role: str, **where: int) -> Endpoint | None:
        return endpoint_of(company_id=company.pk, role=role, **where)

    assert find("supplier", partner_id=7) == acme
    assert find("supplier", partner_id=8) == general
    assert find("wms", place_id=3) == dallas
    assert find("wms", place_id=4) is None
    assert find("erp", partner_id=7, place_id=3) == erp
    assert find("tms") is None


# At once


@pytest.mark.django_db(transaction=True)
def test_many_deliverers_at_once_do_each_command_once():
    own = endpoint()
    flow = uuid4()
    commands = [*queue(own, count=20), *queue(own, count=5, flow=flow)]
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait(30)
        try:
            while OutboxMessage.objects.filter(state="ready").exists():
                deliver_due()
        finally:
            delivering.database.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    system = system_of(own)
    assert sorted(system.asked) == sorted(commands)
    assert [each for each in system.done if each in commands[20:]] == commands[20:]


@pytest.mark.django_db(transaction=True)
def test_a_command_leaves_only_if_its_transaction_commits():
    own = endpoint()
    with transaction.atomic():
        queue(own)
        transaction.set_rollback(True)
    assert deliver_due() == 0
    with transaction.atomic():
        (command,) = queue(own)
        assert not system_of(own).asked
    deliver_due()
    assert system_of(own).asked == [command]
