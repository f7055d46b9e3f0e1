"""Workers, people, followers, sweeps and mending, all on the same orders at the same time."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from deciding import Toy, connect, person, scope
from django.db import connection as database
from django.db.models.functions import Now
from factories import accepted, answer, answer_line, batch, line, order, process, send

from visibility.accounts.models import User
from visibility.core import clock
from visibility.desk import services
from visibility.desk.catalogue import ACTIONS
from visibility.desk.errors import ChangedError, DecidedError
from visibility.desk.following import follow_outcomes
from visibility.desk.models import Resolution
from visibility.desk.waking import wake_waiting
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.counters import find_differences
from visibility.pipeline.mapping_runs import go_on_with_runs, start_run
from visibility.pipeline.sweep import rebuild, sweep_due
from visibility.pipeline.worker import drain
from visibility.sync.models import OutboxMessage
from visibility.triage.models import CaseMember, ExceptionCase
from visibility.triage.reconcile import DESK
from visibility.triage.working import assign_cases, comment_cases, snooze_cases, wake_cases

ORDERS = [f"48{n:05}" for n in range(30)]
SECONDS = 6.0


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(ACTIONS, "toy", Toy())
    forget_kept()
    yield
    forget_kept()


class Life:
    """Things done over and over, each by a thread of its own, until the time is over."""

    def __init__(self, at: Connection) -> None:
        self.at, self.users = at, [person(at.company, name=name) for name in ("maria", "tom")]
        self.done: Counter[str] = Counter()
        self.wrong: list[BaseException] = []
        self._dice = random.Random(7)

    def run(self, *deeds: Callable[[random.Random], object]) -> None:
        end = time.monotonic() + SECONDS

        def over_and_over(deed: Callable[[random.Random], object], seed: int) -> None:
            dice = random.Random(seed)
            try:
                while time.monotonic() < end:
                    deed(dice)
                    self.done[deed.__name__] += 1
            except BaseException as error:
                self.wrong.append(error)
            finally:
                database.close()

        threads = [
            threading.Thread(target=over_and_over, args=own) for own in zip(deeds, range(99), strict=False)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

    def work(self, dice: random.Random) -> None:
        told = [
            answer(
                number,
                answer_line("1", accepted(dice.choice((50, 60, 70, 100))), sku=f"SKU-{dice.randrange(6)}"),
                coverage="detail",
                at=f"2026-11-{dice.randrange(10, 28)}T{dice.randrange(24):02}:{dice.randrange(60):02}:00Z",
            )
            for number in dice.sample(ORDERS, 8)
        ]
        message = send(self.at, batch(*told))
        drain(message_ids=[message.message_id])

    work_too = work

    def decide(self, dice: random.Random) -> None:
        found = ExceptionCase.objects.filter(kind="confirmed_short", is_open=True).order_by("id")[:60]
        case = dice.choice(list(found) or [None])  # type: ignore[list-item]
        if case is None:
            return
        user: User = dice.choice(self.users)
        values = {"after": dice.choice(("resolved", "waiting")), "closes": dice.choice(("on", ""))}
        try:
            made = services.resolve_case(
                scope=scope(user),
                user=user,
                case_id=case.pk,
                action="toy",
                values=values,
                seen_decisions=case.decisions,
            )
            if dice.random() < 0.3:
                services.reverse_resolution(scope=scope(user), user=user, resolution_id=made.pk, reason="no")
        except (DecidedError, ChangedError):
            pass

    def answer(self, dice: random.Random) -> None:
        ready = OutboxMessage.objects.filter(state="ready").order_by("id").values_list("pk", flat=True)[:10]
        for pk in list(ready):
            OutboxMessage.objects.filter(pk=pk, state="ready").update(
                state=dice.choice(("delivered", "delivered", "refused")), finished_at=Now(), sent_at=Now()
            )
        follow_outcomes()
        wake_waiting()

    def sweep(self, _dice: random.Random) -> None:
        Flow.objects.filter(pk=Flow.objects.order_by("?").values("pk")[:1]).update(
            look_at="1970-01-01T00:00Z"
        )
        sweep_due(as_of=clock.now(), seconds=1)

    def mend(self, dice: random.Random) -> None:
        parents = list(ExceptionCase.objects.filter(kind="unknown_item", is_open=True))
        if parents:
            start_run(case_id=dice.choice(parents).pk, company_id=self.at.company_id, who="stella")
            go_on_with_runs(seconds=1)

    def handle(self, dice: random.Random) -> None:
        ids = list(ExceptionCase.objects.values_list("pk", flat=True).order_by("?")[:200])
        user = dice.choice(self.users)
        if not ids:
            return
        if dice.random() < 0.5:
            assign_cases(scope=scope(user), user=user, case_ids=ids, assignee=dice.choice(self.users))
            comment_cases(scope=scope(user), user=user, case_ids=ids, text="Look at it")
        else:
            snooze_cases(
                scope=scope(user), user=user, case_ids=ids[:40], until=None, for_type="order.acknowledged"
            )
            wake_cases(scope=scope(user), user=user, case_ids=ids)

    def settle_down(self) -> None:
        """Whatever is under way comes to its end."""
        drain()
        for _round in range(30):
            OutboxMessage.objects.filter(state="ready").update(
                state="delivered", finished_at=Now(), sent_at=Now()
            )
            if not follow_outcomes():
                break
        sweep_due(as_of=clock.now(), seconds=30)


@pytest.mark.django_db(transaction=True)
def test_all_at_once_loses_nothing_doubles_nothing_and_leaves_every_case_as_its_evidence_says(
    transactional_db: None,
) -> None:
    at = Connection.objects.get(name="trial")
    connect(at.company, "erp", "planning")
    for number in ORDERS:
        process(at, batch(order(number, line("1", sku="SKU-1"), line("2", sku="SKU-2"))))
    life = Life(at)
    life.run(life.work, life.work_too, life.decide, life.answer, life.sweep, life.mend, life.handle)
    assert not life.wrong, life.wrong
    assert {name for name, n in life.done.items() if n} >= {"work", "decide", "answer", "sweep", "handle"}, (
        life.done
    )
    life.settle_down()
    cases = list(ExceptionCase.objects.all())
    assert [case.state for case in cases if case.is_open != (case.state in DESK)] == []
    causes = Counter(OutboxMessage.objects.values_list("cause", flat=True))
    assert [cause for cause, n in causes.items() if n > 1] == []
    assert Resolution.objects.filter(state="underway").count() == 0
    assert len({(each.case_id, each.case_decisions) for each in Resolution.objects.all()}) == (
        Resolution.objects.count()
    )
    for case in cases:
        if case.flow_id is None:
            own = CaseMember.objects.filter(case=case, is_open=True).count()
            assert (case.members, case.is_open or case.state in ("snoozed", "waiting")) == (own, own > 0), (
                case
            )
    for flow in Flow.objects.all():
        open_cases = ExceptionCase.objects.filter(flow=flow, is_open=True).count()
        open_cases += CaseMember.objects.filter(flow=flow, is_open=True).count()
        assert flow.open_cases == open_cases
    assert find_differences() == []
    assert list(rebuild(check=True)) == []
