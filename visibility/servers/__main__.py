"""`python -m visibility.servers status|start|stop|delete`: the servers without anything around them."""

import argparse
import os
import shutil
import signal
import sys

from visibility.servers.addresses import addresses
from visibility.servers.errors import ServersError
from visibility.servers.holders import list_holders
from visibility.servers.locks import is_held, try_lock, wait_for_release
from visibility.servers.supervisor import Supervisor, find_supervisor, launch_self, running
from visibility.servers.waiting import say, wait_until

_KEEPER = "kept running"


def main() -> int:
    """Read the command line and do it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m visibility.servers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="what is running, where, and who uses it")
    commands.add_parser("start", help="start the servers and leave them running")
    stop = commands.add_parser("stop", help="end what `start` began; the servers stop with their last user")
    stop.add_argument("--now", action="store_true", help="stop them whoever uses them")
    commands.add_parser("delete", help="stop the servers and delete their data")
    # For ourselves: the processes that `running` and `start` leave behind.
    commands.add_parser("keep")
    commands.add_parser("watch").add_argument("lifetime", type=int)
    chosen = parser.parse_args()
    supervisor = find_supervisor()
    if chosen.command == "watch":
        supervisor.watch(chosen.lifetime)
        return 0
    if not addresses().embedded:
        say("DATABASE_URL and REDIS_URL are set: nothing is run from here.")
        return 0
    if chosen.command == "stop":
        return _stop(supervisor, now=chosen.now)
    return {"status": _status, "start": _start, "keep": _keep, "delete": _delete}[chosen.command](supervisor)


def _status(supervisor: Supervisor) -> int:
    found = addresses()
    lines = [f"State       {supervisor.places.state}", f"Data        {supervisor.places.data}"]
    for server, url in zip(supervisor.servers, (found.database_url, found.redis_url), strict=True):
        pid = server.find()
        state = f"running, process {pid}" if pid else "not running"
        lines.append(f"{server.name:<11} {state}: {url}")
    lines += [
        f"Used by     process {holder.pid}: {holder.command} ({holder.purpose})"
        for holder in list_holders(supervisor.places.holders)
    ]
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


def _start(supervisor: Supervisor) -> int:
    alive = supervisor.places.state / "keeper.alive"
    with running(purpose="start"):
        lifetime = try_lock(alive)
        if lifetime is not None:
            log = supervisor.places.state / "keeper.log"
            launch_self(supervisor.places, ["keep"], log=log, lifetime=lifetime)
            os.close(lifetime)
        wait_until(lambda: bool(_keepers(supervisor)) or not is_held(alive), what="the servers to be kept")
    return _status(supervisor)


def _keep(_: Supervisor) -> int:
    # Blocked from the start, so that a stop that comes early is not lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with running(purpose=_KEEPER):
        signal.sigwait({signal.SIGTERM})
    return 0


def _stop(supervisor: Supervisor, *, now: bool) -> int:
    for pid in _keepers(supervisor):
        os.kill(pid, signal.SIGTERM)
    wait_for_release(supervisor.places.state / "keeper.alive")
    if now:
        supervisor.stop_now()
    return _status(supervisor)


def _delete(supervisor: Supervisor) -> int:
    places = supervisor.places
    _stop(supervisor, now=False)
    if list_holders(places.holders):
        say("The servers are in use; nothing was deleted.")
        return 1
    supervisor.stop_now()
    for name in ("postgres", "valkey", "binaries"):
        shutil.rmtree(places.data / name, ignore_errors=True)
    for folder in (places.holders, places.sockets):
        shutil.rmtree(folder, ignore_errors=True)
    for stem in (*(server.name.lower() for server in supervisor.servers), "watchdog", "keeper"):
        for suffix in ("alive", "log", "old"):
            (places.state / f"{stem}.{suffix}").unlink(missing_ok=True)
    places.lock.unlink(missing_ok=True)
    for folder in {places.data, places.state}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return 0


def _keepers(supervisor: Supervisor) -> list[int]:
    return [holder.pid for holder in list_holders(supervisor.places.holders) if holder.purpose == _KEEPER]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServersError as error:
        say(str(error))
        sys.exit(1)
