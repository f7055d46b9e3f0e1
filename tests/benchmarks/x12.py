"""`python -m tests.benchmarks.x12`: reading an interchange of ship notices, and mapping it.

The interchange is the sandbox company's: all ship notices of its suppliers, over and over under other control
numbers. Megabytes a second of this process's CPU, which other work on the machine disturbs little.
"""

import argparse
import datetime as dt
import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from integrations.formats.x12.reader import read  # noqa: E402  Django has to be set up before mappings
from integrations.mappings.x12.translator import CONTENT_TYPE, X12Translator  # noqa: E402
from integrations.sandbox.company import NORTHGATE  # noqa: E402
from integrations.sandbox.envelope import ControlNumbers, TransactionSet, interchange  # noqa: E402
from integrations.sandbox.facts import Shipped  # noqa: E402
from integrations.sandbox.scenario import build_scenario  # noqa: E402
from integrations.sandbox.x12 import transaction_set  # noqa: E402
from visibility.inbox.ports import VerbatimMessage  # noqa: E402

SIZE = 20_000_000
ORDERS = 640
SENT_AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
MEGA = 1_000_000


def ship_notices(*, size: int) -> bytes:
    """One interchange of about so many bytes."""
    facts = build_scenario(seed=7, orders=ORDERS, anchor=SENT_AT).facts
    shipped = [fact for fact in facts if isinstance(fact, Shipped)]
    sets = [transaction_set(fact) for fact in shipped]
    chosen: list[TransactionSet] = []
    length = 0
    for each in itertools.cycle(sets):
        if length >= size:
            break
        chosen.append(each)
        length += sum(len(part) + 1 for segment in each.segments for part in segment)
    _, body = interchange(
        sender=shipped[0].supplier.party,
        receiver=NORTHGATE,
        sent_at=SENT_AT,
        sets=chosen,
        numbers=ControlNumbers(),
    )
    return body


def measure_x12(*, body: bytes, rounds: int) -> tuple[float, float]:
    """MB a second read, and MB a second read and mapped, in turns; medians. RuntimeError on any fault."""
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for rate, work in zip(rates, (_read, _map), strict=True):
            rate.append(_rate(work, body))
    return statistics.median(rates[0]), statistics.median(rates[1])


def _rate(work: Callable[[bytes], Iterator[bool]], body: bytes) -> float:
    began = time.process_time()
    if not all(work(body)):
        raise RuntimeError("the interchange has faults")
    return len(body) / MEGA / (time.process_time() - began)


def _read(body: bytes) -> Iterator[bool]:
    for part in read(body):
        yield not getattr(part, "findings", ())


def _map(body: bytes) -> Iterator[bool]:
    message = VerbatimMessage(body=body, content_type=CONTENT_TYPE)
    for unit in X12Translator().translate(message):
        yield len(unit.documents) == 1 and not unit.problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    read_rate, map_rate = measure_x12(body=ship_notices(size=asked.size), rounds=asked.rounds)
    print(f"x12_read_mb_per_s: {read_rate:.1f}")
    print(f"x12_map_mb_per_s: {map_rate:.2f}")


if __name__ == "__main__":
    main()
