"""`make faults`: break a site of its own for minutes and see that nothing is lost and nothing counts twice.

Prints figures last, one `name: value` a line; progress goes to stderr. Exit status 1: something is wrong.
"""

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import django
from django.db import connections

# Nothing of the caller's: the run has servers of its own, in a folder of its own.
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
    os.environ.pop(name, None)
FOLDER = Path(os.path.realpath(tempfile.mkdtemp(prefix="throughline-faults-")))
os.environ["VISIBILITY_STATE_DIR"] = os.fspath(FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
if os.geteuid() == 0:
    FOLDER.chmod(0o755)  # the servers' own user has to get in
django.setup()

from tests.faults.examine import Report, examine  # noqa: E402  Django has to be set up before its models are read
from tests.faults.run import Plan, Run, say, set_up  # noqa: E402
from visibility import servers  # noqa: E402
from visibility.servers.supervisor import find_supervisor  # noqa: E402


def read_plan() -> tuple[Plan, bool]:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--seconds", type=float, default=420, help="of sending and breaking")
    parser.add_argument("--rate", type=float, default=8, help="messages a second")
    parser.add_argument("--fault-every", type=float, default=1.8, help="seconds")
    parser.add_argument("--killers", type=int, default=6, help="messages that kill their worker")
    parser.add_argument("--drain-seconds", type=float, default=240)
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    given = parser.parse_args()
    plan = Plan(
        seed=given.seed,
        seconds=given.seconds,
        rate=given.rate,
        fault_every=given.fault_every,
        killers=given.killers,
        drain_seconds=given.drain_seconds,
    )
    return plan, given.keep


def perform(plan: Plan, folder: Path) -> Report:
    """Set up, run and examine. The servers are up; they are the caller's."""
    company_id, keys = set_up()
    connections.close_all()
    run = Run(plan, folder, keys)
    asyncio.run(run.live())
    say("all programs ended; comparing")
    connections.close_all()
    # A server that was killed last may be down: nobody keeps it any more.
    for server in run.site.supervisor.servers:
        server.ensure()
    return examine(run, company_id)


def main() -> int:
    """One run; the exit status."""
    try:
        plan, keep = read_plan()
    except SystemExit:  # only help was wanted, or a word was wrong
        FOLDER.rmdir()
        raise
    # Being told to end is Ctrl-C, which asyncio turns into an orderly end.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    say(f"seed {plan.seed}; folder {FOLDER}")
    failed = True
    try:
        with servers.running(purpose="faults"):
            report = perform(plan, FOLDER)
        failed = bool(report.failures)
    except KeyboardInterrupt:
        say("stopped")
        return 130
    finally:
        find_supervisor().stop_now()
        if keep or failed:
            say(f"logs are kept in {FOLDER}")
        else:
            for folder in (find_supervisor().places.sockets, FOLDER):
                shutil.rmtree(folder, ignore_errors=True)
    for failure in report.failures:
        say(f"WRONG  {failure}")
    for name, value in report.figures.items():
        sys.stdout.write(f"{name}: {value}\n")
    sys.stdout.write(f"result: {'failed' if failed else 'nothing lost, nothing doubled'}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
