"""After a run: everything that must hold, counted and timed."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.core.management import CommandError, call_command, get_commands

from tests.faults.faults import BACK_SECONDS
from tests.faults.oracle import Oracle
from tests.faults.run import Run
from tests.faults.site import direct_database
from tests.faults.traffic import TIERS


@dataclass
class Report:
    """Figures in the order they are printed, and whatever was wrong."""

    figures: dict[str, object]
    failures: list[str]

    def must_be_none(self, name: str, wrong: list[str]) -> None:
        """Count what is wrong under a name; anything at all fails the run."""
        self.figures[name] = len(wrong)
        self.failures += [f"{name}: {text}" for text in wrong[:20]]


def backs(run: Run) -> list[tuple[float, str]]:
    """For each fault: seconds from its end until a message accepted since had reached the ledger.

    The slowest of the tiers counts. What nothing was accepted after is left out.
    """
    found = []
    for fault in run.faults.done:
        slowest = None
        for tier in TIERS:
            after = [
                run.landing.landed.get(message_id, float("inf")) - fault.ended
                for told in run.book.told.values()
                if told.answers and not told.telling.kills and told.telling.ways[0] == tier
                for message_id, _ in told.answers[:1]
                if told.accepted_at >= fault.ended
            ]
            if after:
                slowest = max(min(after), slowest or 0.0)
        if slowest is not None:
            found.append((slowest, f"{fault.kind} ({fault.detail})"))
    return sorted(found)


def examine(run: Run, company_id: int) -> Report:
    """Everything that must hold, with its figures."""
    report = Report(figures={"seed": run.plan.seed, "faults in all": len(run.faults.done)}, failures=[])
    report.figures |= {f"faults: {kind}": count for kind, count in sorted(run.faults.counts().items())}
    with psycopg.connect(direct_database(), autocommit=True) as database:
        oracle = Oracle(database=database, book=run.book, company_id=company_id)
    told = list(run.book.told.values())
    report.figures["messages told"] = len(told)
    report.figures["times accepted"] = sum(len(one.answers) for one in told)
    report.figures["times answered as duplicate"] = sum(d for one in told for _, d in one.answers)
    report.figures["tries without an answer"] = sum(one.unanswered for one in told)
    report.figures |= {f"tries without: {why}": n for why, n in sorted(run.sender.refusals.items())}
    report.figures["messages accepted"] = len(oracle.messages)
    report.figures["entries read from the feed meanwhile"] = len(run.follower.seen)
    report.figures["entries in the ledger"] = oracle.entries
    checks: dict[str, Callable[[], list[str]]] = {
        "never accepted": oracle.not_answered,
        "messages lost": oracle.lost_messages,
        "entries lost": oracle.lost_entries,
        "entries doubled": oracle.doubled_entries,
        "messages stuck": oracle.stuck,
        "messages not processed": oracle.not_processed,
        "wrong answers": oracle.wrong_answers,
        "impostors taken": oracle.impostors_taken,
        "killers not set aside": oracle.killers_not_set_aside,
        "entries not joined to their orders": oracle.not_joined,
        "acknowledgements missing or doubled": oracle.wrong_replies,
        "entries that the feed left out or gave twice": lambda: oracle.feed_differs(run.follower.seen),
        "differences to a rebuild": _differences,
        "breaks in the ledger's seals": _broken_seals,
    }
    for name, check in checks.items():
        report.must_be_none(name, check())
    _tell_times(run, report)
    return report


def _tell_times(run: Run, report: Report) -> None:
    back = backs(run)
    late = [f"{seconds:.1f} s after {what}" for seconds, what in back if seconds > BACK_SECONDS]
    report.must_be_none(f"not back within {BACK_SECONDS:.0f} s", late)
    if back:
        report.figures["back after a fault, median (s)"] = round(back[len(back) // 2][0], 1)
        report.figures["back after a fault, slowest (s)"] = round(back[-1][0], 1)
    waits = [
        run.landing.landed[message_id] - told.accepted_at
        for told in run.book.told.values()
        for message_id, _ in told.answers[:1]
        if message_id in run.landing.landed and not told.telling.kills
    ]
    report.figures["accepted to ledger, slowest (s)"] = round(max(waits, default=0.0), 1)
    if run.drained_after is None:
        report.failures.append("the site did not drain")
    report.figures["time to drain (s)"] = (
        "never" if run.drained_after is None else round(run.drained_after, 1)
    )


def _differences() -> list[str]:
    return _run_check("rebuild_flows", "--check")


def _broken_seals() -> list[str]:
    return _run_check("verify_ledger") if "verify_ledger" in get_commands() else []


def _run_check(command: str, *words: str) -> list[str]:
    """What a command that checks has to say; nothing where it ends well."""
    told = io.StringIO()
    try:
        call_command(command, *words, stdout=told, stderr=told)
    except (CommandError, SystemExit) as error:
        return [
            *told.getvalue().splitlines(),
            *([str(error)] if isinstance(error, CommandError) else []),
        ] or ["failed"]
    return []
