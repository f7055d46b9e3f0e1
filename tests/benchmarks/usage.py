"""What processes use, as Linux counts it: memory, and CPU, which other work disturbs little."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.site import Bench

MIB = 1024


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except FileNotFoundError:  # it ended meanwhile
            continue
    return found


def cpu_seconds(pid: int) -> float:
    """CPU a process has used with all its threads; none if it is gone."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except FileNotFoundError:
        return 0.0


def cpu_of_site(bench: Bench) -> dict[str, float]:
    """Seconds of CPU so far: each program of the site with its children, and the database's backends."""
    spent = {name: sum(map(cpu_seconds, family(pid))) for name, pid in bench.programs.items()}
    rows = bench.owner.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return spent | {"database": sum(cpu_seconds(pid) for (pid,) in rows)}


def told(before: Mapping[str, float], after: Mapping[str, float], count: int) -> str:
    """What each part used meanwhile, in microseconds an event, if it used any to speak of."""
    spent = {name: (value - before.get(name, 0.0)) / count * 1e6 for name, value in after.items()}
    return ", ".join(f"{name} {value:.0f}" for name, value in spent.items() if value >= 1)


def memory_mib(pid: int, *, field: str = "VmHWM") -> float:
    """A process's memory: VmHWM is the most it ever had, VmRSS what it has. 0 if it is gone."""
    try:
        found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except FileNotFoundError:
        return 0.0
    return int(found[1]) / MIB if found else 0.0


def worker_memory_mib(bench: Bench, *, field: str = "VmHWM") -> float:
    """The largest of the processes that any worker of the site consists of."""
    workers = [pid for name, pid in bench.programs.items() if name.startswith("worker-")]
    return max(memory_mib(pid, field=field) for worker in workers for pid in family(worker))
