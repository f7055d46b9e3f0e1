"""A file is in once, whatever happens to it: twice, grown, corrected, renamed, cut off, read anew."""

import datetime as dt
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from integrations.formats.flatfile import cutting
from integrations.mappings.history import translator
from tests.factories import connection
from tests.history.conftest import HEAD, SIMPLE, Desk
from visibility.access.scopes import everything
from visibility.core.errors import UnsupportedError
from visibility.inbox.models import HistoryPart, Message, MessageWork, Outcome
from visibility.inbox.services import accept_message, replay_message
from visibility.masterdata.models import TradingPartner
from visibility.pipeline.history import importing
from visibility.pipeline.trace import trace_key
from visibility.pipeline.worker import drain
from visibility.triage.models import ExceptionCase

Ledger = Callable[[], list[tuple[Any, ...]]]


def rows(*numbers: int, qty: str = "5") -> str:
    """A row each: two lines an order, at one moment."""
    return "".join(f"e{n},PO-{n // 2},{n % 2 + 1}0,{qty},2024-05-01T10:00:00Z\n" for n in numbers)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART_ROWS", 4)


def ordered(key: str) -> list[str | None]:
    (found,) = trace_key(key=key, scope=everything())
    return [line["ordered"] for line in found["lines"]]


def test_a_file_is_brought_in_and_a_second_time_changes_nothing(desk: Desk, ledger: Ledger) -> None:
    desk.write("a.csv", HEAD + rows(*range(10)))
    assert desk.bring("a.csv") == {
        "rows": 10, "entries": 10, "duplicates": 0, "unusable": 0, "orders": 5, "lines": 10,
    }  # fmt: skip
    before = ledger()
    assert len(before) == 10
    assert desk.bring("a.csv") == {
        "rows": 10, "entries": 0, "duplicates": 10, "unusable": 0, "orders": 5, "lines": 10,
    }  # fmt: skip
    assert ledger() == before
    assert ordered("PO-1") == ["5", "5"]


def test_its_parts_wait_in_the_batch_tier_whatever_the_connection_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiers: list[str] = []

    def look(**_: Any) -> int:
        tiers.extend(MessageWork.objects.values_list("tier", flat=True))
        MessageWork.objects.all().delete()
        return 1

    monkeypatch.setattr(importing, "drain", look)
    desk.write("a.csv", HEAD + rows(*range(10)))
    desk.bring("a.csv")
    assert tiers == ["batch"] * 3


def test_the_bytes_are_kept_as_they_came(desk: Desk) -> None:
    desk.write("a.csv", b"\xef\xbb\xbf" + (HEAD + rows(*range(6))).replace("\n", "\r\n").encode())
    assert desk.bring("a.csv")["entries"] == 6
    bodies = [bytes(m.body) for m in Message.objects.order_by("id")]
    assert bodies == [
        (HEAD + rows(0, 1, 2, 3)).replace("\n", "\r\n").encode(),
        (HEAD + rows(4, 5)).replace("\n", "\r\n").encode(),
    ]


def test_it_may_be_gzipped_renamed_or_both(desk: Desk, ledger: Ledger) -> None:
    desk.write("a.csv", HEAD + rows(*range(10)))
    desk.write("b.csv.gz", gzip.compress((HEAD + rows(*range(10))).encode()))
    desk.bring("a.csv")
    before = ledger()
    again = desk.bring("b.csv.gz")
    assert (again["entries"], again["duplicates"]) == (0, 10)
    assert ledger() == before
    assert Message.objects.count() == 3


def test_a_file_that_grew_adds_what_is_new(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(*range(10)))
    desk.bring("a.csv")
    desk.write("a.csv", HEAD + rows(*range(13)))
    grown = desk.bring("a.csv")
    assert (grown["rows"], grown["entries"], grown["duplicates"]) == (13, 3, 10)


def test_the_order_of_columns_and_rows_makes_no_difference(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(*range(6)))
    desk.bring("a.csv")
    turned = [",".join(reversed(line.split(","))) for line in (HEAD + rows(5, 4, 3, 2, 1, 0)).splitlines()]
    desk.write("b.csv", "\n".join(turned))
    assert desk.bring("b.csv")["duplicates"] == 6


def test_an_id_told_again_is_a_duplicate_if_it_says_the_same_and_unusable_if_not(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(1, 2, 1) + rows(2, qty="6") + rows(3, 4, 1) + rows(3, qty="7"))
    figures = desk.bring("a.csv")
    assert (figures["rows"], figures["entries"], figures["duplicates"], figures["unusable"]) == (8, 4, 2, 2)
    told = desk.unusable("a.unusable.csv")
    assert told.count("was told before with another body") == 2
    assert [line.rsplit(",", 2)[1] for line in told.splitlines()[1:]] == ["5", "9"]
    assert ordered("PO-1") == ["5", "5"]


def test_of_two_rows_with_one_id_the_upper_counts_also_after_a_kill_between_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(**_: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "AHEAD", 1)
    desk.write("a.csv", HEAD + rows(2, 3, 4, 5) + rows(2, qty="6"))
    with monkeypatch.context() as patch:
        patch.setattr(importing, "drain", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.bring("a.csv")
    assert desk.bring("a.csv")["unusable"] == 1
    assert ordered("PO-1") == ["5", "5"]


def test_unusable_rows_are_corrected_in_their_file_and_fed_again(desk: Desk) -> None:
    desk.write(
        "a.csv", HEAD + rows(0, 1) + rows(2, qty="many") + rows(3) + ",PO-9,10,1,2024-05-01\n" + rows(5)
    )
    figures = desk.bring("a.csv")
    assert (figures["rows"], figures["entries"], figures["unusable"]) == (6, 4, 2)
    assert "2 rows could not be used; they are in a.unusable.csv" in desk.told
    lines = desk.unusable("a.unusable.csv").splitlines()
    assert lines[0] == "id,po,line,qty,at,import_reason,import_line,import_column"
    assert lines[1].endswith(",4,qty")
    assert lines[2].endswith(",6,id")
    mended = desk.unusable("a.unusable.csv").replace(",many,", ",3,").replace("\n,PO-9", "\ne9,PO-9")
    desk.write("a.unusable.csv", mended)
    again = desk.bring("a.unusable.csv")
    assert (again["rows"], again["entries"], again["unusable"]) == (2, 2, 0)
    assert ordered("PO-1") == ["3", "5"]


def test_a_row_that_is_still_wrong_comes_back_with_its_reason_once(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(2, qty="many"))
    desk.bring("a.csv")
    desk.bring("a.unusable.csv", unusable=Path("still.csv"))
    first, second = desk.unusable("a.unusable.csv"), desk.unusable("still.csv")
    assert first.splitlines()[0] == second.splitlines()[0]
    assert second.count("is no number") == 1


def test_the_file_that_is_imported_is_never_written_over(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(2, qty="many"))
    desk.run("a.csv", unusable=desk.folder / "a.csv")
    assert "is the file that is imported" in desk.failed
    assert desk.unusable("a.csv") == HEAD + rows(2, qty="many")


def test_unusable_rows_keep_their_bytes_and_their_delimiters(desk: Desk) -> None:
    mapping = SIMPLE.replace("[row]", '[file]\ndelimiter = ";"\n[row]')
    bad = HEAD.replace(",", ";").encode() + b'e1;PO-1;caf\xe9;"1\n2";2024-05-01\ne2;PO-1\n'
    desk.write("a.csv", bad)
    assert desk.bring("a.csv", mapping)["unusable"] == 2
    written = (desk.folder / "a.unusable.csv").read_bytes()
    assert b'e1;PO-1;caf\xe9;"1\n2";2024-05-01;"byte 0xE9 at place 4 is not utf-8' in written
    assert b"e2;PO-1;5 columns are expected, 2 stand here;4;" in written


def test_json_lines_come_back_as_json_lines(desk: Desk) -> None:
    mapping = SIMPLE.replace("[row]", '[file]\nformat = "jsonl"\n[row]')
    row = {"id": 1, "po": "PO-1", "line": 1, "qty": "x", "at": "2024-05-01", "more": {"kept": [1.10]}}
    desk.write("a.jsonl", json.dumps(row) + "\n{no json}\n")
    figures = desk.bring("a.jsonl", mapping)
    assert (figures["rows"], figures["unusable"]) == (2, 2)
    first, second = desk.unusable("a.unusable.jsonl").splitlines()
    assert json.loads(first) == row | {
        "import_reason": '"x" is no number with "." before the decimals',
        "import_line": 1,
        "import_column": "qty",
    }
    assert second == "{no json}"
    desk.write("a.unusable.jsonl", first.replace('"x"', "2"))
    assert desk.bring("a.unusable.jsonl", mapping)["entries"] == 1


def test_a_gzip_without_its_end_brings_in_what_came_before_and_goes_on_when_it_is_whole(desk: Desk) -> None:
    content = (HEAD + "".join(rows(n, qty=str(n * 7919 % 1000)) for n in range(400))).encode()
    packed = gzip.compress(content)
    desk.write("a.csv.gz", packed[: len(packed) // 2])
    part = desk.bring("a.csv.gz")
    assert "a.csv.gz, line " in desk.failed
    assert "is cut off or damaged here" in desk.failed
    assert 0 < part["entries"] < 400
    desk.write("a.csv.gz", packed)
    whole = desk.bring("a.csv.gz")
    assert (whole["rows"], whole["duplicates"] + whole["entries"]) == (400, 400)
    assert whole["duplicates"] == part["entries"]


def test_a_changed_mapping_reads_the_same_file_anew_and_supersedes(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(*range(10)))
    desk.bring("a.csv", SIMPLE.replace('"lines.quantity" = "qty"', ""))
    assert ordered("PO-1") == [None, None]
    assert (
        desk.bring("a.csv", "# a comment is no change\n" + SIMPLE.replace('"lines.quantity" = "qty"', ""))[
            "duplicates"
        ]
        == 10
    )
    again = desk.bring("a.csv")
    assert (again["rows"], again["entries"], again["duplicates"], again["orders"]) == (10, 10, 0, 5)
    assert ordered("PO-1") == ["5", "5"]
    assert Outcome.objects.filter(translation=2).count() == HistoryPart.objects.count() == 3


def test_another_day_reads_it_anew_and_no_day_keeps_the_earlier(desk: Desk, ledger: Ledger) -> None:
    desk.write("a.csv", HEAD + rows(1))
    desk.bring("a.csv", as_of=dt.date(2024, 6, 1))
    assert desk.bring("a.csv")["duplicates"] == 1
    assert desk.bring("a.csv", as_of=dt.date(2024, 7, 1))["entries"] == 1
    assert [entry[4]["history_as_of"] for entry in sorted(ledger(), key=str)] == ["2024-06-01", "2024-07-01"]


def test_the_same_ids_under_another_name_or_connection_are_other_rows(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(1, 2))
    desk.bring("a.csv")
    assert desk.bring("a.csv", SIMPLE.replace("simple", "other"))["entries"] == 2
    desk.connection = connection(of=desk.connection.company)
    assert desk.bring("a.csv")["entries"] == 2


def test_rows_known_by_their_position_may_be_alike_in_all(desk: Desk) -> None:
    mapping = SIMPLE.replace('id = "id"', 'id = "position"')
    desk.write("a.csv", HEAD + rows(1) * 9)
    assert desk.bring("a.csv", mapping)["entries"] == 9
    desk.write("a.csv", HEAD + rows(1) * 11)
    assert desk.bring("a.csv", mapping)["entries"] == 2


def test_a_worker_that_gives_a_part_up_leaves_its_rows_among_the_unusable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = translator.units

    def die(plan: Any, given: Any, guidance: Any) -> Any:
        if guidance.first_row == 5:
            raise RuntimeError("a bug of ours")
        return real(plan, given, guidance)

    monkeypatch.setattr(translator, "units", die)
    desk.write("a.csv", HEAD + rows(*range(10)))
    figures = desk.bring("a.csv")
    assert (figures["rows"], figures["entries"], figures["unusable"]) == (10, 6, 4)
    assert desk.unusable("a.unusable.csv").count("could not be worked through") == 4


def test_a_look_beforehand_says_what_would_be_and_writes_nothing(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(0, 1) + rows(2, 3, qty="many"))
    told = desk.run("a.csv", check=-1)
    assert "row 1, line 2 becomes:" in told
    assert '2 × "many" is no number with "." before the decimals (first: row 3, line 4, column qty)' in told
    assert "4 rows: 2 usable, 2 unusable, 0 left out; they become 2 order.placed." in told
    assert json.loads(desk.run("a.csv", check=1, as_json=True))["rows"] == 1
    assert Message.objects.count() == 0
    assert not (desk.folder / "a.unusable.csv").exists()


@pytest.mark.parametrize(
    ("file", "mapping", "said"),
    [
        ("none.csv", SIMPLE, "none.csv cannot be read"),
        ("a.csv", SIMPLE.replace('"qty"', '"quantity"'), "mapping.toml: document 1.fields.lines.quantity"),
        ("empty.csv", SIMPLE, "empty.csv: the file has no header line"),
    ],
)
def test_what_cannot_be_begun_is_told_before_anything_is_kept(
    desk: Desk, file: str, mapping: str, said: str
) -> None:
    desk.write("a.csv", HEAD + rows(1))
    desk.write("empty.csv", "")
    desk.run(file, mapping)
    assert said in desk.failed
    assert Message.objects.count() == 0


def test_a_path_that_no_object_has_is_pointed_out(desk: Desk) -> None:
    mapping = SIMPLE.replace("[row]", '[file]\nformat = "jsonl"\n[row]').replace('"qty"', '"data.qyt"')
    desk.write("a.jsonl", '{"id": 1, "po": "P", "line": 1, "at": "2024-05-01", "data": {"qty": 1}}\n')
    assert desk.bring("a.jsonl", mapping)["entries"] == 1
    assert desk.told.splitlines()[0] == 'None of the first 1000 objects has "data.qyt".'


def test_parts_come_in_by_the_command_alone(desk: Desk) -> None:
    with pytest.raises(UnsupportedError) as told:
        accept_message(
            connection=desk.connection,
            body=b"id\n1\n",
            content_type="application/vnd.throughline.history+csv",
        )
    assert "history" not in told.value.text.partition("send one of")[2]


def test_rows_that_cannot_be_used_open_no_case_for_each_part(desk: Desk) -> None:
    desk.write("a.csv", HEAD + rows(*range(20), qty="many"))
    assert desk.bring("a.csv")["unusable"] == 20
    assert ExceptionCase.objects.count() == 0


def test_two_who_bring_in_the_same_file_do_not_stop_each_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    real = importing.parts_kept
    desk.write("a.csv", HEAD + rows(*range(10)))

    def then_somebody_else_does_it(**given: Any) -> set[int]:
        known = real(**given)
        monkeypatch.setattr(importing, "parts_kept", real)
        assert desk.bring("a.csv")["entries"] == 10
        return known

    monkeypatch.setattr(importing, "parts_kept", then_somebody_else_does_it)
    assert desk.bring("a.csv")["entries"] == 10
    assert len(ledger()) == 10


def test_a_part_read_once_more_by_hand_waits_in_the_batch_tier(desk: Desk, ledger: Ledger) -> None:
    desk.write("a.csv", HEAD + rows(*range(4)))
    desk.bring("a.csv")
    (message,) = Message.objects.all()
    replay_message(message_id=message.pk)
    assert MessageWork.objects.get().tier == "batch"
    drain()
    assert len(ledger()) == 8
    assert ordered("PO-1") == ["5", "5"]


def test_unknown_codes_of_a_history_neither_hold_it_nor_ask_to_be_mapped(desk: Desk) -> None:
    mapping = SIMPLE + '"supplier.ids" = { column = "line", prefix = "v:" }\n"lines.item.buyer" = "line"\n'
    desk.write("a.csv", HEAD + rows(*range(10)))
    assert desk.connection.on_unknown == "hold"
    assert desk.bring("a.csv", mapping)["entries"] == 10
    assert ExceptionCase.objects.count() == 0
    assert TradingPartner.objects.filter(company=desk.connection.company).count() == 2


def test_of_equal_times_the_higher_number_is_the_later_word(desk: Desk) -> None:
    mapping = """
name = "log"
[row]
id = "id"
time = "at"
sequence = "no"
[fields]
"order.number" = "po"
"lines.line" = "line"
"lines.quantity" = "qty"
[[document]]
type = "order.placed"
when = { what = "placed" }
[[document]]
type = "order.changed"
when = { what = "changed" }
"""
    at = "2024-05-01T10:00:00Z"
    told = [
        ("z1", 1, "placed", 10),
        ("y2", 2, "changed", 20),
        ("x3", 10, "changed", 30),
        ("w4", 9, "changed", 40),
    ]
    lines = [f"{id_},PO,1,{qty},{at},{no},{what}" for id_, no, what, qty in told]
    desk.write("a.csv", "id,po,line,qty,at,no,what\n" + "\n".join(lines))
    desk.bring("a.csv", mapping)
    assert ordered("PO") == ["30"]
    desk.write("b.csv", "id,po,line,qty,at,no,what\n" + "\n".join(reversed(lines)).replace("PO", "PO-B"))
    desk.bring("b.csv", mapping.replace('"log"', '"log-b"'))
    assert ordered("PO-B") == ["30"]


def test_rows_of_one_receipt_are_parts_of_it(desk: Desk) -> None:
    mapping = """
name = "receipts"
[row]
id = "id"
time = "at"
[fields]
"order.number" = "po"
"lines.line" = "line"
[[document]]
type = "goods.received"
[document.fields]
"number" = "gr"
"received_at" = "at"
"lines.quantity" = "qty"
"""
    desk.write(
        "a.csv",
        "id,po,line,qty,at,gr\n1,P,10,5,2024-05-01,GR-1\n2,P,20,6,2024-05-01,GR-1\n3,P,10,2,2024-05-01,GR-1\n",
    )
    desk.bring("a.csv", mapping)
    (found,) = trace_key(key="P", scope=everything())
    assert {line["line"]: line["received"] for line in found["lines"]} == {"10": "7", "20": "6"}
