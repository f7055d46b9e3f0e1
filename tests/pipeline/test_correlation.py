"""Which orders a document belongs to, whatever came first and however many workers there are."""

import itertools
import threading
from collections.abc import Callable

import pytest
from django.db import connections
from factories import (
    NORTHGATE,
    answer,
    batch,
    codes,
    connection,
    interchange,
    invoice,
    line,
    notice,
    one,
    order,
    process,
    receipt,
    reference,
    send,
    states,
    status,
    tell,
    trace,
    traces,
    without_arrival,
    x12_answer,
    x12_order,
)

from visibility.canonical.keys import Key
from visibility.core.identifiers import correlation_id
from visibility.flows.models import Flow
from visibility.inbox.models import Connection, MessageWork, Outcome
from visibility.ledger.models import LedgerEntry, Membership
from visibility.pipeline.worker import drain
from visibility.triage.models import ExceptionCase

Check = Callable[[], None]
LIFE = (
    order(id="o"),
    answer(id="a"),
    notice(id="n", bol="BOL-1"),
    receipt(id="r"),
    invoice(id="i"),
)


@pytest.mark.django_db
@pytest.mark.parametrize("last", [0, 4], ids=["order first", "order last"])
def test_documents_before_their_order_wait_in_its_flow(
    trial: Connection, last: int, rebuilt_the_same: Check
) -> None:
    tell(trial, *(LIFE if last == 0 else LIFE[::-1]))
    found = trace("4500001")
    (own,) = found["lines"]
    assert [own[name] for name in ("ordered", "confirmed", "shipped", "received", "invoiced")] == ["100"] * 5
    assert [m["state"] for m in found["milestones"]] == ["done"] * 8
    assert {entry["type"] for entry in found["entries"]} == {event["type"] for event in LIFE}
    rebuilt_the_same()


@pytest.mark.django_db
def test_the_order_last_gives_the_trace_of_the_order_first(trial: Connection) -> None:
    other = connection(of=trial.company)
    tell(trial, *LIFE)
    first = without_arrival(trace("4500001"))
    assert states(trial, ["4500001"])[0] == first
    # The same documents about another order, the other way round, differ in nothing but its number.
    renamed = [_renumbered(event) for event in reversed(LIFE)]
    tell(other, *renamed)
    second = without_arrival(trace("4500009"))
    for name in ("lines", "milestones"):
        assert first[name] == second[name]
    assert [c["kind"] for c in first["cases"]] == [c["kind"] for c in second["cases"]]


def _renumbered(event: dict[str, object]) -> dict[str, object]:
    data = dict(event["data"])  # type: ignore[call-overload]
    data["order"] = reference("4500009")
    return event | {"id": f"again-{event['id']}", "data": data}


@pytest.mark.django_db
def test_before_its_order_a_flow_is_not_yet_ordered(trial: Connection) -> None:
    tell(trial, notice())
    found = trace("4500001")
    assert found["order"] == {
        "number": "4500001",
        "release": "",
        "type": "",
        "supplier": "Acme Industries",
        "ship_to": "Dallas DC",
        "ordered_on": None,
    }
    assert found["milestones"][0]["state"] != "done"


# In transactions of their own, because a membership bears the time of its entry's.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("arrival", [(0, 1, 2), (2, 0, 1), (2, 1, 0)])
def test_a_status_that_knows_only_a_bill_of_lading_joins_through_the_ship_notice(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = (order(), notice(bol="BOL-1"), status("BOL-1"))
    tell(trial, *(sent[i] for i in arrival))
    found = trace("4500001")
    assert {entry["type"] for entry in found["entries"]} == {event["type"] for event in sent}
    assert {m["name"]: m["state"] for m in found["milestones"]}["arrived"] == "done"
    assert trace("bol:BOL-1")["correlation_id"] == found["correlation_id"]
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_status_of_an_unknown_bill_of_lading_is_kept_and_belongs_to_no_order(trial: Connection) -> None:
    (done,) = tell(trial, status("BOL-77"))
    assert (done.status, done.entries) == ("processed", 1)
    assert not Membership.objects.exists()
    assert not Flow.objects.exists()


TWO = notice(
    "ASN-2",
    line(quantity=30, order=reference("4500001")),
    line(quantity=50, order=reference("4500002")),
    of="",
    id="two",
)


@pytest.mark.django_db
@pytest.mark.parametrize("arrival", list(itertools.permutations(range(3))))
def test_a_notice_of_two_orders_is_a_member_of_both_and_melts_nothing(
    trial: Connection, arrival: tuple[int, ...], rebuilt_the_same: Check
) -> None:
    sent = (order("4500001"), order("4500002"), TWO)
    tell(trial, *(sent[i] for i in arrival))
    assert Flow.objects.count() == 2
    assert trace("4500001")["lines"][0]["shipped"] == "30"
    assert trace("4500002")["lines"][0]["shipped"] == "50"
    assert {t["order"]["number"] for t in traces("ASN-2")} == {"4500001", "4500002"}
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_notice_of_two_orders_tells_each_by_its_own_number_before_either_is_known(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, TWO)
    first, second = trace("po:4500001"), trace("po:4500002")
    assert (first["order"]["number"], second["order"]["number"]) == ("4500001", "4500002")
    assert [own["shipped"] for own in first["lines"]] == ["30"]
    assert [own["shipped"] for own in second["lines"]] == ["50"]
    rebuilt_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("unscoped_first", [True, False])
@pytest.mark.parametrize("together", [True, False])
def test_a_number_without_issuer_joins_the_only_candidate(
    trial: Connection, unscoped_first: bool, together: bool, rebuilt_the_same: Check
) -> None:
    sent = [order(), notice(issuer="")]
    if unscoped_first:
        sent.reverse()
    if together:
        process(trial, batch(*sent))
    else:
        tell(trial, *sent)
    found = trace("4500001")
    assert found["correlation_id"] == _named(NORTHGATE)
    assert found["lines"][0]["shipped"] == "100"
    if unscoped_first and not together:
        assert trace(_named(""))["correlation_id"] == found["correlation_id"]
        assert found["aliases"] == [_named("")]
    rebuilt_the_same()


def _named(scope: str) -> str:
    key = Key("po", scope, "4500001")
    return str(correlation_id(company="trial", scheme=key.scheme, scope=key.scope, value=key.value))


@pytest.mark.django_db
def test_a_number_without_issuer_that_fits_two_orders_is_kept_with_a_case_and_its_neighbours_go_on(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, order(), order(issuer="ZZ:SOUTHGATE"))
    (done,) = process(trial, batch(notice(issuer=""), order("4500002")))
    assert (done.status, done.entries, codes(done)) == ("processed", 2, ["ambiguous_order"])
    case = ExceptionCase.objects.get(kind="ambiguous_order")
    assert case.is_open
    assert [row[0] for row in case.evidence] == [
        "Order 4500001 of ZZ:NORTHGATE",
        "Order 4500001 of ZZ:SOUTHGATE",
    ]
    assert {t["lines"][0]["shipped"] for t in traces("po:4500001")} == {None}
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_notice_in_doubt_about_one_of_its_orders_counts_for_the_other(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    tell(trial, order(), order(issuer="ZZ:SOUTHGATE"), order("4500005"))
    unclear = notice(
        "ASN-5",
        line(order=reference("4500001", issuer="")),
        line(order=reference("4500005")),
        of="",
    )
    (done,) = tell(trial, unclear)
    assert (done.status, codes(done)) == ("processed", ["ambiguous_order"])
    assert trace("4500005")["lines"][0]["shipped"] == "100"
    rebuilt_the_same()


@pytest.mark.django_db
def test_a_number_in_other_capitals_is_the_same_number(trial: Connection, rebuilt_the_same: Check) -> None:
    tell(trial, order("NG-7a"), answer("ng-7A "), invoice("INV-1", of="NG-7A"))
    (own,) = trace("ng-7a")["lines"]
    assert (own["confirmed"], own["invoiced"]) == ("100", "100")
    rebuilt_the_same()


@pytest.mark.django_db
def test_x12_and_events_of_one_order_meet(trial: Connection) -> None:
    process(
        trial,
        interchange(x12_answer(), group="PR", sender="ACMEIND", receiver="NORTHGATE"),
        interchange(x12_order()),
    )
    tell(trial, notice())
    found = trace("4500001")
    assert {e["type"] for e in found["entries"]} == {
        "order.placed",
        "order.acknowledged",
        "shipment.notified",
    }


# Workers at the same time


def _at_once(*works: Callable[[], object]) -> None:
    """Run the works in threads that start together; the first error of any is raised."""
    start, errors = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait()
            work()
        except Exception as error:  # told in the test's own thread
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


def _draining(message_id: object) -> Callable[[], object]:
    return lambda: drain(message_ids=[message_id])  # type: ignore[list-item]


@pytest.mark.django_db(transaction=True)
def test_an_order_and_its_notice_at_the_same_instant_always_join(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    for round_ in range(60):
        number = f"46{round_:05}"
        # In every third round the notice names no issuer, in every second a status follows its bill.
        issuer = "" if round_ % 3 == 0 else NORTHGATE
        sent = [
            order(number),
            notice(f"ASN-{round_}", of=number, issuer=issuer, bol=f"BOL-{round_}"),
            status(f"BOL-{round_}"),
        ]
        ids = [send(trial, one(event)).message_id for event in (sent if round_ % 2 else sent[:2])]
        _at_once(*(_draining(message_id) for message_id in ids))
        found = trace(number)
        assert found["correlation_id"] == str(
            correlation_id(company="trial", scheme="po", scope=NORTHGATE, value=number)
        )
        assert len(found["entries"]) == len(ids)
    assert not MessageWork.objects.exists()
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
def test_documents_at_the_same_instant_join_also_where_their_numbers_were_seen_before(
    trial: Connection, rebuilt_the_same: Check, caplog: pytest.LogCaptureFixture
) -> None:
    for round_ in range(25):
        number, bol = f"46{round_:05}", f"BOL-{round_}"
        # The bill was told of already, and the order's number is in use by somebody else.
        tell(trial, status(bol), order(number, issuer="ZZ:SOUTHGATE"))
        sent = (order(number), notice(f"ASN-{round_}", of=number, bol=bol), status(bol))
        _at_once(*(_draining(send(trial, one(event)).message_id) for event in sent))
        both = {t["correlation_id"]: len(t["entries"]) for t in traces(f"po:{number}")}
        own = correlation_id(company="trial", scheme="po", scope=NORTHGATE, value=number)
        assert both.pop(str(own)) == 4
        assert list(both.values()) == [1]
    assert Flow.objects.count() == 50
    # Nobody needed a second try: whoever comes second waits and then sees what the first one made.
    assert [record.getMessage() for record in caplog.records] == []
    rebuilt_the_same()


@pytest.mark.django_db(transaction=True)
def test_workers_on_overlapping_orders_lose_nothing_and_come_to_an_end(
    trial: Connection, rebuilt_the_same: Check
) -> None:
    numbers = [f"47{n:05}" for n in range(25)]
    ways = [numbers, numbers[::-1], numbers[12:] + numbers[:12]]
    bodies = []
    for way, kind in itertools.product(ways, (order, answer, notice)):
        if kind is notice:
            bodies.append(batch(*(notice(f"ASN-{n}", of=n, bol=f"BOL-{n[-1]}") for n in way)))
        else:
            bodies.append(batch(*(kind(n) for n in way)))
    bodies += [batch(*(status(f"BOL-{n[-1]}") for n in numbers)) for _ in range(2)]
    ids = [send(trial, body).message_id for body in bodies]
    _at_once(*(_draining(message_id) for message_id in ids[0:4]))
    _at_once(*(_draining(message_id) for message_id in ids[4:8]))
    _at_once(*(_draining(message_id) for message_id in ids[8:]))
    assert not MessageWork.objects.exists()
    assert {o.status for o in Outcome.objects.all()} == {"processed"}
    assert not any(outcome.problems for outcome in Outcome.objects.all())
    assert LedgerEntry.objects.count() == len(bodies) * len(numbers)
    assert Flow.objects.count() == len(numbers)
    rebuilt_the_same()
