"""Counters are what counting gives, whoever changes what, and cost no writer a wait."""

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from factories import (
    accepted,
    answer,
    answer_line,
    batch,
    closing,
    invoice,
    line,
    notice,
    one,
    order,
    process,
    receipt,
    reference,
    send,
    tell,
)
from factories import connection as way_in
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from test_workers import in_a_thread

from visibility.access.scopes import Scope, scope_of_company
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.counters import services
from visibility.counters.models import CounterDelta, CounterTotal
from visibility.counters.selectors import count_by
from visibility.counters.services import compact, compact_all
from visibility.flows.lists import flow_counts, list_flows
from visibility.flows.models import Flow
from visibility.inbox import work
from visibility.inbox.lists import list_messages
from visibility.inbox.models import Connection, Message, MessageWork, Outcome
from visibility.inbox.selectors import status_counts
from visibility.inbox.services import replay_message
from visibility.pipeline.counters import find_differences, mend
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.pipeline.worker import drain
from visibility.triage.lists import list_cases
from visibility.triage.models import ExceptionCase
from visibility.triage.selectors import kind_counts, open_counts, queue_counts

Json = dict[str, object]
NUMBERS = [f"46{n:05}" for n in range(6)]


def documents(of: str, n: int) -> list[Json]:
    """Things that may be told of an order, well and badly."""
    other = NUMBERS[n % len(NUMBERS)]
    return [
        order(of),
        order(of, line(price="10.00"), line("2", 40, price="4.00"), supplier={"ids": [f"ZZ:SUP{n % 3}"]}),
        answer(of, answer_line("1", accepted(60)), coverage="detail"),
        answer(of),
        notice(f"ASN-{n}", of=of),
        notice(f"ASN-{n}", line(order=reference(of)), line(order=reference(other)), of="", bol=f"BOL-{n}"),
        receipt(f"R-{n}", line("1", 70), of=of),
        invoice(f"I-{n}", line("1", 130, price="12.00"), of=of),
        closing(of, "1"),
        {"type": "nonsense"},
    ]


def live(at: Connection, rng: random.Random, *, steps: int) -> None:
    """Some of what may happen: messages come, are replayed, deadlines are swept, counters summed up."""
    for _ in range(steps):
        told = [
            rng.choice(documents(rng.choice(NUMBERS), rng.randrange(8))) for _ in range(rng.randrange(1, 5))
        ]
        send(at, batch(*told))
        drain()
        if rng.random() < 0.3:
            message_id = rng.choice(list(Message.objects.filter(direction="in").values_list("pk", flat=True)))
            replay_message(message_id=message_id)
            drain()
        if rng.random() < 0.2:
            sweep_due(as_of=clock.now())
        if rng.random() < 0.3:
            compact(limit=rng.choice([1, 5, 1000]))


def check_against_the_lists(scope: Scope) -> None:
    """What pages show is what they open to."""
    for queue, (n, _over) in queue_counts(scope=scope).items():
        assert n == len(list_cases(scope=scope, queue=queue, limit=1000).rows)
    for kind, n in kind_counts(scope=scope):
        assert n == len(list_cases(scope=scope, kind=kind, limit=1000).rows)
    for supplier, n in flow_counts(scope=scope, by="supplier").items():
        if supplier:
            assert n == len(list_flows(scope=scope, supplier_id=supplier, limit=1000).rows)
    for state, n in flow_counts(scope=scope, by="state").items():
        assert n == len(list_flows(scope=scope, state=state, limit=1000).rows)
    for status, n in status_counts(scope=scope).items():
        assert n == len(list_messages(scope=scope, status=status, limit=1000).rows)


@pytest.mark.django_db
@given(seed=st.integers(0, 10_000))
@hypothesis_settings(max_examples=12)
def test_whatever_happens_the_counters_are_what_counting_gives(trial: Connection, seed: int) -> None:
    with transaction.atomic():
        live(trial, random.Random(seed), steps=5)
        assert find_differences() == []
        assert CounterDelta.objects.exists() or CounterTotal.objects.exists()
        check_against_the_lists(scope_of_company(trial.company_id))
        compact_all()
        assert not CounterDelta.objects.exists()
        assert not CounterTotal.objects.filter(n=0).exists()
        assert find_differences() == []
        check_against_the_lists(scope_of_company(trial.company_id))
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_several_workers_and_a_compaction_at_once_count_right(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH_MESSAGES", 3)
    rng = random.Random(20261)
    for _ in range(60):
        told = [
            rng.choice(documents(rng.choice(NUMBERS), rng.randrange(8))) for _ in range(rng.randrange(1, 5))
        ]
        send(trial, batch(*told))
    over = threading.Event()
    moved: list[int] = []
    seen: list[list[tuple[object, ...]]] = []

    def keep_compacting() -> None:
        while not over.is_set():
            moved.append(compact(limit=7))
            seen.append(find_differences())

    def live_on() -> None:
        drain()
        list(rebuild(check=False))
        sweep_due(as_of=clock.now())

    compaction = in_a_thread(keep_compacting)
    threads = [in_a_thread(live_on) for _ in range(3)]
    for thread in threads:
        thread.join(120)
    over.set()
    compaction.join(30)
    assert not MessageWork.objects.exists()
    assert sum(n > 0 for n in moved) > 1, "summed up while they wrote"
    # A reader sees a figure that is right for its moment, also in the middle of a compaction.
    assert [wrong for wrong in seen if wrong] == []
    assert find_differences() == []
    compact_all()
    assert find_differences() == []
    check_against_the_lists(scope_of_company(trial.company_id))


@pytest.mark.django_db
def test_what_people_change_is_counted_too(trial: Connection) -> None:
    tell(trial, order(), answer("4500001", answer_line("1", accepted(60)), coverage="detail"))
    scope = scope_of_company(trial.company_id)
    before = dict(kind_counts(scope=scope))
    case = ExceptionCase.objects.filter(kind="short_confirmation").first() or ExceptionCase.objects.earliest(
        "id"
    )
    ExceptionCase.objects.filter(pk=case.pk).update(state="resolved", is_open=False)
    after = dict(kind_counts(scope=scope))
    assert Counter(before) - Counter(after) == Counter({case.kind: 1})
    ExceptionCase.objects.filter(pk=case.pk).update(is_open=True, queue="elsewhere")
    assert queue_counts(scope=scope)["elsewhere"][0] == 1
    ExceptionCase.objects.filter(pk=case.pk).delete()
    assert "elsewhere" not in queue_counts(scope=scope)
    assert find_differences() == []


@pytest.mark.django_db
def test_counters_narrow_to_what_a_reader_may_see(trial: Connection) -> None:
    acme, other = {"ids": ["ZZ:ACMEIND"]}, {"ids": ["ZZ:OTHER"]}
    tell(
        trial,
        order("4500001", supplier=acme),
        order("4500002", supplier=other),
        order("4500003", supplier=other),
    )
    stranger = way_in()
    tell(stranger, order("4500001"))
    mine = Flow.objects.get(company=trial.company, number="4500002").supplier_id
    assert mine is not None
    part = Scope(companies=(trial.company_id,), partners=(mine,))
    whole = scope_of_company(trial.company_id)
    assert sum(flow_counts(scope=part, by="state").values()) == 2
    assert sum(flow_counts(scope=whole, by="state").values()) == 3
    assert flow_counts(scope=whole, by="supplier", state="attention") == {}
    tell(trial, answer("4500002", answer_line("1", accepted(60)), coverage="detail", supplier=other))
    place = Flow.objects.get(company=trial.company, number="4500002").ship_to_id
    assert len(list_cases(scope=part).rows) == 1
    assert open_counts(scope=part, by="ship_to") == {place: len(list_cases(scope=part).rows)}
    assert status_counts(scope=part) == {}
    assert status_counts(scope=whole) == {"processed": 4}
    assert status_counts(scope=whole, connection=stranger.name) == {}
    check_against_the_lists(part)


@pytest.mark.django_db
def test_a_message_counts_as_what_its_last_translation_made_of_it(trial: Connection) -> None:
    (bad,) = process(trial, b'[{"type": "nonsense"}]')
    scope = scope_of_company(trial.company_id)
    assert status_counts(scope=scope) == {"rejected": 1}
    Outcome.objects.filter(pk=bad.pk).update(cut_short=True)
    assert status_counts(scope=scope) == {"rejected": 1, "given_up": 1}
    replay_message(message_id=bad.message_id)
    assert status_counts(scope=scope)["received"] == 1
    drain()
    assert status_counts(scope=scope) == {"rejected": 1}
    assert Outcome.objects.count() == 2
    assert find_differences() == []


@pytest.mark.django_db
def test_a_counter_that_is_wrong_is_found_and_mended(trial: Connection) -> None:
    tell(trial, order())
    compact_all()
    CounterTotal.objects.filter(what="flow").update(n=41)
    (wrong,) = find_differences()
    assert (wrong[1], wrong[-1]) == ("flow", -40)
    assert mend() == 1
    assert find_differences() == []
    assert sum(flow_counts(scope=scope_of_company(trial.company_id), by="state").values()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_never_wait_for_each_others_counters(trial: Connection) -> None:
    tell(trial, order("4500001"), order("4500002"))
    cases = list(ExceptionCase.objects.order_by("id")[:2])
    assert len(cases) == 2
    compact_all()

    def hurry(work: Callable[[], object]) -> None:
        """Without waiting for anybody's lock: a lock that is not free is an error."""
        with transaction.atomic():
            with server_cursor(connection) as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
            work()

    done: list[str] = []

    def others() -> None:
        ExceptionCase.objects.filter(pk=cases[1].pk).update(is_open=False)
        done.append("case")

    with transaction.atomic():
        # One writer has changed the very figures that the others change, and has not committed.
        ExceptionCase.objects.filter(pk=cases[0].pk).update(is_open=False)
        writer = in_a_thread(lambda: hurry(others))
        writer.join(30)
        compaction = in_a_thread(lambda: hurry(lambda: done.append(f"compacted {compact()}")))
        compaction.join(30)
    assert done == ["case", "compacted 1"], "the other's delta, not the one that is not committed"
    assert compact() == 1
    assert find_differences() == []


@pytest.mark.django_db(transaction=True)
def test_one_compaction_at_a_time_and_no_writer_waits_for_it(trial: Connection) -> None:
    tell(trial, order("4500001"))
    done: list[object] = []
    with transaction.atomic():
        assert compact() > 0
        other = in_a_thread(lambda: done.append(compact()))
        other.join(30)
        writer = in_a_thread(lambda: done.append(process(trial, one(order("4500002")))[0].status))
        writer.join(30)
        assert done == [0, "processed"]
    assert find_differences() == []
    assert services.MOST > 1
    assert count_by(scope=scope_of_company(trial.company_id), what="flow", by="state")
