"""Real X12 from public sources through the whole pipeline: each alone, then all together both ways round.

The documents stay outside of the project; `outcomes.json` keeps what became of each by its name. After a
deliberate change of the mappings, look at the difference and write it anew:

    WRITE_OUTCOMES=1 python -m pytest tests/samples -k alone
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from factories import company, connection, open_cases, outcome, send, without_arrival

from visibility.access.scopes import scope_of_company
from visibility.flows.models import Flow
from visibility.inbox.models import Connection
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.sweep import rebuild
from visibility.pipeline.trace import trace_flow
from visibility.pipeline.worker import drain

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
OUTCOMES = Path(__file__).parent / "outcomes.json"
TAKEN = ("850", "855", "856", "810", "944")


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


@pytest.fixture(scope="module")
def sound() -> list[Path]:
    """Files of the mapped sets whose envelope the provenance page does not call broken (in bold)."""
    page = SAMPLES / "PROVENANCE.md"
    if not page.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the samples are required in CI: {page} is missing")
        pytest.skip("the samples of real EDI are not beside the repository")
    rows = (line.split(" | ") for line in page.read_text().splitlines() if line.startswith("| x12/"))
    names = {row[0].removeprefix("| x12/"): row for row in rows}
    return sorted(
        SAMPLES / "x12" / name for name, row in names.items() if name[:3] in TAKEN and "**" not in row[-1]
    )


def live_alone(path: Path) -> dict[str, Any]:
    """What becomes of one file in a clean ledger; nothing of it stays."""
    with transaction.atomic():
        at = connection(of=company())
        sent = send(at, path.read_bytes(), "application/edi-x12")
        drain(message_ids=[sent.message_id])
        done = outcome(sent.message_id)
        found = orders_of(at)
        assert list(rebuild(check=True)) == []
        transaction.set_rollback(True)
    forget_kept()
    return {
        "status": done.status,
        "problems": sorted({problem["code"] for problem in done.problems}),
        "entries": sorted({entry["type"] for trace in found for entry in trace["entries"]}),
        "orders": len(found),
    }


def orders_of(at: Connection) -> list[dict[str, Any]]:
    """Every order of the company end to end."""
    scope = scope_of_company(at.company_id)
    ids = Flow.objects.filter(company=at.company_id).order_by("correlation_id")
    return [trace_flow(scope=scope, correlation_id=flow.correlation_id) for flow in ids]


@pytest.mark.django_db
def test_each_real_file_alone_in_a_clean_ledger_has_its_known_outcome(sound: list[Path]) -> None:
    outcomes = {path.name: live_alone(path) for path in sound}
    if os.environ.get("WRITE_OUTCOMES") == "1":
        OUTCOMES.write_text(json.dumps(outcomes, indent=1, sort_keys=True) + "\n")
    assert outcomes == json.loads(OUTCOMES.read_text())
    used = [done for done in outcomes.values() if done["status"] == "processed"]
    assert len(used) >= 0.95 * len(sound)
    for done in outcomes.values():
        assert "processing_failed" not in done["problems"]
        assert done["problems"] or done["status"] == "processed"


def live_together(paths: list[Path]) -> tuple[list[Any], list[Any]]:
    """All files one by one, in a ledger of their own: the orders and the open cases they lead to."""
    with transaction.atomic():
        at = connection(of=company("together"), title="Samples")
        for path in paths:
            sent = send(at, path.read_bytes(), "application/edi-x12")
            drain(message_ids=[sent.message_id])
        found = [without_arrival(trace) for trace in orders_of(at)]
        cases = open_cases(at)
        assert list(rebuild(check=True)) == []
        transaction.set_rollback(True)
    forget_kept()
    return found, cases


def _differences(one: list[Any], other: list[Any]) -> Iterator[str]:
    by_id = {trace["correlation_id"]: trace for trace in other}
    for trace in one:
        again = by_id.pop(trace["correlation_id"], None)
        if again is None:
            yield f"{trace['order']['number']}: only in the first"
        elif trace != again:
            names = [name for name in trace if trace[name] != again[name]]
            yield f"{trace['order']['number']}: " + ", ".join(
                f"{name}: {trace[name]} / {again[name]}" for name in names
            )
    yield from (f"{trace['order']['number']}: only in the second" for trace in by_id.values())


@pytest.mark.django_db
def test_all_real_files_together_give_the_same_states_both_ways_round(sound: list[Path]) -> None:
    orders, cases = live_together(sound)
    again, cases_again = live_together(sound[::-1])
    assert list(_differences(orders, again)) == []
    assert set(cases) ^ set(cases_again) == set()
    assert len(orders) > 50
