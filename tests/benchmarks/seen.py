"""From the accept answer to the change on an open page: alone, and beside a batch that keeps two cores busy.

A page that shows an order has a stream open to the events process. The clock runs from the answer "accepted"
to the arrival of the order's own event on that stream, which is when the page tells its reader.
"""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec
from django.core import signing

from tests.benchmarks import events
from tests.benchmarks.figures import Figures, Scale, p95, tell
from tests.benchmarks.pipeline import post_all, wait_until_done
from tests.benchmarks.site import BATCH_TIER, SECRET, Bench, bench_site, post
from visibility.asgi import TOKEN_SALT

NAMES = ("accepted_to_seen_p95_ms", "accepted_to_seen_under_batch_p95_ms")
A_SECOND = 10
"""Single events, steadily."""
PATIENCE_SECONDS = 120.0
IN_HAND = 20
"""Messages of the batch that wait at any time: an import that is ahead of its worker."""
ORDERS_SEED, BACKLOG_SEED = 700, 710


class _Order(msgspec.Struct):
    number: str


class _Data(msgspec.Struct):
    order: _Order


class _Event(msgspec.Struct):
    type: str
    data: _Data


@dataclass
class Page:
    """A stream of the events process: when each order was first told of, on this process's clock."""

    wanted: frozenset[str] = frozenset()
    seen: dict[str, float] = field(default_factory=dict)
    came: threading.Condition = field(default_factory=threading.Condition)

    def expect(self, names: Sequence[str]) -> None:
        """From now on these orders' next events are looked for."""
        with self.came:
            self.wanted, self.seen = frozenset(names), {}

    def hear(self, line: bytes) -> None:
        """A line of the stream."""
        if not line.startswith(b"event: flow:"):
            return
        now, name = time.perf_counter(), line[12:].strip().decode()
        if name in self.wanted and name not in self.seen:
            with self.came:
                self.seen[name] = now
                self.came.notify_all()

    def wait_for(self, names: Sequence[str]) -> None:
        """Wait until all of them were seen. RuntimeError after PATIENCE_SECONDS."""
        with self.came:
            if not self.came.wait_for(lambda: self.seen.keys() >= set(names), timeout=PATIENCE_SECONDS):
                raise RuntimeError(f"{len(set(names) - self.seen.keys())} changes were never seen")


def measure(scale: Scale) -> Figures:
    """Both figures, in milliseconds, on one site that runs all that a demo runs."""
    with bench_site(workers=1, whole=True) as bench:
        first, second, warm = (_place_orders(bench, scale.seen, n) for n in range(3))
        with open_page(bench) as page:
            singles(bench, page, dict(list(warm.items())[:A_SECOND]))
            quiet = singles(bench, page, first)
            tell(f"seen: quiet, {len(quiet)} singles, median {sorted(quiet)[len(quiet) // 2]:.0f} ms")
            with batch_running(bench, scale.backlog) as goes_on:
                busy = singles(bench, page, second)
                if not goes_on():
                    raise RuntimeError("the batch was over before the last single event; take a larger one")
            tell(f"seen: under batch, median {sorted(busy)[len(busy) // 2]:.0f}, most {max(busy):.0f} ms")
    return dict(zip(NAMES, (p95(quiet), p95(busy)), strict=True))


def singles(bench: Bench, page: Page, answers: dict[str, bytes]) -> list[float]:
    """Post an answer for each order, A_SECOND a second; milliseconds from accepted to seen of each."""
    page.expect(list(answers))
    connection = http.client.HTTPConnection(bench.site.host, bench.site.port, timeout=60)
    accepted = {}
    due = time.perf_counter()
    for name, body in answers.items():
        time.sleep(max(due - time.perf_counter(), 0))
        post(bench=bench, connection=connection, body=body, content_type=events.EVENT)
        accepted[name] = time.perf_counter()
        due = max(due + 1 / A_SECOND, accepted[name])
    connection.close()
    page.wait_for(list(answers))
    return [max(page.seen[name] - at, 0) * 1000 for name, at in accepted.items()]


@contextmanager
def open_page(bench: Bench) -> Iterator[Page]:
    """A page that listens, once the events process does."""
    company = bench.database.execute("SELECT id FROM masterdata_company WHERE code = 'bench'").fetchone()
    assert company is not None
    token = signing.dumps({"companies": [company[0]]}, key=SECRET, salt=TOKEN_SALT)
    stream = _stream(bench, f"/events/?{urlencode({'token': token})}")
    page = Page()

    def listen() -> None:
        while line := stream.readline():
            page.hear(line)

    listener = threading.Thread(target=listen, daemon=True)  # ends with the site
    listener.start()
    yield page


@contextmanager
def batch_running(bench: Bench, messages: int) -> Iterator[object]:
    """A batch worker at work for as long as this lasts: messages of 1,000 events, some ahead of it.

    Yields a function that says whether it still has something to do.
    """
    orders = messages * 1000 // events.STEPS
    backlog = events.batches(events.events(orders=orders, seed=BACKLOG_SEED))
    stop, failures = threading.Event(), []
    before = bench.entries()

    def feed() -> None:
        try:
            while backlog and not stop.wait(0.05):
                if _waiting(bench) < IN_HAND:
                    post_all(bench, [backlog.pop(0) for _ in range(min(2, len(backlog)))], sender=BATCH_TIER)
        except Exception as error:  # told below
            failures.append(error)

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while bench.entries() - before < 1000:
            if failures or time.monotonic() > until:
                raise failures[0] if failures else RuntimeError("the batch does not begin")
            time.sleep(0.05)
        yield lambda: not failures and (bool(backlog) or _waiting(bench) > 1)
    finally:
        stop.set()
        feeder.join()
        tell(f"seen: {bench.entries() - before} events of the batch meanwhile")


def _waiting(bench: Bench) -> int:
    row = bench.owner.execute("SELECT count(*) FROM inbox_messagework WHERE tier = 'batch'").fetchone()
    return int(row[0]) if row else 0


def _stream(bench: Bench, path: str) -> http.client.HTTPResponse:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        connection = http.client.HTTPConnection(bench.site.host, bench.events_port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
            continue
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"the events process refused: {answer.status} {answer.read()[:200]!r}")
        return answer


def _place_orders(bench: Bench, count: int, number: int) -> dict[str, bytes]:
    """Bring orders in; for each, by its correlation ID, the supplier's answer that is yet to be sent."""
    placed, answers = [], {}
    for body in events.events(orders=count, seed=ORDERS_SEED + number):
        event = msgspec.json.decode(body, type=_Event)
        if event.type == "order.placed":
            placed.append(body)
        elif event.type == "order.acknowledged":
            answers[event.data.order.number] = body
    post_all(bench, events.batches(placed))
    wait_until_done(bench)
    rows = bench.database.execute(
        "SELECT number, correlation_id FROM flows_flow WHERE number = ANY(%s)", [list(answers)]
    ).fetchall()
    if len(rows) != count:
        outcomes = bench.database.execute("SELECT DISTINCT problems::text FROM inbox_outcome").fetchall()
        raise RuntimeError(f"{len(rows)} of {count} orders came in: {outcomes!r:.1000}")
    return {str(correlation_id): answers[order] for order, correlation_id in rows}
