"""A process that is stopped in the middle of its transaction holds up nobody for good."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from factories import answer, one, order, outcome, send
from test_workers import _address, wait_until

from visibility.inbox.models import Connection, MessageWork
from visibility.ledger.models import LedgerEntry
from visibility.pipeline.worker import drain

STOPPING = """
import os, signal
import django
django.setup()
from visibility.inbox import work
from visibility.pipeline import finish, worker

def stop_here(**what):
    os.kill(os.getpid(), signal.SIGSTOP)
    hold_lease(**what)

hold_lease = finish.hold_lease
finish.hold_lease = stop_here
work.LEASE_SECONDS = 0.5
worker.drain()
"""


@pytest.mark.django_db
def test_a_session_that_does_nothing_in_a_transaction_is_ended_within_a_minute() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)


@pytest.mark.django_db(transaction=True)
def test_a_worker_stopped_within_its_transaction_keeps_its_orders_from_nobody(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(trial, one(order("4500001"))).message_id
    address = f"{_address()} options='-c idle_in_transaction_session_timeout=300'"
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "visibility.settings"}
    stopped = subprocess.Popen([sys.executable, "-c", STOPPING], env=environment, cwd=settings.BASE_DIR)
    try:
        wait_until(
            lambda: os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WNOWAIT | os.WNOHANG) is not None
        )
        second = send(trial, one(answer("4500001"))).message_id
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        end = time.monotonic() + 20
        while MessageWork.objects.exists() and time.monotonic() < end:
            drain()
        assert [outcome(message_id).status for message_id in (first, second)] == ["processed"] * 2
    finally:
        stopped.send_signal(signal.SIGCONT)
        stopped.wait(30)
    assert stopped.returncode == 0, "it went on, found its session gone, and ended its round in peace"
    assert LedgerEntry.objects.count() == 2
    assert not MessageWork.objects.exists()
