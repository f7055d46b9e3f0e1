"""Files of rows are cut at the borders of their rows, and read as they were written."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.formats.flatfile import cutting
from integrations.formats.flatfile.cutting import Part, cut
from integrations.formats.flatfile.form import MAX_ROW_BYTES, FlatFileError, Form
from integrations.formats.flatfile.rows import Row, columns_of, head_of, read_csv, read_json
from integrations.formats.flatfile.source import open_source

CSV = Form()


def parts(content: bytes, form: Form = CSV) -> list[Part]:
    return list(cut(io.BytesIO(content), form))


def rows(content: bytes, form: Form = CSV) -> list[Row]:
    found = []
    for part in parts(content, form):
        head = head_of(part.body, form)
        found += read_csv(part.body[len(head) :], form, columns_of(head, form))
    return found


def cells(content: bytes, form: Form = CSV) -> list[list[str]]:
    return [row.cells for row in rows(content, form)]


def test_a_line_end_inside_of_quotes_does_not_end_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART_ROWS", 1)
    content = b'a,b\n1,"x\ny"\n2,"said ""no""\n\nand left"\n3,z\n'
    assert [part.first_line for part in parts(content)] == [2, 4, 7]
    assert cells(content) == [["1", "x\ny"], ["2", 'said "no"\n\nand left'], ["3", "z"]]


def test_a_quote_in_the_middle_of_a_text_opens_nothing() -> None:
    assert cells(b'a,b\n1,5" pipe\n2,3" pipe\n') == [["1", '5" pipe'], ["2", '3" pipe']]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_rows_may_end_either_way_and_the_last_not_at_all(end: bytes) -> None:
    assert cells(b"a,b" + end + b"1,2" + end + end + b"3,4") == [["1", "2"], ["3", "4"]]


def test_empty_lines_are_no_rows_but_lines_are_counted_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART_ROWS", 1)
    found = parts(b"a,b\n\n1,2\n\n\n3,4\n\n")
    assert [(part.first_row, part.first_line, part.rows) for part in found] == [(1, 3, 1), (2, 6, 1)]


def test_a_file_that_is_cut_short_has_the_same_parts_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cutting, "PART_ROWS", 3)
    content = b"a\n" + b"".join(b"%d\n" % number for number in range(20))
    whole, short = parts(content), parts(content[:30])
    assert short[:-1] == whole[: len(short) - 1]
    assert len(short) > 2


@given(
    table=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), min_size=3, max_size=3
        ),
        max_size=12,
    ),
    size=st.integers(1, 5),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
)
def test_whatever_is_written_as_csv_is_cut_and_read_as_it_was(
    table: list[list[str]], size: int, delimiter: str
) -> None:
    told = io.StringIO(newline="")
    writer = csv.writer(told, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *table])
    form = Form(delimiter=delimiter)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "PART_ROWS", size)
        content = told.getvalue().encode()
        assert cells(content, form) == table
        assert all(part.rows <= size for part in parts(content, form))


def test_wrong_quotes_spoil_their_own_row_only() -> None:
    found = rows(b'a,b\n1,2\n3,"4"5\n"6","7\n8"\n9,10\n')
    assert [bool(row.problem) for row in found] == [False, True, False, False]
    assert "quotes" in found[1].problem
    assert [row.line for row in found] == [0, 1, 2, 4]


def test_a_row_with_too_few_or_too_many_cells_says_so() -> None:
    found = rows(b"a,b\n1\n1,2,3\n1,2\n")
    assert [row.problem for row in found] == [
        "2 columns are expected, 1 stand here",
        "2 columns are expected, 3 stand here",
        "",
    ]


def test_bytes_that_are_no_character_are_told_with_their_column() -> None:
    found = rows(b"a,b\n1,caf\xe9\n2,x\n")
    assert (found[0].column, bool(found[1].problem)) == ("b", False)
    assert found[0].problem.startswith("byte 0xE9 at place 4 is not utf-8")
    assert cells(b"a,b\n1,caf\xe9\n", Form(encoding="cp1252")) == [["1", "café"]]


def test_a_nul_is_told_with_its_place() -> None:
    found = rows(b"a,b\n1,x\x00y\n2,z\n")
    assert (found[0].problem, found[0].column) == ("a NUL character stands at place 2", "b")
    assert not found[1].problem


def test_names_that_stand_twice_in_the_header_are_numbered() -> None:
    assert columns_of(b"Date,Qty, Date \n", CSV) == ["Date#1", "Qty", "Date#2"]


def test_a_file_without_a_header_takes_the_names_it_is_given() -> None:
    form = Form(header=False, columns=("a", "b"))
    assert cells(b"1,2\n3,4\n", form) == [["1", "2"], ["3", "4"]]


def test_lines_before_the_header_are_left_out() -> None:
    form = Form(skip_lines=2)
    content = b"Report of May\nprinted yesterday\na,b\n1,2\n"
    assert (cells(content, form), parts(content, form)[0].first_line) == ([["1", "2"]], 4)


def test_json_lines_are_objects_or_say_what_they_are() -> None:
    found = list(read_json(b'{"a": 1}\n\n[1]\n{"a":\n{"b": 0.10}\n'))
    assert [bool(row.problem) for row in found] == [False, True, True, False]
    assert [row.line for row in found] == [0, 2, 3, 4]
    assert str(found[3].cells[0]["b"]) == "0.10"


def read(path: Path, form: Form = CSV) -> list[Part]:
    with open_source(path) as source:
        return list(cut(source, form))


def test_gzipped_or_not_a_file_has_the_same_parts(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfa,b\n1,2\n"
    (tmp_path / "plain.csv").write_bytes(content)
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(content))
    assert read(tmp_path / "plain.csv") == read(tmp_path / "packed.csv.gz")
    assert read(tmp_path / "plain.csv")[0].body == b"a,b\n1,2\n"


@pytest.mark.parametrize("lost", [1, 9, 200])
def test_a_gzip_without_its_end_is_told_after_the_whole_parts_before(
    tmp_path: Path, lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "PART_ROWS", 10)
    packed = gzip.compress(b"a\n" + b"".join(b"%d\n" % (number * 7919) for number in range(5000)))
    (tmp_path / "cut.gz").write_bytes(packed[:-lost])
    found: list[Part] = []
    with (
        open_source(tmp_path / "cut.gz") as source,
        pytest.raises(FlatFileError, match="cut off or damaged") as told,
    ):
        found.extend(cut(source, CSV))
    assert told.value.line > 4000
    assert len(found) > 400
    assert {part.rows for part in found} == {10}


def test_a_row_of_a_hundred_megabytes_is_refused_before_it_is_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.gz"
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(b"a,b\n1,2\n")
        for _ in range(100):
            out.write(b"x" * 1024 * 1024)
    with pytest.raises(FlatFileError, match="longer than 1,048,576 bytes") as told:
        read(path)
    assert told.value.line == 3


def test_a_quote_that_is_never_closed_is_told_at_the_row_that_opens_it() -> None:
    with pytest.raises(FlatFileError, match="not closed before the file ends") as told:
        parts(b'a,b\n1,2\n3,"4\n5,6\n')
    assert told.value.line == 3
    with pytest.raises(FlatFileError, match="is a quote not closed") as long:
        parts(b'a,b\n1,"2\n' + b"5,6\n" * (MAX_ROW_BYTES // 3))
    assert long.value.line == 2


def test_an_empty_file_has_no_header() -> None:
    with pytest.raises(FlatFileError, match="it is empty"):
        parts(b"\n\n")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"delimiter": ";;"}, "one character"),
        ({"quote": ","}, "quote"),
        ({"encoding": "utf-17"}, "no encoding"),
        ({"encoding": "utf-16"}, "convert"),
        ({"header": False}, "columns"),
        ({"columns": ("a",)}, "header = false"),
    ],
)
def test_a_form_that_no_file_can_have_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Form(**wrong)  # type: ignore[arg-type]  # the point of it
