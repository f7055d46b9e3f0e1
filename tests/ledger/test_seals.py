"""What was sealed cannot be changed unseen: every way to change it is found, and the place of it."""

import datetime as dt
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from ledger_writers import COMPANY, Follower, Writer, as_superuser, entry, seal_all, write_entries

from visibility.ledger import seal
from visibility.ledger.marks import FACTS, FORM, Link, pack_marks
from visibility.ledger.models import Seal
from visibility.ledger.seal import seal_ledger
from visibility.ledger.verify import Fault, _hash_range, verify_ledger

# Transactions of another test run on the same server hold the feed back, and are waited for.
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.timeout(400),
]

AT_ONCE = dt.timedelta(0)


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ten entries in four seals."""
    monkeypatch.setattr(seal, "RANGE_ENTRIES", 3)
    positions = write_entries(
        *(entry(document=json.dumps({"type": "order.released", "n": n})) for n in range(10))
    )
    seal_all(entries=10)
    found = verify_ledger()
    assert (found.faults, found.entries, found.seals, found.unsealed) == ([], 10, 4, 0)
    return positions


def faults(**more: Any) -> list[tuple[str, int | None, int | None]]:
    found = verify_ledger(**more)
    assert found.fault_count == len(found.faults)
    return [(fault.what, fault.seal, fault.position) for fault in found.faults]


def tamper(statement: str, *values: object) -> None:
    """What somebody does who has the whole server."""
    with as_superuser() as database:
        changed = database.execute(statement, values).rowcount
        assert changed > 0


def message_of(position: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT message_id FROM ledger_entry WHERE position = %s", [position])
        return cursor.fetchone()[0]


def test_one_byte_of_a_document_changed_by_a_superuser_is_found_and_located(sealed: list[int]):
    position = sealed[4]
    tamper(
        """UPDATE ledger_entry SET document = jsonb_set(document, '{n}', '5') WHERE position = %s""", position
    )
    found = verify_ledger()
    assert found.faults == [
        Fault("document changed", seal=2, position=position, message_id=message_of(position))
    ]


@pytest.mark.parametrize(
    "change",
    [
        "occurred_at = occurred_at + interval '1 microsecond'",
        "occurred_at = NULL",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "envelope_at = '2026-11-02T15:00:00Z'",
        "type = 'order.placed'",
        "connection_id = 2",
        "witness = 'edi'",
        "system = 'sap'",
        "translation = 2",
        "ordinal = 1",
        "event_id = gen_random_uuid()",
        "explicit_id = false",
        "control = '1'",
    ],
)
def test_a_change_of_any_other_column_is_found_and_told_apart(sealed: list[int], change: str):
    tamper(f"UPDATE ledger_entry SET {change} WHERE position = %s", sealed[7])
    assert faults() == [("columns changed", 3, sealed[7])]


def test_a_change_of_both_is_told_so_and_the_message_is_the_one_it_had(sealed: list[int]):
    message = message_of(sealed[0])
    tamper(
        "UPDATE ledger_entry SET message_id = gen_random_uuid(), document = '{}' WHERE position = %s",
        sealed[0],
    )
    (fault,) = verify_ledger().faults
    assert fault == Fault("document and columns changed", seal=1, position=sealed[0], message_id=message)


def test_every_column_is_covered():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'ledger_entry'::regclass "
            "AND attnum > 0 AND NOT attisdropped"
        )
        columns = {row[0] for row in cursor.fetchall()}
    assert columns == {*FACTS, "document"}, f"another column needs a form after {FORM}"


def test_text_that_moves_from_one_column_to_the_next_is_a_change(sealed: list[int]):
    tamper("UPDATE ledger_entry SET witness = '', system = 'erp' WHERE position = %s", sealed[1])
    assert faults() == [("columns changed", 1, sealed[1])]


def test_a_deleted_entry_is_found_with_its_message(sealed: list[int]):
    message = message_of(sealed[5])
    tamper("DELETE FROM ledger_entry WHERE position = %s", sealed[5])
    (fault,) = verify_ledger().faults
    assert fault == Fault("entry missing", seal=2, position=sealed[5], message_id=message)


COPY_OF = (
    "INSERT INTO ledger_entry SELECT (jsonb_populate_record(e, jsonb_build_object({change}))).* "
    "FROM ledger_entry e WHERE position = %s"
)


def test_an_entry_put_in_afterwards_is_found(sealed: list[int]):
    inside = "'position', (SELECT max(position) + 1 FROM ledger_entry), 'xid', e.xid - 1"
    tamper(COPY_OF.format(change=inside), sealed[0])
    new = max(sealed) + 1
    assert faults() == [("entry inserted", 1, new)]


def test_a_second_entry_of_the_same_position_is_found(sealed: list[int]):
    later = "'recorded_at', e.recorded_at + interval '1 hour'"
    tamper(COPY_OF.format(change=later), sealed[2])
    found = faults()
    assert ("entry inserted", 1, sealed[2]) in found
    assert {position for _, _, position in found} == {sealed[2]}


def test_documents_that_changed_places_are_found(sealed: list[int]):
    tamper(
        "UPDATE ledger_entry e SET document = o.document FROM ledger_entry o "
        "WHERE (e.position, o.position) IN ((%s, %s), (%s, %s))",
        sealed[3],
        sealed[9],
        sealed[9],
        sealed[3],
    )
    assert faults() == [("document changed", 2, sealed[3]), ("document changed", 4, sealed[9])]


def test_an_entry_put_in_another_order_is_found(sealed: list[int]):
    tamper("UPDATE ledger_entry SET xid = xid - 1 WHERE position = %s", sealed[8])
    found = faults()
    assert ("entry missing", 3, sealed[8]) in found
    assert ("entry inserted", 1, sealed[8]) in found


def test_an_entry_taken_out_of_its_company_is_found(sealed: list[int]):
    tamper("UPDATE ledger_entry SET company_id = company_id + 1 WHERE position = %s", sealed[6])
    assert faults() == [("entry missing", 3, sealed[6])]


@pytest.mark.parametrize(
    "change",
    [
        "content = sha256('x')",
        "marks = substr(marks, 2)",
        "sealed_at = sealed_at - interval '1 day'",
        "entries = entries + 1",
        "hash = sha256('x')",
        "previous = sha256('x')",
        "to_position = to_position + 1",
        "after_position = after_position - 1",
        "form = 2",
    ],
)
def test_an_edited_seal_is_found(sealed: list[int], change: str):
    tamper(f"UPDATE ledger_seal SET {change} WHERE number = 2")
    assert ("seal changed", 2, None) in faults()


def test_an_entry_changed_together_with_its_seal_breaks_the_chain_after_it(sealed: list[int]):
    rewrite(2, lambda: tamper("UPDATE ledger_entry SET control = 'x' WHERE position = %s", sealed[4]))
    assert faults() == [("seal does not follow the one before it", 3, None)]


def rewrite(number: int, change: Callable[[], None]) -> None:
    """Make a change and the seal over it anew, as somebody would who knows the program."""
    old = Seal.objects.get(number=number)
    later = list(Seal.objects.filter(number__gt=number).order_by("number").values_list())
    tamper("DELETE FROM ledger_seal WHERE number >= %s", number)
    change()
    seal_ledger(limit=1, settle=AT_ONCE)
    made = Seal.objects.get(number=number)
    assert (made.to_position, made.hash) != (old.to_position, old.hash)
    with as_superuser() as database, database.cursor() as cursor:
        cursor.executemany(f"INSERT INTO ledger_seal VALUES ({', '.join(['%s'] * 13)})", later)


def test_a_seal_that_skips_entries_is_found(sealed: list[int]):
    positions = write_entries(entry(), entry(), entry())
    seal_all(entries=3)
    made = Link(**{name: getattr(Seal.objects.get(number=5), name) for name in Link.__dataclass_fields__})
    short = replace(made, after_xid=made.to_xid, after_position=positions[1], entries=1)
    hashed = _hash_range(short)
    short = replace(short, content=hashed.content, marks=pack_marks(hashed.marks))
    tamper(
        "UPDATE ledger_seal SET after_xid = to_xid, after_position = %s, entries = 1, content = %s, "
        "marks = %s, hash = %s WHERE number = 5",
        short.after_position,
        short.content,
        short.marks,
        short.hash(),
    )
    assert faults() == [("seal does not begin where the last of its company ended", 5, None)]


def test_a_seal_taken_out_of_the_middle_is_missing(sealed: list[int]):
    tamper("DELETE FROM ledger_seal WHERE number = 3")
    assert faults() == [("seal missing", 3, None)]


def test_a_tail_that_was_taken_away_is_found_by_whoever_kept_the_head(sealed: list[int]):
    head = verify_ledger().head
    assert head is not None
    tamper("DELETE FROM ledger_seal WHERE number = 4")
    tamper("DELETE FROM ledger_entry WHERE position = %s", sealed[9])
    assert faults() == []
    assert faults(expect=[head]) == [(f"the head {head} is not in the chain", None, None)]
    write_entries(entry())
    seal_all(entries=1)
    assert faults() == []
    assert faults(expect=[head]) == [(f"the head {head} is not in the chain", None, None)]


def test_a_head_that_was_kept_is_met_when_the_chain_has_grown(sealed: list[int]):
    head = verify_ledger().head
    assert head is not None
    write_entries(entry(), entry())
    seal_all(entries=2)
    assert faults(expect=[head.upper()]) == []
    assert faults(expect=[head], start=5) == []
    assert verify_ledger().head != head


def test_verifying_from_a_later_seal_reads_that_part_only(sealed: list[int]):
    tamper("UPDATE ledger_entry SET control = 'x' WHERE position = %s", sealed[0])
    tamper("UPDATE ledger_entry SET control = 'x' WHERE position = %s", sealed[9])
    found = verify_ledger(start=3)
    assert (found.seals, found.entries) == (2, 4)
    assert [fault.position for fault in found.faults] == [sealed[9]]
    assert verify_ledger(start=5).sealed_to == sealed[9]


def test_entries_that_no_seal_covers_yet_are_counted_and_no_fault(sealed: list[int]):
    write_entries(entry(), entry(company=COMPANY + 5))
    found = verify_ledger()
    assert (found.unsealed, found.faults) == (2, [])


def test_transaction_ids_ahead_of_the_servers_are_told(sealed: list[int], caplog: pytest.LogCaptureFixture):
    ahead = "'position', (SELECT max(position) + 1 FROM ledger_entry), 'xid', e.xid + 1000000000000"
    tamper(COPY_OF.format(change=ahead), sealed[9])
    (fault,) = verify_ledger().faults
    assert fault.what.startswith("transaction ids ahead of the server's, of 1 entries")
    assert fault.position == max(sealed) + 1


def test_a_chain_from_before_the_database_was_moved_is_not_continued(
    sealed: list[int], caplog: pytest.LogCaptureFixture
):
    tamper("UPDATE ledger_seal SET to_xid = to_xid + 1000000000000 WHERE number = 4")
    write_entries(entry())
    assert seal_ledger(settle=AT_ONCE) == 0
    assert "was the database moved?" in caplog.text


@pytest.mark.parametrize("seed", range(2))
def test_late_commits_are_sealed_also_and_each_entry_once(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seal, "RANGE_ENTRIES", 4)
    order = [(w, step) for w in range(5) for step in range(8)]
    with Writer() as a, Writer() as b, Writer() as c:
        writers = [a, b, c]
        total = 0
        for turn, (number, step) in enumerate(order):
            writer = writers[(number * 7 + step * (seed + 1)) % 3]
            total += len(writer.write(entry(company=COMPANY + step % 2)))
            if (turn + seed) % 3 == 0:
                writers[(step + seed) % 3].commit()
            if turn % 5 == 0:
                seal_ledger(settle=AT_ONCE)
                assert verify_ledger().faults == []
        for writer in writers:
            writer.commit()
    seal_all(entries=total - verify_ledger().entries)
    found = verify_ledger()
    assert (found.faults, found.entries, found.unsealed) == ([], total, 0)


def test_sealers_at_once_make_one_chain(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seal, "RANGE_ENTRIES", 5)
    write_entries(*(entry(company=COMPANY + n % 2) for n in range(200)))
    Follower(companies=(COMPANY, COMPANY + 1)).follow(until=200)
    together = Barrier(4)

    def run() -> int:
        try:
            together.wait(30)
            return sum(seal_ledger(settle=AT_ONCE) for _ in range(30))
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(4) as pool:
        sealed = [task.result(60) for task in [pool.submit(run) for _ in range(4)]]
    found = verify_ledger()
    assert sum(sealed) == found.entries == 200
    assert found.faults == []
    assert found.seals == 40


def test_sealing_waits_for_no_writer_and_no_writer_for_sealing():
    write_entries(*(entry() for _ in range(5)))
    Follower().follow(until=5)
    with transaction.atomic(), connection.cursor() as cursor, Writer() as writer:
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        writer.write()
        assert seal_ledger(settle=AT_ONCE) == 5
        # The sealer's transaction is open still: it holds its turn and the new seal.
        writer.connection.execute("SET LOCAL lock_timeout = '1s'")
        writer.write()
        writer.commit()


def test_a_range_that_is_not_full_waits_until_its_first_entry_is_old_enough(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(seal, "RANGE_ENTRIES", 3)
    write_entries(*(entry() for _ in range(4)))
    Follower().follow(until=4)
    assert seal_ledger(settle=dt.timedelta(hours=1)) == 3
    assert seal_ledger(settle=dt.timedelta(hours=1)) == 0
    assert seal_ledger(settle=AT_ONCE) == 1


def test_a_limit_is_kept_to_and_the_rest_comes_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seal, "RANGE_ENTRIES", 3)
    write_entries(*(entry() for _ in range(12)))
    Follower().follow(until=12)
    assert [seal_ledger(limit=6, settle=AT_ONCE) for _ in range(3)] == [6, 6, 0]


@pytest.mark.parametrize("settings", ["TimeZone='Asia/Tokyo'", "DateStyle='German'", "bytea_output='escape'"])
def test_a_session_with_other_settings_finds_the_same(sealed: list[int], settings: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SET {settings}")
    assert faults() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_seal SET entries = 0",
        "DELETE FROM ledger_seal",
        "TRUNCATE ledger_seal",
        "ALTER TABLE ledger_seal DISABLE TRIGGER ALL",
    ],
)
def test_the_applications_role_may_not_change_seals(statement: str):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("statement", ["DELETE FROM ledger_seal", "TRUNCATE ledger_seal"])
def test_even_the_owner_meets_the_triggers_of_seals(sealed: list[int], statement: str):
    with pytest.raises(DatabaseError, match="append-only"):
        connections["owner"].cursor().execute(statement)


def run_command(*arguments: str) -> tuple[str, int]:
    told, status = io.StringIO(), 0
    try:
        call_command("verify_ledger", *arguments, stdout=told, stderr=io.StringIO())
    except SystemExit as end:
        status = int(end.code or 0)
    return told.getvalue(), status


def test_the_command_answers_in_json_and_with_its_status(sealed: list[int]):
    told, status = run_command("--json")
    whole = json.loads(told)
    assert status == 0
    assert (whole["sealed_to"], whole["entries"], whole["seals"]) == (sealed[9], 10, 4)
    assert (whole["faults"], whole["unsealed"], len(whole["head"])) == ([], 0, 64)
    message = str(message_of(sealed[4]))
    tamper("UPDATE ledger_entry SET document = '{}' WHERE position = %s", sealed[4])
    told, status = run_command("--json", "--expect", whole["head"])
    assert status == 1
    assert json.loads(told)["faults"] == [
        {"what": "document changed", "seal": 2, "position": sealed[4], "message_id": message}
    ]


def test_the_command_tells_people_what_it_found(sealed: list[int]):
    write_entries(*(entry() for _ in range(12)))
    told, status = run_command()
    assert status == 0
    assert "10 entries in 4 seals verified, 0 faults; 12 entries not sealed yet" in told
    tamper("DELETE FROM ledger_entry WHERE position = %s", sealed[4])
    told, status = run_command("--from", "2")
    assert status == 1
    assert f"seal 2, position {sealed[4]}, message " in told
    assert "entry missing" in told


@pytest.mark.parametrize("wrong", [["--from", "0"], ["--expect", "beef"], ["--expect", "z" * 64]])
def test_the_command_refuses_what_makes_no_sense(wrong: list[str]):
    with pytest.raises(CommandError):
        run_command(*wrong)


def test_an_empty_ledger_is_whole():
    told, status = run_command("--json")
    assert status == 0
    assert json.loads(told)["head"] is None
    assert seal_ledger(settle=AT_ONCE) == 0
    assert not Seal.objects.exists()
