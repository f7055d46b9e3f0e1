"""Real X12 and EDIFACT from public sources through the whole pipeline: each alone, then all together both
ways round.

The documents stay outside of the project; `outcomes.json` keeps what became of each by its name: the
outcome, why it could not be used (the errors), and what kinds of documents it became. `PROVENANCE.md` beside
them marks (in bold) those whose envelope is broken. No rule of the mappings knows a file or a partner: this
only watches them. After a deliberate change of the mappings, look at the difference and write the list anew:

    WRITE_OUTCOMES=1 python -m pytest tests/samples -k known_outcome
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database
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
FOLDERS = {"x12": "application/edi-x12", "edifact": "application/edifact"}
FILED = "document.filed"
OF_ORDERS = ("850", "855", "856", "810", "944")
MOST_FILED = 8
ENVELOPE_FAULTS = frozenset({"unreadable_document", "missing_se", "missing_unt", "unh_type"})
Known = dict[str, Any]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


@pytest.fixture(scope="module")
def provenance() -> dict[str, str]:
    """By "folder/name", what the provenance page says of each file; in bold: its envelope is broken."""
    page = SAMPLES / "PROVENANCE.md"
    if not page.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the samples are required in CI: {page} is missing")
        pytest.skip("the samples of real EDI are not beside the repository")
    rows = (line.split(" | ") for line in page.read_text().splitlines() if line.startswith("| "))
    return {row[0].removeprefix("| "): row[-1] for row in rows if row[0].split("/")[0].strip("| ") in FOLDERS}


def files() -> list[Path]:
    """Every file of both syntaxes."""
    return [path for folder in FOLDERS for path in sorted((SAMPLES / folder).iterdir()) if path.is_file()]


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def live_alone(path: Path) -> tuple[Known, list[str]]:
    """What becomes of one file in a clean ledger, and what is told about it; nothing of it stays."""
    with transaction.atomic():
        at = connection(of=company())
        sent = send(at, path.read_bytes(), FOLDERS[path.parent.name])
        drain(message_ids=[sent.message_id])
        done = outcome(sent.message_id)
        errors = sorted({each["code"] for each in done.problems if each.get("severity") != "warning"})
        known = {"outcome": done.status, "reasons": errors, "documents": sorted(set(done.document_types))}
        told = [each["text"] for each in done.problems]
        transaction.set_rollback(True)
    forget_kept()
    return known, told


@pytest.fixture(scope="module")
def outcomes(provenance: dict[str, str], django_db_setup: None, django_db_blocker: Any) -> dict[str, Known]:
    """What becomes of every file. Whatever is not processed says why, in words."""
    del provenance, django_db_setup
    found = {}
    with django_db_blocker.unblock():
        for path in files():
            known, told = live_alone(path)
            assert known["outcome"] == "processed" or (known["reasons"] and all(told)), path.name
            found[name_of(path)] = known
    return found


def test_every_real_file_has_its_known_outcome(outcomes: dict[str, Known]) -> None:
    assert set(FOLDERS.values()) <= set(settings.TRANSLATORS)
    if os.environ.get("WRITE_OUTCOMES") == "1":
        lines = (f" {json.dumps(name)}: {json.dumps(known)}" for name, known in sorted(outcomes.items()))
        OUTCOMES.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    assert outcomes == json.loads(OUTCOMES.read_text())


def test_no_file_makes_the_pipeline_fail(outcomes: dict[str, Known]) -> None:
    failed = [name for name, known in outcomes.items() if "processing_failed" in known["reasons"]]
    assert failed == []


def test_of_files_with_a_sound_envelope_nineteen_in_twenty_are_processed(
    outcomes: dict[str, Known], provenance: dict[str, str]
) -> None:
    """What is empty, or has no header at all, has no sound envelope, though the page does not say so."""
    sound = {
        name: outcomes[name]
        for name, notes in provenance.items()
        if "**" not in notes and not set(outcomes[name]["reasons"]) & ENVELOPE_FAULTS
    }
    refused = sorted(name for name, known in sound.items() if known["outcome"] != "processed")
    assert len(sound) > 200
    assert len(refused) <= 0.05 * len(sound), refused


def test_few_sound_files_are_only_filed(
    outcomes: dict[str, Known], provenance: dict[str, str], record_property: Any
) -> None:
    filed = sorted(
        name
        for name, notes in provenance.items()
        if "**" not in notes and outcomes[name]["documents"] == [FILED]
    )
    record_property("only_filed", len(filed))
    assert len(filed) <= MOST_FILED, filed


def orders_of(at: Connection) -> list[dict[str, Any]]:
    """Every order of the company end to end."""
    scope = scope_of_company(at.company_id)
    ids = Flow.objects.filter(company=at.company_id).order_by("correlation_id")
    return [trace_flow(scope=scope, correlation_id=flow.correlation_id) for flow in ids]


def live_together(paths: list[Path]) -> tuple[list[Any], list[Any]]:
    """All files one by one, in a ledger of their own: the orders and the open cases they lead to."""
    with transaction.atomic(), database.cursor() as cursor:
        # All of it is one transaction that nobody else sees: to the planner the tables stay empty.
        cursor.execute("SET LOCAL enable_seqscan = off")
        at = connection(of=company("together"), title="Samples")
        for path in paths:
            sent = send(at, path.read_bytes(), FOLDERS[path.parent.name])
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
def test_real_files_together_give_the_same_states_both_ways_round(provenance: dict[str, str]) -> None:
    names = sorted(name for name, notes in provenance.items() if "**" not in notes)
    sound = [SAMPLES / name for name in names if name.startswith("x12/") and name[4:7] in OF_ORDERS]
    orders, cases = live_together(sound)
    again, cases_again = live_together(sound[::-1])
    assert list(_differences(orders, again)) == []
    assert set(cases) ^ set(cases_again) == set()
    assert len(orders) > 50
