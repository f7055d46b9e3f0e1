"""The commands: stdout is the answer alone, in the shape that was promised; the exit code says the rest."""

import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from factories import (
    accepted,
    answer,
    answer_line,
    batch,
    interchange,
    line,
    notice,
    one,
    order,
    reference,
    tell,
    x12_order,
)

from visibility.inbox.models import ApiKey, Connection, Message, MessageWork
from visibility.inbox.services import check_key
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.management.commands import trace

ROOT = Path(__file__).parents[2]
STATES = {"done", "not_due", "due", "overdue", "not_applicable", "unknown"}
QUANTITIES = ("ordered", "confirmed", "backordered", "rejected", "shipped", "received", "invoiced")


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


def run(*args: str) -> tuple[int, str, str]:
    """A command's exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*args, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def run_json(*args: str) -> Any:
    return json.loads(run(*args, "--json")[1])


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder of two sound files and one that nobody can use."""
    (tmp_path / "a.edi").write_bytes(interchange(x12_order("4500001")))
    (tmp_path / "b.json").write_bytes(one(order("4500002")))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.edi").write_bytes(b"not a document")
    return tmp_path


# ingest


@pytest.mark.django_db
def test_ingest_takes_a_file_and_says_what_became_of_it(trial: Connection, inbox: Path) -> None:
    path = str(inbox / "a.edi")
    code, out, _ = run("ingest", path, "--connection", trial.name, "--wait", "--json")
    (result,) = json.loads(out)
    assert code == 0
    assert set(result) == {"path", "message_id", "status", "duplicate", "entries", "problems"}
    assert result["path"] == path
    assert Message.objects.filter(pk=UUID(result["message_id"])).exists()
    assert (result["status"], result["duplicate"], result["entries"]) == ("processed", False, 1)
    assert result["problems"] == []


@pytest.mark.django_db
def test_ingest_takes_a_folder_and_exits_1_when_a_file_is_rejected(trial: Connection, inbox: Path) -> None:
    code, out, err = run("ingest", str(inbox), "--connection", trial.name, "--wait", "--json")
    results = {Path(r["path"]).name: r for r in json.loads(out)}
    assert code == 1
    assert {name: r["status"] for name, r in results.items()} == {
        "a.edi": "processed",
        "b.json": "processed",
        "c.edi": "rejected",
    }
    (problem,) = results["c.edi"]["problems"]
    assert set(problem) == {"code", "where", "text"}
    assert problem["text"]
    assert "Processing 3 messages" in err


@pytest.mark.django_db
def test_ingest_without_wait_answers_received_and_leaves_the_work(trial: Connection, inbox: Path) -> None:
    (result,) = run_json("ingest", str(inbox / "a.edi"), "--connection", trial.name)
    assert (result["status"], result["entries"]) == ("received", 0)
    assert MessageWork.objects.count() == 1


@pytest.mark.django_db
def test_ingest_knows_a_repeat_and_tells_what_became_of_the_first(trial: Connection, inbox: Path) -> None:
    args = ("ingest", str(inbox / "a.edi"), "--connection", trial.name, "--wait")
    (first,), (again,) = run_json(*args), run_json(*args)
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    assert again["message_id"] == first["message_id"]
    assert (again["status"], again["entries"]) == ("processed", 1)


@pytest.mark.django_db
def test_ingest_refuses_an_event_whose_id_said_something_else(trial: Connection, tmp_path: Path) -> None:
    for name, body in (("1.json", order(id="same")), ("2.json", order("4500002", id="same"))):
        (tmp_path / name).write_bytes(one(body))
    code, out, _ = run("ingest", str(tmp_path), "--connection", trial.name, "--wait", "--json")
    first, second = json.loads(out)
    assert (code, first["status"], second["status"]) == (1, "processed", "rejected")
    assert [problem["code"] for problem in second["problems"]] == ["conflicting_duplicate"]


@pytest.mark.django_db
def test_ingest_reads_standard_input(trial: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(batch(order(), order("4500002")))))
    (result,) = run_json("ingest", "-", "--connection", trial.name, "--wait")
    assert (result["path"], result["status"], result["entries"]) == ("-", "processed", 2)


@pytest.mark.django_db
def test_ingest_names_the_connections_when_it_does_not_know_one(trial: Connection, inbox: Path) -> None:
    with pytest.raises(CommandError, match=trial.name):
        run("ingest", str(inbox), "--connection", "nowhere")


@pytest.mark.django_db
def test_ingest_says_which_file_it_cannot_read(trial: Connection, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.edi"):
        run("ingest", str(tmp_path / "missing.edi"), "--connection", trial.name)


# trace


@pytest.mark.django_db
def test_trace_has_every_field_of_its_contract(trial: Connection) -> None:
    asked = [{"date": "2026-12-01", "basis": "dock"}]
    tell(
        trial,
        order("4500001", line(price="10.50", requests=asked)),
        answer("4500001", answer_line("1", accepted("62.5") | {"date": "2026-12-02", "basis": "dock"})),
    )
    found = run_json("trace", "4500001")
    _check_contract(found)
    (own,) = found["lines"]
    assert (own["ordered"], own["confirmed"], own["unit_price"]) == ("100", "62.5", "10.5")
    assert own["requests"] == [{"quantity": "100", "date": "2026-12-01", "basis": "dock"}]
    assert own["promises"] == [{"quantity": "62.5", "date": "2026-12-02", "basis": "dock"}]
    assert found["order"]["number"] == "4500001"
    assert found["order"]["ordered_on"] == "2026-11-02"


def _check_contract(found: dict[str, Any]) -> None:
    UUID(found["correlation_id"])
    assert isinstance(found["aliases"], list)
    assert found["workflow"] == "replenishment"
    assert {"number", "type", "supplier", "ship_to", "ordered_on"} <= set(found["order"])
    for own in found["lines"]:
        assert {"line", "item", "unit", "unit_price", "requests", "promises", *QUANTITIES} <= set(own)
        told = [own[name] for name in (*QUANTITIES, "unit_price") if own[name] is not None]
        assert all(isinstance(value, str) and Decimal(value).is_finite() for value in told)
    assert len(found["milestones"]) == 8
    for milestone in found["milestones"]:
        wanted = {"name", "state", "planned_at", "due_at", "estimated_at", "actual_at"}
        assert set(milestone) >= wanted
        assert milestone["state"] in STATES
    for entry in found["entries"]:
        assert isinstance(entry["position"], int)
        wanted = {"type", "occurred_at", "recorded_at", "source", "message_id", "summary"}
        assert wanted <= set(entry)
    assert found["cases"]
    for case in found["cases"]:
        assert {"id", "kind", "queue", "state", "line", "summary"} <= set(case)


@pytest.mark.django_db
def test_trace_answers_a_list_where_a_number_names_several_orders(trial: Connection) -> None:
    lines = [line(order=reference(number)) for number in ("4500001", "4500002")]
    tell(trial, order("4500001"), order("4500002"), notice("ASN-9", *lines, of=""))
    both = run_json("trace", "ASN-9")
    assert {found["order"]["number"] for found in both} == {"4500001", "4500002"}
    alone = run_json("trace", both[0]["correlation_id"])
    assert alone["correlation_id"] == both[0]["correlation_id"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["4500001", "po:4500001", "PO 4500001", "ASN-1", "asn:ASN-1", "ASN ASN-1", "BOL-1", "bol:BOL-1"]
)
def test_trace_finds_an_order_by_any_identifier(trial: Connection, key: str) -> None:
    tell(trial, order(), notice(bol="BOL-1"))
    assert run_json("trace", key)["order"]["number"] == "4500001"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["450000", "po:450000", "ASN", "SKU-1042", "Acme"])
def test_trace_answers_nothing_for_what_only_resembles_an_identifier(trial: Connection, key: str) -> None:
    tell(trial, order(), notice())
    with pytest.raises(CommandError, match="No order is known"):
        run("trace", key, "--json")


@pytest.mark.django_db
def test_trace_in_words_tells_the_story(trial: Connection) -> None:
    tell(trial, order(), answer("4500001", answer_line("1", accepted(60))))
    _, out, _ = run("trace", "4500001")
    assert "PO 4500001" in out
    assert "Acme Industries confirmed 60 of 100 CA of SKU-1042; 40 open" in out


@pytest.mark.django_db
def test_trace_in_words_keeps_its_columns_apart(trial: Connection) -> None:
    tell(trial, order("4500001", line("00020")), answer("4500001", answer_line("00020", accepted(60))))
    _, out, _ = run("trace", "4500001")
    assert "line 00020  SKU-1042  CA  ordered 100" in out


@pytest.mark.django_db
def test_trace_in_words_tells_no_due_time_as_if_it_had_happened(
    trial: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(trial, order())
    times = dict.fromkeys(("planned_at", "due_at", "estimated_at", "actual_at"))
    due = times | {"due_at": "2026-11-20T23:00:00+00:00"}
    told = run_json("trace", "4500001") | {
        "milestones": [
            {"name": "shipped", "state": "done", **due},
            {"name": "arrived", "state": "overdue", **due},
            {"name": "received", "state": "unknown", **times},
        ]
    }
    monkeypatch.setattr(trace, "trace_key", lambda **_: [told])
    _, out, _ = run("trace", "4500001")
    assert "  shipped       done            time not known\n" in out
    assert "  arrived       overdue         due 2026-11-20T23:00:00+00:00\n" in out
    assert "  received      unknown\n" in out


@pytest.mark.django_db
def test_trace_of_nothing_is_an_error() -> None:
    with pytest.raises(CommandError, match="4599999"):
        run("trace", "4599999", "--json")


# cases, sweep, rebuild_flows, replay, issue_key


@pytest.mark.django_db
def test_cases_lists_what_is_wrong_by_queue(trial: Connection) -> None:
    tell(trial, order(), answer("4500001", answer_line("1", accepted(60))))
    everything = run_json("cases")
    wanted = ["id", "kind", "queue", "state", "severity", "correlation_id", "line", "summary", "opened_at"]
    assert all(set(case) >= set(wanted) for case in everything)
    (short,) = run_json("cases", "--queue", "quantity-mismatches")
    assert (short["kind"], short["state"], short["line"]) == ("confirmed_short", "new", "1")
    assert short["correlation_id"] == run_json("trace", "4500001")["correlation_id"]
    assert len(everything) > 1
    assert run_json("cases", "--queue", "price-and-invoice") == []


@pytest.mark.django_db
def test_sweep_as_of_a_time_opens_what_is_overdue_then(trial: Connection) -> None:
    tell(trial, order("4500001", issued_at="2030-11-02T15:00:00Z", released_at="2030-11-02T15:00:00Z"))
    assert run_json("sweep", "--as-of", "2030-11-02T16:00:00Z")["flows"] == 0
    assert run_json("cases", "--queue", "delayed-acknowledgements") == []
    assert run_json("sweep", "--as-of", "2030-11-20T16:00:00Z")["flows"] == 1
    (case,) = run_json("cases", "--queue", "delayed-acknowledgements")
    assert case["kind"] == "acknowledgement_overdue"


@pytest.mark.django_db
def test_sweep_refuses_what_is_no_time() -> None:
    with pytest.raises(CommandError, match="yesterday"):
        run("sweep", "--as-of", "yesterday")


@pytest.mark.django_db
def test_rebuild_flows_counts_its_differences(trial: Connection) -> None:
    tell(trial, order(), answer())
    code, out, _ = run("rebuild_flows", "--check", "--json")
    assert (code, json.loads(out)["differences"]) == (0, 0)
    assert run("rebuild_flows", "--check")[1] == "0 differences\n"


@pytest.mark.django_db
def test_replay_translates_a_message_again(trial: Connection, inbox: Path) -> None:
    (result,) = run_json("ingest", str(inbox / "a.edi"), "--connection", trial.name, "--wait")
    _, out, _ = run("replay", result["message_id"])
    assert out == f"{result['message_id']}: processed, 1 entries\n"
    assert len(run_json("trace", "4500001")["entries"]) == 1


@pytest.mark.django_db
def test_replay_of_what_is_not_there_is_an_error() -> None:
    with pytest.raises(CommandError, match="no received message"):
        run("replay", "00000000-0000-0000-0000-000000000000")


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["ingest", "read"])
def test_issue_key_shows_a_key_once_and_keeps_its_hash(trial: Connection, scope: str) -> None:
    shown = run_json("issue_key", "--connection", trial.name, "--scope", scope)
    kept = ApiKey.objects.get()
    assert (kept.scope, kept.connection) == (scope, trial)
    assert shown["key"].encode() not in bytes(kept.digest)
    assert check_key(presented=shown["key"]) == kept
    assert check_key(presented=shown["key"] + "x") is None


# As real processes: what a shell sees


@pytest.fixture
def shell(transactional_db: None) -> Any:
    """Run manage.py as a process of its own on this test's database."""
    database = connections["default"].settings_dict
    parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    address = " ".join(f"{key}='{database[name]}'" for key, name in parts.items() if database[name])

    def manage(
        *args: str, sent: bytes = b"", out: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT,
            input=sent,
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
            env=os.environ | {"DATABASE_URL": address, "DATABASE_OWNER_URL": address},
        )

    return manage


@pytest.mark.django_db(transaction=True)
def test_a_shell_reads_pure_json_from_a_pipe_into_a_pipe(trial: Connection, shell: Any) -> None:
    done = shell(
        "ingest",
        "-",
        "--connection",
        trial.name,
        "--wait",
        "--json",
        sent=batch(order(), {"type": "nonsense"}),
    )
    assert done.returncode == 0, done.stderr.decode()
    (result,) = json.loads(done.stdout)
    assert (result["status"], result["entries"]) == ("processed", 1)
    assert [problem["where"] for problem in result["problems"]] == ["/1"]
    found = shell("trace", "4500001", "--json")
    assert json.loads(found.stdout)["order"]["number"] == "4500001"


@pytest.mark.django_db(transaction=True)
def test_a_shell_sees_1_for_a_rejected_file_and_nothing_but_json(trial: Connection, shell: Any) -> None:
    done = shell("ingest", "-", "--connection", trial.name, "--wait", "--json", sent=b"\x00\x01\x02 rubbish")
    assert done.returncode == 1, done.stderr.decode()
    assert [result["status"] for result in json.loads(done.stdout)] == ["rejected"]
    nothing = shell("trace", "4599999", "--json")
    assert (nothing.returncode, nothing.stdout) == (1, b"")
    assert b"4599999" in nothing.stderr


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_has_enough_is_no_error(trial: Connection, shell: Any) -> None:
    tell(trial, order())
    read, write = os.pipe()
    os.close(read)
    done = shell("trace", "4500001", out=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")
