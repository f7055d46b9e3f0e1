"""An order and its notice posted at the same instant, a thousand times, workers racing: always joined."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections
from factories import Json, batch, line, notice, one, order, process, receipt, send, status

from visibility.inbox.models import Connection, MessageWork, Outcome
from visibility.pipeline.worker import drain

TIMES = 1000
WORKERS = 2
"""For each of the two tiers, so that an order and its notice are never in one chunk."""

Check = Callable[[], None]


def _before(number: int) -> list[Json]:
    """What was known of it long before: of some, that their bill of lading is under way."""
    return [status(f"BOL-{number:05}", what="departed")] if number % 5 in (1, 2) else []


def _pair(number: int) -> tuple[list[Json], list[Json]]:
    """What the two sides send of one order: by turns tidy, unscoped, known by its papers only."""
    name, asn, bol = f"46{number:05}", f"ASN-{number:05}", f"BOL-{number:05}"
    match number % 5:
        case 0:
            return [order(name)], [notice(asn, of=name)]
        case 1 | 2:  # a carrier knows the bill of lading only
            return [order(name), status(bol)], [notice(asn, of=name, bol=bol)]
        case 3:  # the notice does not say whose number it is
            return [order(name)], [notice(asn, of=name, issuer="")]
        case _:  # the warehouse knows the notice only, and the order does not say whose number it is
            received = receipt(f"R-{number:05}", line(), of="", shipment=asn)
            del received["data"]["order"]
            return [order(name, issuer="")], [notice(asn, of=name), received]


@pytest.fixture
def sides(trial: Connection) -> list[Connection]:
    return [
        Connection.objects.create(company=trial.company, name=f"side-{tier.replace('_', '-')}", tier=tier)
        for tier in (Connection.Tier.REALTIME, Connection.Tier.BATCH)
    ]


def _post(side: Connection, bodies: list[list[Json]], together: threading.Barrier) -> None:
    for own in bodies:
        together.wait()
        for sent in own:
            send(side, one(sent))


def _drain(tier: str, posted: threading.Event) -> None:
    while not posted.is_set() or MessageWork.objects.filter(tier=tier).exists():
        drain(tier=tier)


def _orders_of_entries() -> Iterator[tuple[str, frozenset[str]]]:
    """The type of each entry, and the numbers of the orders it is a member of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.type, array_agg(DISTINCT k.value) FILTER (WHERE k.value <> '') FROM ledger_entry e "
            "LEFT JOIN ledger_membership m USING (position) "
            "LEFT JOIN ledger_correlation_key k ON k.flow_id = m.flow_id GROUP BY e.position, e.type"
        )
        for kind, orders in cursor.fetchall():
            yield kind, frozenset(orders or ())


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_an_order_and_its_notice_posted_at_the_same_instant_are_always_joined(
    sides: list[Connection], rebuilt_the_same: Check
) -> None:
    pairs = [_pair(number) for number in range(TIMES)]
    earlier = [sent for number in range(TIMES) for sent in _before(number)]
    process(sides[0], batch(*earlier))
    together, posted, failed = threading.Barrier(2), threading.Event(), []

    def thread_of(work: Callable[..., None], *given: object) -> threading.Thread:
        def run() -> None:
            try:
                work(*given)
            except Exception as error:  # a thread's error must fail the test
                failed.append(error)
                together.abort()
                posted.set()
            finally:
                connections.close_all()

        return threading.Thread(target=run)

    posting = [
        thread_of(_post, side, [pair[number] for pair in pairs], together)
        for number, side in enumerate(sides)
    ]
    draining = [thread_of(_drain, side.tier, posted) for side in sides for _ in range(WORKERS)]
    for thread in posting + draining:
        thread.start()
    for thread in posting:
        thread.join()
    posted.set()
    for thread in draining:
        thread.join()
    assert not failed

    expected = Counter(
        (sent["type"], frozenset({f"46{number:05}"}))
        for number, pair in enumerate(pairs)
        for own in (_before(number), *pair)
        for sent in own
    )
    assert Counter(_orders_of_entries()) == expected
    assert set(Outcome.objects.values_list("status", flat=True)) == {"processed"}
    rebuilt_the_same()
