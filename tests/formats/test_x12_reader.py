"""The X12 reader on everything that senders do to a file."""

import pytest
from x12_samples import ANSWER, NOTICE, ORDER, wrap, write

from integrations.formats.edi import limits
from integrations.formats.x12.parts import GroupEnd, InterchangeEnd, Part, Refused, TransactionSet
from integrations.formats.x12.reader import read


def sets_of(body: bytes) -> list[TransactionSet]:
    return [part for part in read(body) if isinstance(part, TransactionSet)]


def findings_of(parts: list[Part]) -> dict[str, str]:
    found = {}
    for part in parts:
        for finding in [part.finding] if isinstance(part, Refused) else part.findings:
            found[finding.code] = finding.where
    return found


def text_of(body: bytes) -> str:
    (refused,) = read(body)
    assert isinstance(refused, Refused)
    return refused.finding.text


def test_a_sound_file_gives_its_sets_and_no_finding() -> None:
    parts = list(read(write(wrap(ORDER, ORDER))))
    assert [type(part) for part in parts] == [TransactionSet, TransactionSet, GroupEnd, InterchangeEnd]
    assert not findings_of(parts)
    first = parts[0]
    assert isinstance(first, TransactionSet)
    assert (first.code, first.control, first.group.code, first.group.version) == (
        "850",
        "0001",
        "PO",
        "004010",
    )
    assert first.group.interchange.sender == "NORTHGATE"
    assert [row[0] for row in first.rows()] == ["ST", "BEG", "PO1", "CTT", "SE"]


@pytest.mark.parametrize(
    ("terminator", "between"),
    [
        ("~", ""),
        ("~", "\r\n"),
        ("\r", "\n"),
        ("\n", ""),
        ("\x15", "\n"),
        ("|", ""),
        ("\\", ""),
        ("\xc3\x96", ""),
        ("\x85", ""),
    ],
)
def test_any_terminator_is_taken_from_the_isa(terminator: str, between: str) -> None:
    parts = list(read(write(wrap(ORDER), terminator, between)))
    assert not findings_of(parts)
    assert [row[0] for row in parts[0].rows()] == ["ST", "BEG", "PO1", "CTT", "SE"]  # type: ignore[union-attr]


def test_a_terminator_padded_with_a_blank_is_the_line_end_behind_it() -> None:
    body = write(wrap(ORDER), " \r", "\n")
    assert sets_of(body)[0].segments[1] == "BEG*00*SA*4500017**20260227"


@pytest.mark.parametrize("separator", ["~", "^", "\x1d", "|", "\xa6"])
def test_any_element_separator_is_taken_from_the_isa(separator: str) -> None:
    body = write(wrap(ORDER), "'", "\n").replace(b"*", separator.encode("latin-1"))
    assert [row[1] for row in sets_of(body)[0].rows()] == ["850", "00", "1", "1", "5"]


def test_a_byte_order_mark_indentation_and_an_old_end_of_file_mean_nothing() -> None:
    lines = b"\xef\xbb\xbf" + b"".join(
        b"   \t" * (place > 0) + line + b"\r\n" for place, line in enumerate(write(wrap(ORDER)).splitlines())
    )
    parts = list(read(lines + b"\x1a\x00"))
    assert not findings_of(parts)
    assert len(parts) == 3


def test_lines_wrapped_at_eighty_columns_are_joined_again() -> None:
    whole = write(wrap(ORDER), "~", "")
    wrapped = b"\r\n".join(whole[start : start + 80] for start in range(0, len(whole), 80))
    parts = list(read(wrapped))
    assert parts[0].segments == sets_of(whole)[0].segments  # type: ignore[union-attr]
    assert set(findings_of(parts)) == {"isa_positions"}


def test_an_isa_with_trimmed_elements_is_read_by_its_sixteenth_separator() -> None:
    segments = wrap(ORDER)
    segments[0] = "*".join(part.strip() for part in segments[0].split("*"))
    parts = list(read(write(segments)))
    assert findings_of(parts) == {"isa_positions": "segment 1 ISA, byte 0"}
    assert parts[0].group.interchange.receiver == "ACMEIND"  # type: ignore[union-attr]


def test_interchanges_with_other_delimiters_follow_each_other() -> None:
    body = (
        write(wrap(ORDER)) + b"\xef\xbb\xbf" + write(wrap(ANSWER, code="PR"), "\r", "\n").replace(b"*", b"|")
    )
    assert [(one.code, one.control) for one in sets_of(body)] == [("850", "0001"), ("855", "0001")]
    assert not findings_of(list(read(body)))


def test_an_iea_without_a_terminator_does_not_swallow_the_next_interchange() -> None:
    one = write(wrap(ORDER)).rstrip(b"~\n") + b"\n"
    parts = list(read(one + write(wrap(ANSWER, code="PR"))))
    assert [part.code for part in parts if isinstance(part, TransactionSet)] == ["850", "855"]
    assert not findings_of(parts)


def test_wrong_counts_and_controls_are_warnings_with_their_place() -> None:
    segments = wrap(ORDER)
    segments[6:] = ["SE*99*7", "GE*3*108", "IEA*2*000000108"]
    body = write(segments, "~", "")
    se, ge, iea = (body.index(tag) for tag in (b"SE*", b"GE*", b"IEA*"))
    assert findings_of(list(read(body))) == {
        "se_count": f"ST 0001, segment 5 SE, element 1, byte {se}",
        "se_control": f"ST 0001, segment 5 SE, element 2, byte {se}",
        "ge_count": f"GS 107, segment 8 GE, element 1, byte {ge}",
        "ge_control": f"GS 107, segment 8 GE, element 2, byte {ge}",
        "iea_count": f"ISA 000000107, segment 9 IEA, element 1, byte {iea}",
        "iea_control": f"ISA 000000107, segment 9 IEA, element 2, byte {iea}",
    }
    assert not sets_of(body)[0].findings.has_errors


def test_controls_that_differ_in_leading_zeros_only_are_the_same() -> None:
    segments = wrap(ORDER)
    segments[6:] = ["SE*05*1", "GE*01*0107", "IEA*1*107"]
    found = [
        (finding.code, finding.severity)
        for part in read(write(segments))
        for finding in part.findings  # type: ignore[union-attr]
    ]
    assert found == [("control_padded", "info")] * 3


def test_a_set_without_its_end_is_an_error_and_the_next_one_is_read() -> None:
    segments = wrap(ORDER, ORDER)
    del segments[6]
    first, second = sets_of(write(segments))
    assert [finding.code for finding in first.findings] == ["missing_se"]
    assert first.findings.has_errors
    assert not second.findings


def test_a_file_cut_off_anywhere_is_read_up_to_there() -> None:
    body = write(wrap(ORDER, ORDER))
    for end in range(len(body)):
        parts = list(read(body[:end]))
        assert parts
        assert sum(isinstance(part, TransactionSet) for part in parts) <= 2
        if end < len(body) - 2:
            assert findings_of(parts), end


def test_a_missing_gs_is_told_and_its_sets_are_read() -> None:
    segments = wrap(ORDER)
    segments[1] = segments[1].replace("GS*", "XX*")
    parts = list(read(write(segments)))
    assert {"segment_outside", "missing_gs"} <= set(findings_of(parts))
    assert parts[0].code == "850"  # type: ignore[union-attr]


def test_a_set_in_the_wrong_group_is_told() -> None:
    assert "group_code" in findings_of(list(read(write(wrap(ANSWER, code="PO")))))


def test_a_letter_in_isa11_separates_no_repetitions() -> None:
    later = write(wrap(ORDER)).replace(b"*00401*", b"*00501*")
    assert "repetition_separator" in findings_of(list(read(later)))
    assert sets_of(later)[0].group.interchange.delimiters.repetition == ""
    proper = later.replace(b"*U*00501*", b"*^*00501*")
    assert not findings_of(list(read(proper)))
    assert sets_of(proper)[0].group.interchange.delimiters.repetition == "^"


def test_the_tree_is_built_from_the_parents_in_any_order() -> None:
    shuffled = ["856", "BSN*00*A*20260316", "HL*3*2*I", "HL*2*1*O", "HL*1**S"]
    (one,) = sets_of(write(wrap(shuffled, code="SH")))
    assert one.hierarchy is not None
    assert one.hierarchy.parents == (1, 2, -1)
    assert one.hierarchy.top_down == (2, 1, 0)
    assert not one.findings


@pytest.mark.parametrize(
    ("loops", "code", "place", "element"),
    [
        (["HL*1**S", "HL*2*9*O"], "hl_parent_missing", 1, 2),
        (["HL*1**S", "HL*2*3*O", "HL*3*2*I"], "hl_circular", 1, 2),
        (["HL*1*1*S"], "hl_circular", 0, 2),
        (["HL*1**S", "HL*2*1*O", "HL*2*1*P", "HL*4*2*I"], "hl_repeated", 2, 1),
    ],
)
def test_a_broken_tree_is_an_error_with_its_place(
    loops: list[str], code: str, place: int, element: int
) -> None:
    body = write(wrap(["856", "BSN*00*A", *loops], code="SH"), "~", "")
    (one,) = sets_of(body)
    byte = body.index(loops[place].encode())
    where = f"ST 0001, segment {place + 3} HL, element {element}, byte {byte}"
    assert [(finding.code, finding.where) for finding in one.findings] == [(code, where)]
    assert one.findings.has_errors


def test_parents_left_unsaid_follow_the_levels_with_a_warning() -> None:
    (one,) = sets_of(write(wrap(["856", "BSN*00*A", "HL*1**S", "HL*2**O", "HL*3**I", "HL*4**I"], code="SH")))
    assert one.hierarchy is not None
    assert one.hierarchy.parents == (-1, 0, 1, 1)
    assert {finding.code for finding in one.findings} == {"hl_parent_unsaid"}
    assert not one.findings.has_errors


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "0 bytes"),
        (b" \r\n\t", "nothing but blanks"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"\x1f\x8brest", "gzip"),
        (write(wrap(ORDER)).decode().encode("utf-16"), "UTF-16"),
        (write(wrap(ORDER)).decode().encode("utf-16-be"), "UTF-16"),
        (b"%PDF-1.7", "a PDF"),
        (b"UNA:+.? 'UNB+UNOA:1'", "EDIFACT"),
        (b'{"a": 1}', "JSON"),
        (b"\xef\xbb\xbf<xml/>", "XML"),
        (b"GS*PO*A*B~", "header is missing"),
        (bytes(range(256)) * 40, "not X12"),
        (b"ISAAC NEWTON", "not X12"),
        (b"ISA*00*          *00*     ", "cut off"),
        (b"ISA" + b"*" * 200, "two kinds of separator"),
        (b"ISA" + b"*A" * 16 + b"GS", "could end a segment"),
        (b"ISA" + b"*A" * 15 + b"*", "cut off before"),
    ],
)
def test_what_is_not_x12_is_told_in_words_to_act_on(body: bytes, words: str) -> None:
    assert words in text_of(body)


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.formats.edi.limits.MAX_BYTES", 100)
    assert "over the limit of 100" in text_of(write(wrap(ORDER)))


def test_text_between_interchanges_is_told_and_left_out() -> None:
    parts = list(read(b"hello " + write(wrap(ORDER)) + b"world"))
    strays = [part.finding for part in parts if isinstance(part, Refused)]
    assert [(one.code, one.severity, one.value) for one in strays] == [
        ("stray_text", "warning", "hello"),
        ("stray_text", "warning", "world"),
    ]


def test_a_broken_header_does_not_hide_a_sound_interchange_behind_it() -> None:
    parts = list(read(b"ISA*00*short~" + b" " * limits.HEADER_WINDOW + write(wrap(ORDER))))
    assert isinstance(parts[0], Refused)
    assert [part.code for part in parts if isinstance(part, TransactionSet)] == ["850"]


def test_limits_of_a_segment_are_errors_of_its_set(monkeypatch: pytest.MonkeyPatch) -> None:
    long = ["850", "MSG*" + "x" * limits.MAX_SEGMENT, "N9" + "*a" * (limits.MAX_ELEMENTS + 1)]
    (one,) = sets_of(write(wrap(long)))
    assert [finding.code for finding in one.findings] == ["segment_too_long", "too_many_elements"]
    assert len(one.segments[1]) == limits.MAX_SEGMENT
    monkeypatch.setattr("integrations.formats.edi.limits.MAX_SEGMENTS_PER_SET", 3)
    (one,) = sets_of(write(wrap(ORDER)))
    assert "too_many_segments" in {finding.code for finding in one.findings}


def test_findings_of_a_set_are_limited_and_an_error_is_never_crowded_out() -> None:
    body = ["850", *["bad*1"] * 300]
    segments = wrap(body)
    segments.pop(-3)
    (one,) = sets_of(write(segments))
    assert len(one.findings) == limits.MAX_FINDINGS
    assert one.findings[-1].code == "missing_se"


def test_the_parts_of_a_message_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.formats.edi.limits.MAX_PARTS", 3)
    parts = list(read(write(wrap(*[ORDER] * 10))))
    assert len(parts) == 4
    assert isinstance(parts[-1], Refused)


def test_segments_across_the_reading_window_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    body = write(wrap(ORDER, NOTICE))
    whole = [one.segments for one in sets_of(body)]
    offsets = [list(one.offsets) for one in sets_of(body)]
    for window in (1, 7, 64):
        monkeypatch.setattr("integrations.formats.edi.limits.WINDOW", window)
        assert [one.segments for one in sets_of(body)] == whole
        assert [list(one.offsets) for one in sets_of(body)] == offsets
    for one in sets_of(body):
        for offset, segment in zip(one.offsets, one.segments, strict=True):
            assert body[offset : offset + len(segment)].decode() == segment


def test_a_file_cut_off_in_a_segment_does_not_swallow_the_next_one() -> None:
    first = write(wrap(ORDER))
    body = first[: first.index(b"PO1") + 5] + write(wrap(ANSWER, code="PR")).replace(b"*", b"|").replace(
        b"~", b"!"
    )
    one, other = sets_of(body)
    assert (one.segments[-1], one.findings.has_errors) == ("PO1*1", True)
    assert (other.code, list(other.findings)) == ("855", [])
