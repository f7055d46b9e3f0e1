"""`python -m tests.benchmarks.singles`: one event a POST, accepted end to end, workers consuming behind it.

Sixteen keep-alive connections, each with one request under way. The client is a single loop over sockets with
requests rendered beforehand, so that it costs little of the two cores that it shares with what it measures.
Prints `single_post_per_s`, and on stderr the CPU microseconds a request of each part.
"""

import argparse
import os
import selectors
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from tests.benchmarks import events  # noqa: E402  Django has to be set up before its models are read
from tests.benchmarks.site import Bench, bench_site  # noqa: E402
from tests.benchmarks.usage import cpu_of_site  # noqa: E402
from visibility import servers  # noqa: E402

CONNECTIONS = 16
ACCEPTED = b"HTTP/1.1 202 "
FRESH = b'"duplicate": false'
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Posted:
    """How fast single events were accepted, and what each cost, in CPU microseconds by part."""

    per_second: float
    cpu: dict[str, float]


def measure_singles(*, bench: Bench, count: int, seed: int = 1) -> Posted:
    """Post so many events, one a request. RuntimeError unless each is accepted as new."""
    bodies = events.events(orders=count // events.STEPS + 1, seed=seed)[:count]
    requests = [_render(bench, body) for body in bodies]
    before = _cpu(bench)
    began = time.perf_counter()
    _post_all((bench.site.host, bench.site.port), requests)
    seconds = time.perf_counter() - began
    after = _cpu(bench)
    cpu = {name: (spent - before.get(name, 0.0)) / count * 1e6 for name, spent in after.items()}
    return Posted(per_second=count / seconds, cpu=cpu)


def _render(bench: Bench, body: bytes) -> bytes:
    head = (
        "POST /api/v1/messages HTTP/1.1\r\n"
        f"Host: {bench.site.host}:{bench.site.port}\r\n"
        f"Authorization: Bearer {bench.site.keys['bench']}\r\n"
        "Content-Type: application/cloudevents+json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _post_all(address: tuple[str, int], requests: list[bytes]) -> None:
    """Keep each connection busy until all requests are answered."""
    waiting = iter(requests)
    with selectors.DefaultSelector() as selector:
        sockets = [socket.create_connection(address, timeout=10) for _ in range(CONNECTIONS)]
        try:
            for each in sockets:
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(each, selectors.EVENT_READ, bytearray())
                _send_next(each, waiting)
            _serve(selector, waiting, len(requests))
        finally:
            for each in sockets:
                each.close()


def _serve(selector: selectors.BaseSelector, waiting: Iterator[bytes], wanted: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    answered = 0
    while answered < wanted:
        ready = selector.select(timeout=5)
        if not ready or time.monotonic() > until:
            raise RuntimeError(f"{wanted - answered} of {wanted} requests were not answered in time")
        for key, _ in ready:
            connection, buffer = key.fileobj, key.data
            assert isinstance(connection, socket.socket)
            part = connection.recv(65536)
            if not part:
                raise RuntimeError("the site closed a connection")
            buffer += part
            if _is_whole(buffer):
                buffer.clear()
                answered += 1
                _send_next(connection, waiting)


def _send_next(connection: socket.socket, waiting: Iterator[bytes]) -> None:
    request = next(waiting, None)
    if request is not None:
        connection.sendall(request)


def _is_whole(buffer: bytearray) -> bool:
    """Whether the answer is complete. RuntimeError if it is no acceptance of something new."""
    head, split, body = buffer.partition(b"\r\n\r\n")
    if not split:
        return False
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    if len(body) < int(length):
        return False
    if not head.startswith(ACCEPTED) or FRESH not in body:
        raise RuntimeError(f"not accepted as new: {bytes(buffer[:500])!r}")
    return True


def _cpu(bench: Bench) -> dict[str, float]:
    """Seconds of CPU so far: this client, the site's programs, the database."""
    return {"client": time.process_time(), **cpu_of_site(bench)}


def wait_until_done(*, bench: Bench) -> float:
    """Wait for the workers to have finished what was accepted; the seconds it took.

    RuntimeError after PATIENCE_SECONDS.
    """
    began = time.monotonic()
    until = began + PATIENCE_SECONDS
    while bench.waiting():
        if time.monotonic() > until:
            raise RuntimeError("the workers did not finish")
        time.sleep(0.05)
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    rates = []
    with servers.running(purpose="bench"), bench_site(workers=asked.workers) as bench:
        for number in range(asked.rounds + 1):
            posted = measure_singles(bench=bench, count=asked.count, seed=number)
            parts = ", ".join(f"{name} {value:.0f}" for name, value in posted.cpu.items())
            print(f"round {number}: {posted.per_second:.0f}/s; CPU µs a POST: {parts}", file=sys.stderr)
            if number:  # the first warms caches up
                rates.append(posted.per_second)
            if asked.workers:
                left = bench.waiting()
                seconds = wait_until_done(bench=bench)
                print(f"  {left} were still to be worked on: {seconds:.1f} s", file=sys.stderr)
    print(f"single_post_per_s: {statistics.median(rates):.0f}")


if __name__ == "__main__":
    main()
