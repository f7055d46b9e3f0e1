"""Findings of one cause are one case, whoever finds them, and mending the cause once settles them all."""

import threading
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import OperationalError, transaction
from factories import accepted, answer, answer_line, batch, company, line, one, order, process, send, tell
from factories import connection as way_in
from test_workers import in_a_thread

from visibility.access.models import Grant
from visibility.access.scopes import scope_of_company
from visibility.accounts.models import Role, User
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.inbox.work import claim_work
from visibility.masterdata.models import AuditEntry, CrossReference, Item, Location, TradingPartner
from visibility.pipeline import mapping_runs
from visibility.pipeline.chunk import Chunk
from visibility.pipeline.counters import find_differences
from visibility.pipeline.mapping_runs import go_on_with_runs, map_code, progress_of
from visibility.pipeline.worker import drain, work_through
from visibility.triage.lists import list_cases
from visibility.triage.models import CaseEvent, CaseMember, ExceptionCase
from visibility.triage.selectors import cases_of_flow, members_of_case

Check = Callable[[], None]
ITEM = "unknown_item"


def numbers(n: int, start: int = 0) -> list[str]:
    return [f"47{each:05}" for each in range(start, start + n)]


def case_of(subject: str = "buyer:SKU-1042") -> ExceptionCase:
    return ExceptionCase.objects.get(kind=ITEM, subject=subject)


def steward(at: Connection) -> User:
    user = User.objects.create_user("stella", password="x", role=Role.DATA_STEWARD)
    Grant.objects.create(user=user, company=at.company)
    return user


@pytest.mark.django_db
def test_one_unknown_item_on_many_orders_is_one_case(trial: Connection, rebuilt_the_same: Check) -> None:
    process(trial, batch(*(order(number, line("1"), line("2")) for number in numbers(6))))
    case = case_of()
    assert (case.members, case.state, case.is_open, case.flow_id) == (12, "new", True, None)
    assert (case.severity, case.owner_role, case.queue) == ("medium", "data_steward", "invalid-mappings")
    assert case.sla_due_at is not None
    assert case.summary == "Item SKU-1042 is not in the item master"
    assert [each.what for each in CaseEvent.objects.filter(case=case)] == ["opened"]
    assert CaseMember.objects.filter(case=case, is_open=True).count() == 12
    scope = scope_of_company(trial.company_id)
    assert [row.id for row in list_cases(scope=scope, kind=ITEM).rows] == [case.pk]
    flow = Flow.objects.get(number=numbers(1)[0])
    assert flow.open_cases >= 2
    assert case.pk in [row.id for row in cases_of_flow(scope=scope, correlation_id=flow.correlation_id)]
    assert CaseMember.objects.filter(case=case, is_open=True).values("flow_id").distinct().count() == 6
    first = members_of_case(scope=scope, case_id=case.pk, limit=10)
    rest = members_of_case(scope=scope, case_id=case.pk, cursor=first.next_cursor, limit=10)
    assert len({row.id for row in (*first.rows, *rest.rows)}) == 12
    assert rest.next_cursor == ""
    assert find_differences() == []
    rebuilt_the_same()


@pytest.mark.django_db
def test_ten_thousand_findings_of_one_bad_mapping_are_one_case(trial: Connection) -> None:
    lines = [line(str(n)) for n in range(1, 101)]
    process(trial, batch(*(order(number, *lines) for number in numbers(100))))
    assert ExceptionCase.objects.filter(kind=ITEM).count() == 1
    assert (case_of().members, case_of().severity) == (10_000, "high")


@pytest.mark.django_db
def test_mapping_a_code_settles_all_that_waits_for_it_with_progress(
    trial: Connection, monkeypatch: pytest.MonkeyPatch, rebuilt_the_same: Check
) -> None:
    monkeypatch.setattr(mapping_runs, "BATCH_MEMBERS", 4)
    process(trial, batch(*(order(number, line("1"), line("2")) for number in numbers(5))))
    case, scope, stella = case_of(), scope_of_company(trial.company_id), steward(trial)
    item = Item.objects.create(company=trial.company, code="1042-X", name="Sleeves")
    begun = map_code(scope=scope, user=stella, case_id=case.pk, target=item.pk)
    assert (begun.done, begun.total, begun.finished) == (0, 10, False)
    assert mapping_runs._next_batch() == 4
    halfway = progress_of(case_id=case.pk)
    assert halfway is not None
    assert 4 <= halfway.done < 10  # an order brings all its lines with it
    assert not halfway.finished
    go_on_with_runs()
    done = progress_of(case_id=case.pk)
    assert done is not None
    assert (done.done, done.total, done.finished) == (10, 10, True)
    case.refresh_from_db()
    assert (case.members, case.state, case.is_open) == (0, "closed", False)
    assert CrossReference.objects.get(company=trial.company, value="buyer:SKU-1042").target == item.pk
    assert AuditEntry.objects.filter(entity="cross_reference", who="stella").exists()
    assert find_differences() == []
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_run_that_is_killed_goes_on_where_its_last_transaction_left_it(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping_runs, "BATCH_MEMBERS", 2)
    process(trial, batch(*(order(number) for number in numbers(5))))
    case = case_of()
    map_code(scope=scope_of_company(trial.company_id), user=steward(trial), case_id=case.pk)
    mapping_runs._next_batch()
    note = mapping_runs._note

    def die(*_: object) -> None:
        raise OperationalError("the worker was killed")

    monkeypatch.setattr(mapping_runs, "_note", die)
    with pytest.raises(OperationalError), transaction.atomic():
        mapping_runs._next_batch()
    case.refresh_from_db()
    assert case.members == 3  # what the killed transaction did is undone with its note
    monkeypatch.setattr(mapping_runs, "_note", note)
    go_on_with_runs()
    done = progress_of(case_id=case.pk)
    assert done is not None
    assert (done.done, done.finished) == (5, True)
    case.refresh_from_db()
    assert case.state == "closed"


@pytest.mark.django_db
def test_what_was_held_for_an_unknown_code_is_replayed_once_it_is_mapped() -> None:
    strict = way_in(of=company("strict"), on_unknown=Connection.OnUnknown.HOLD)
    for number in numbers(3):
        send(strict, one(order(number)))
    drain(tier=strict.tier)
    assert Flow.objects.count() == 0
    scope, stella = scope_of_company(strict.company_id), steward(strict)
    for case in ExceptionCase.objects.filter(kind__startswith="unknown_"):
        assert case.members == 3
        record = _record(strict, case)
        map_code(scope=scope, user=stella, case_id=case.pk, target=record)
    go_on_with_runs()
    drain(tier=strict.tier)
    assert Flow.objects.count() == 3
    assert not ExceptionCase.objects.filter(is_open=True).exists()


@pytest.mark.django_db
def test_a_cause_that_a_person_resolved_stays_so_until_another_finding_joins(trial: Connection) -> None:
    tell(trial, order("4700001"))
    ExceptionCase.objects.filter(pk=case_of().pk).update(state="resolved", is_open=False)
    tell(trial, answer("4700001", answer_line("1", accepted(100))))
    assert case_of().state == "resolved"
    tell(trial, order("4700002"))
    assert (case_of().state, case_of().members, case_of().times_reopened) == ("reopened", 2, 1)


@pytest.mark.django_db(transaction=True)
def test_workers_who_find_the_same_causes_at_once_make_one_case_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = way_in(of=company("busy"))
    items = [f"SKU-{n}" for n in range(8)]
    again: list[Chunk] = []
    fresh = Chunk.fresh

    def count(chunk: Chunk) -> Chunk:
        again.append(chunk)
        return fresh(chunk)

    # Each worker's orders name the items beginning with another: who locks them as they come meets others.
    own = [
        [
            send(at, one(_naming(number, _turned(items, worker, n)))).message_id
            for n, number in enumerate(numbers(6, start=worker * 100))
        ]
        for worker in range(4)
    ]
    monkeypatch.setattr(Chunk, "fresh", count)
    tell(at, _naming("4799999", items))  # what they are named is settled
    start = threading.Barrier(4)

    def work(ids: list[UUID]) -> None:
        start.wait(timeout=30)
        for message_id in ids:
            work_through(claims=claim_work(message_ids=[message_id]))

    threads = [in_a_thread(lambda ids=ids: work(ids)) for ids in own]
    end = time.monotonic() + 120
    for thread in threads:
        thread.join(timeout=max(end - time.monotonic(), 0.1))
    assert not any(thread.is_alive() for thread in threads)
    assert again == []  # nobody stood in a deadlock
    found = ExceptionCase.objects.filter(kind=ITEM).values_list("subject", "members", "is_open")
    assert sorted(found) == [(f"buyer:{sku}", 25, True) for sku in sorted(items)]
    assert CaseMember.objects.filter(kind=ITEM).count() == 25 * len(items)
    assert find_differences() == []


def _naming(number: str, items: list[str]) -> dict[str, object]:
    return order(number, *(line(str(n), sku=sku) for n, sku in enumerate(items, 1)))


def _turned(items: list[str], by: int, n: int) -> list[str]:
    turned = items[by:] + items[:by]
    return turned if n % 2 else turned[::-1]


def _record(at: Connection, case: ExceptionCase) -> int:
    kinds = {"unknown_item": Item, "unknown_partner": TradingPartner, "unknown_place": Location}
    record, _ = kinds[case.kind].objects.get_or_create(company=at.company, code=case.subject[:40])
    return int(record.pk)


@pytest.mark.django_db
def test_cases_from_before_findings_were_gathered_join_their_cause_when_looked_at(trial: Connection) -> None:
    tell(trial, order("4700001"))
    flow, member = Flow.objects.get(), CaseMember.objects.get(kind=ITEM)
    old = ExceptionCase.objects.create(
        company=trial.company,
        fingerprint=member.fingerprint,
        flow=flow,
        kind=ITEM,
        queue="invalid-mappings",
        subject="buyer:SKU-1042",
        severity="low",
        summary="as it was",
        opened_at=member.opened_at,
        changed_at=member.opened_at,
    )
    CaseMember.objects.filter(kind=ITEM).delete()
    ExceptionCase.objects.filter(kind=ITEM).exclude(pk=old.pk).delete()
    tell(trial, answer("4700001", answer_line("1", accepted(100))))
    old.refresh_from_db()
    assert (old.state, old.is_open, old.close_reason) == (
        "closed",
        False,
        "Gathered with others of the same cause",
    )
    (gathered,) = ExceptionCase.objects.filter(kind=ITEM, is_open=True)
    assert (gathered.members, gathered.flow_id) == (1, None)
    assert find_differences() == []
