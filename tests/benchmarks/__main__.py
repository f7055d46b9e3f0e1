"""`make bench`: prints figures, one `name: value` a line. Progress goes to stderr.

COPY and the pipeline take turns in one run, on the same rows; medians are printed. BENCH_SCALE=small
takes fewer rows.
"""

import http.client
import os
import statistics
import sys
import time

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from tests.benchmarks import events  # noqa: E402  Django has to be set up before its models are read
from tests.benchmarks.site import Bench, bench_site, post  # noqa: E402
from visibility import servers  # noqa: E402

SMALL = os.environ.get("BENCH_SCALE") == "small"
ROUNDS = 3 if SMALL else 5
ORDERS = 1000 if SMALL else 2000
PATIENCE_SECONDS = 120
COLUMNS = (
    "position, recorded_at, xid, company_id, type, occurred_at, connection_id, witness, system, message_id, "
    "translation, ordinal, event_id, explicit_id, envelope_at, control, document"
)


def measure_pipeline(bench: Bench, batches: list[bytes], count: int) -> float:
    """Events a second from the first POST to the last commit."""
    connection = http.client.HTTPConnection(bench.site.host, bench.site.port, timeout=120)
    began = time.perf_counter()
    for batch in batches:
        post(bench=bench, connection=connection, body=batch, content_type=events.BATCH)
    until = began + PATIENCE_SECONDS
    while bench.waiting():
        if time.perf_counter() > until:
            raise RuntimeError("the pipeline did not finish")
        time.sleep(0.01)
    return count / (time.perf_counter() - began)


def measure_copy(database: psycopg.Connection, after: int) -> tuple[float, int]:
    """Rows a second of COPY into a logged table of the same columns without index; and the last position."""
    with database.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_copy")
        cursor.execute("CREATE TABLE bench_copy AS SELECT * FROM ledger_entry WITH NO DATA")
        cursor.execute(
            f"SELECT {COLUMNS.replace('document', 'document::text')} FROM ledger_entry WHERE position > %s "
            "ORDER BY position",
            [after],
        )
        rows = cursor.fetchall()
        began = time.perf_counter()
        with database.transaction(), cursor.copy(f"COPY bench_copy ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return len(rows) / (time.perf_counter() - began), rows[-1][0]


def main() -> None:
    figures: dict[str, list[float]] = {"copy": [], "pipeline": []}
    with servers.running(purpose="bench"), bench_site(workers=1) as bench:
        position = 0
        for number in range(ROUNDS + 1):
            bodies = events.events(orders=ORDERS, seed=number)
            rate = measure_pipeline(bench, events.batches(bodies), len(bodies))
            copied, position = measure_copy(bench.owner, position)
            print(f"round {number}: pipeline {rate:.0f}/s, copy {copied:.0f}/s", file=sys.stderr)
            if number:  # the first warms caches up
                figures["pipeline"].append(rate)
                figures["copy"].append(copied)
    copy, pipeline = (statistics.median(figures[name]) for name in ("copy", "pipeline"))
    print(f"copy_events_per_s: {copy:.0f}")
    print(f"pipeline_events_per_s_1w: {pipeline:.0f}")
    print(f"pipeline_to_copy_1w: {pipeline / copy:.3f}")


if __name__ == "__main__":
    main()
