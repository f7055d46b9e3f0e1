"""Programs of the product on a test's own database, reached over loopback as senders reach them."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from integrations.demo.feed import Site, wait_until_ready
from integrations.demo.processes import commands, free_port, running
from visibility import servers


@dataclass(frozen=True)
class Answer:
    """What a sender was told."""

    message_id: str
    duplicate: bool


def closed_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def live(*names: str, webs: int, folder: Path, broker_url: str = "") -> Iterator[list[int]]:
    """Have so many web processes up, and the programs named; the ports of the web processes."""
    ports = [free_port(wanted=8800 + 300 * number) for number in range(webs)]
    planned = [commands(web_port=port, events_port=0, state=folder) for port in ports]
    programs = {f"web-{number}": plan["web"] for number, plan in enumerate(planned)}
    programs |= {name: planned[0][name] for name in names}
    environment = {
        "DATABASE_URL": _at_this_database(servers.addresses().database_url),
        "DATABASE_OWNER_URL": _at_this_database(servers.addresses().owner_url),
        "REDIS_URL": broker_url or f"redis://127.0.0.1:{closed_port()}/0",
        "SECRET_KEY": "of-no-use-outside-of-this-test",
    }
    with running(programs=programs, environment=environment, logs=folder) as started:
        for number, port in enumerate(ports):
            site = Site(host="127.0.0.1", port=port, keys={})
            web = started[f"web-{number}"]
            wait_until_ready(site=site, alive=lambda web=web: web.poll() is None)  # type: ignore[misc]  # mypy infers no default
        yield ports


def post(*, port: int, key: str, body: bytes, content_type: str) -> Answer:
    """Post one message over a connection of its own. RuntimeError unless it was accepted."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": content_type}
        client.request("POST", "/api/v1/messages", body=body, headers=headers)
        answer = client.getresponse()
        told = answer.read()
    finally:
        client.close()
    if answer.status != http.HTTPStatus.ACCEPTED:
        raise RuntimeError(f"refused: {answer.status} {told[:300]!r}")
    found = json.loads(told)
    return Answer(message_id=found["message_id"], duplicate=found["duplicate"])


def at_once(*, times: int, work: Callable[[int], None]) -> None:
    """Call `work` with 0 … times - 1, all at the same instant. What one of them raises is raised here."""
    start, failed = threading.Barrier(times), []

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except Exception as error:  # told to the test below, in its own thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def wait_for(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Wait until the condition holds; whether it did in time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _at_this_database(address: str) -> str:
    name = str(connection.settings_dict["NAME"])
    return make_conninfo(**{**conninfo_to_dict(address), "dbname": name})
