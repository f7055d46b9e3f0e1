"""The EDIFACT reader on everything that senders do to a file."""

import io
from collections.abc import Iterator

import pytest
from edifact_samples import ADVICE, ANSWER, HEADER, NOTICE, ORDER, group, message, respell, wrap, write

from integrations.formats.edi import limits
from integrations.formats.edi.findings import Finding
from integrations.formats.edifact.parts import GroupEnd, InterchangeEnd, Message, Part, Refused
from integrations.formats.edifact.reader import read


def messages_of(body: bytes) -> list[Message]:
    return [part for part in read(body) if isinstance(part, Message)]


def findings_of(parts: list[Part]) -> Iterator[Finding]:
    for part in parts:
        yield from [part.finding] if isinstance(part, Refused) else part.findings


def places_of(body: bytes) -> dict[str, str]:
    """Where each kind of fault is."""
    return {finding.code: finding.where for finding in findings_of(list(read(body)))}


def tags_of(one: Message) -> list[str]:
    return [row[0][0] for row in one.rows()]


def end_of(body: bytes) -> InterchangeEnd:
    return next(part for part in read(body) if isinstance(part, InterchangeEnd))


def test_a_sound_file_gives_its_messages_and_no_finding() -> None:
    parts = list(read(write(wrap(ORDER, ANSWER))))
    assert [type(part) for part in parts] == [Message, Message, InterchangeEnd]
    assert not list(findings_of(parts))
    first = parts[0]
    assert isinstance(first, Message)
    assert (first.code, first.version, first.release, first.agency, first.association, first.control) == (
        "ORDERS",
        "D",
        "96A",
        "UN",
        "EAN008",
        "M1",
    )
    assert first.group.missing
    assert first.scope == "UNH M1"
    assert list(first.rows())[2] == [["LIN"], ["1"], [""], ["SKU-1042", "BP"]]
    assert first.row(3) == [["QTY"], ["21", "100", "CT"]]


def test_the_header_of_the_interchange_is_told_by_its_elements() -> None:
    header = "UNB+UNOB:4+ACME:14:INT+NORTHGATE:ZZ:HUB+20260302:0915+A107+REF:AA+ORDERS+B+1+AGREED+1"
    end = end_of(write([header, *message(ORDER, "1"), "UNZ+1+A107"]))
    one = end.interchange
    assert (one.syntax, one.syntax_version, one.sender, one.sender_qualifier) == ("UNOB", "4", "ACME", "14")
    assert (one.sender_internal, one.receiver_internal) == ("INT", "HUB")
    assert (one.receiver, one.receiver_qualifier, one.date, one.time) == (
        "NORTHGATE",
        "ZZ",
        "20260302",
        "0915",
    )
    assert (one.control, one.reference, one.application_reference, one.processing) == (
        "A107",
        "REF",
        "ORDERS",
        "B",
    )
    assert (one.acknowledgement_requested, one.agreement, one.test) == (True, "AGREED", True)
    assert not end.findings


def test_what_is_not_asked_for_is_not_taken_for_asked() -> None:
    one = end_of(write(wrap(ORDER))).interchange
    assert (one.acknowledgement_requested, one.test) == (False, False)
    zeros = end_of(write(wrap(ORDER, header=HEADER + "++++0++0"))).interchange
    assert (zeros.acknowledgement_requested, zeros.test) == (False, False)


@pytest.mark.parametrize(
    "characters", [":+.? '", "=*.? ~", "|!,\\ ;", "\x1f\x1d.? \x1c", ":+.\\*'", ":+,?*\n", "§%.^ $", "/-,! _"]
)
def test_any_separators_are_taken_from_the_una(characters: str) -> None:
    usual = list(read(write(wrap(ORDER, NOTICE), between="", advice="")))
    body = respell(
        write(wrap(ORDER, NOTICE), between="", advice=""),
        ":+?'-",
        characters[:2] + characters[3] + characters[5] + "x",
    )
    parts = list(read(b"UNA" + characters.encode("latin-1") + body))
    assert not list(findings_of(parts))
    for one, other in zip(usual, parts, strict=True):
        if isinstance(one, Message):
            assert isinstance(other, Message)
            written = [
                [[text.replace("-", "x") for text in element] for element in row] for row in one.rows()
            ]
            assert list(other.rows()) == written


@pytest.mark.parametrize("between", ["", "\r\n", "\n", "\r", "  \r\n\t", "\r\n\r\n"])
def test_blanks_and_line_ends_between_segments_mean_nothing(between: str) -> None:
    body = write(wrap(ORDER), between=between)
    parts = list(read(b"\xef\xbb\xbf" + body + b"\x1a"))
    assert not list(findings_of(parts))
    assert tags_of(parts[0]) == ["UNH", "BGM", "LIN", "QTY", "UNS", "UNT"]  # type: ignore[arg-type]


def test_without_a_una_the_usual_separators_count() -> None:
    assert not places_of(write(wrap(ORDER), advice=""))


def test_level_b_without_a_una_is_separated_by_the_information_separators() -> None:
    body = respell(write(wrap(ORDER), between="", advice=""), ":+'", "\x1f\x1d\x1c")
    assert not places_of(body)
    assert tags_of(messages_of(body)[0])[-1] == "UNT"


def test_lines_that_end_segments_without_a_word_are_found_with_a_warning() -> None:
    body = respell(write(wrap(ORDER), between="", advice=""), "'", "\n")
    assert places_of(body) == {"terminator_guessed": "segment 1 UNB, byte 0"}
    assert len(messages_of(body)[0].segments) == 6
    assert "terminator_guessed" in places_of(ADVICE.encode() + body)
    assert len(messages_of(ADVICE.encode() + body)[0].segments) == 6


def test_a_una_of_five_characters_is_told_and_the_file_read() -> None:
    for between in ("", "\r\n"):
        body = write(wrap(ORDER), advice="UNA:+.?'", between=between)
        assert places_of(body) == {"una_short": "segment 1 UNA, byte 0"}


def test_a_una_that_the_unb_does_not_follow_is_told_and_the_unb_counts() -> None:
    body = write(wrap(ORDER), advice="UNA:*.? '")
    assert places_of(body) == {"una_differs": "segment 1 UNA, byte 0"}
    assert messages_of(body)[0].row(1) == [["BGM"], ["220"], ["4500017"], ["9"]]


def test_a_una_that_separates_nothing_is_refused_with_its_place() -> None:
    (refused, *_) = read(write(wrap(ORDER), advice="UNA++.? '").replace(b"UNB+UNOC:3", b"UNB+UNOC+3"))
    assert isinstance(refused, Refused)
    assert (refused.finding.code, refused.finding.where) == ("same_separators", "segment 1 UNA, byte 0")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a?+b", "a+b"),
        ("a?:b", "a:b"),
        ("a?'b", "a'b"),
        ("a??", "a?"),
        ("a???'b", "a?'b"),
        ("a????", "a??"),
        ("?a", "a"),
        ("a?\r\n'b", "a'b"),
        ("a b ", "a b "),
    ],
)
def test_released_characters_are_text(written: str, read_as: str) -> None:
    body = write(wrap([*ORDER[:-1], f"FTX+AAI+++{written}:next+last", "UNS+S"]))
    (one,) = messages_of(body)
    assert one.row(4) == [["FTX"], ["AAI"], [""], [""], [read_as, "next"], ["last"]]
    assert not places_of(body)


def test_a_release_character_at_a_segments_end_takes_its_terminator_along() -> None:
    body = write(wrap([*ORDER[:-1], "FTX+AAI+++a?", "UNS+S"]), between="")
    (one,) = messages_of(body)
    assert one.row(4)[4] == ["a'UNS"]
    assert "unt_count" in places_of(body)


def test_a_blank_for_a_release_character_means_that_there_is_none() -> None:
    body = write(wrap([*ORDER[:-1], "FTX+AAI+++really?", "UNS+S"]), advice="UNA:+.  '")
    (one,) = messages_of(body)
    assert one.row(4)[4] == ["really?"]
    assert not places_of(body)


def test_segments_wrapped_at_eighty_columns_are_joined_again() -> None:
    text = write(wrap([*ORDER[:-1], "FTX+AAI+++" + "abcdefghij" * 20, "UNS+S"]), between="").decode()
    wrapped = "\r\n".join(text[place : place + 80] for place in range(0, len(text), 80)).encode()
    (one,) = messages_of(wrapped)
    assert one.row(4)[4] == ["abcdefghij" * 20]
    assert not places_of(wrapped)


def test_a_group_is_told_again_at_its_end() -> None:
    parts = list(read(write(group(ORDER, ORDER))))
    assert [type(part) for part in parts] == [Message, Message, GroupEnd, InterchangeEnd]
    assert not list(findings_of(parts))
    end = parts[2]
    assert isinstance(end, GroupEnd)
    one = end.group
    assert (one.code, one.sender, one.sender_qualifier, one.receiver) == ("ORDERS", "NORTHGATE", "ZZ", "ACME")
    assert (one.control, one.agency, one.version, one.release, one.association) == (
        "31",
        "UN",
        "D",
        "96A",
        "EAN008",
    )
    assert (end.included, end.received) == ("2", 2)


def test_wrong_counts_and_references_are_warnings_with_their_place() -> None:
    segments = group(ORDER, code="ORDERS")
    body = write(
        [segment.replace("UNT+6+M1", "UNT+9+M7").replace("UNE+1+31", "UNE+4+30") for segment in segments]
    ).replace(b"UNZ+1+107", b"UNZ+3+108")
    unt, une, unz = (body.index(tag) for tag in (b"UNT", b"UNE", b"UNZ"))
    assert places_of(body) == {
        "unt_count": f"UNH M1, segment 6 UNT, element 1, byte {unt}",
        "unt_control": f"UNH M1, segment 6 UNT, element 2, byte {unt}",
        "une_count": f"UNG 31, segment 9 UNE, element 1, byte {une}",
        "une_control": f"UNG 31, segment 9 UNE, element 2, byte {une}",
        "unz_count": f"UNB 107, segment 10 UNZ, element 1, byte {unz}",
        "unz_control": f"UNB 107, segment 10 UNZ, element 2, byte {unz}",
    }


def test_unz_counts_messages_without_groups_and_groups_with_them() -> None:
    assert not places_of(write(wrap(ORDER, ORDER, ORDER)))
    assert not places_of(write(group(ORDER, ORDER, ORDER)))
    assert "unz_count" in places_of(write(group(ORDER, ORDER)).replace(b"UNZ+1", b"UNZ+2"))


@pytest.mark.parametrize(
    ("tag", "code"), [("UNT", "missing_unt"), ("UNE", "missing_une"), ("UNZ", "missing_unz")]
)
def test_a_missing_end_is_told_and_reading_goes_on(tag: str, code: str) -> None:
    segments = [segment for segment in group(ORDER, ORDER) if not segment.startswith(tag)]
    body = write(segments) + write(wrap(ANSWER))
    assert code in places_of(body)
    assert [one.code for one in messages_of(body)] == ["ORDERS", "ORDERS", "ORDRSP"]
    cut_off = [one.findings.has_errors for one in messages_of(body)]
    assert cut_off == [tag == "UNT", tag == "UNT", False]


def test_a_una_ends_an_interchange_that_has_no_end() -> None:
    first = write(wrap(ORDER)[:-1])
    for body in (first + write(wrap(ANSWER)), first + respell(write(wrap(ANSWER)), "+", "*")):
        assert [one.code for one in messages_of(body)] == ["ORDERS", "ORDRSP"]
        assert "missing_unz" in places_of(body)


@pytest.mark.parametrize("advice", [ADVICE, ""])
def test_a_file_cut_off_in_a_segment_does_not_swallow_the_next_one(advice: str) -> None:
    first = write(wrap(ORDER), between="")
    body = first[: first.index(b"QTY") + 5] + write(wrap(ANSWER), between="", advice=advice)
    (one, other) = messages_of(body)
    assert (one.code, other.code) == ("ORDERS", "ORDRSP")
    assert one.segments[-1] == "QTY+2"
    assert one.findings.has_errors
    assert not other.findings


def test_a_unz_without_a_terminator_does_not_swallow_the_next_interchange() -> None:
    body = write(wrap(ORDER))[:-3] + b"\r\n" + write(wrap(ANSWER))
    assert [one.code for one in messages_of(body)] == ["ORDERS", "ORDRSP"]
    assert not places_of(body)


def test_interchanges_with_other_separators_follow_each_other() -> None:
    body = write(wrap(ORDER)) + respell(write(wrap(ANSWER)), "+:'", "*=~")
    assert [one.code for one in messages_of(body)] == ["ORDERS", "ORDRSP"]
    assert not places_of(body)


def test_a_file_cut_off_anywhere_is_read_up_to_there() -> None:
    body = write(group(ORDER, ANSWER))
    for length in range(body.index(b"UNG"), len(body) - 3):
        found = [finding.code for finding in findings_of(list(read(body[:length])))]
        assert "missing_unz" in found or "unz_count" in found or "unz_control" in found, length


def test_a_header_that_lacks_elements_is_told_and_the_messages_are_read() -> None:
    body = write(["UNB+UNOC:3+++", *message(ORDER, "1"), "UNZ+1"])
    assert [one.code for one in messages_of(body)] == ["ORDERS"]
    assert {"unb_elements", "unb_sender", "unb_receiver", "unb_reference"} <= set(places_of(body))


def test_an_unknown_syntax_or_version_is_told() -> None:
    body = write(wrap(ORDER, header=HEADER.replace("UNOC:3", "XXXX:9")))
    assert set(places_of(body)) == {"unb_syntax", "unb_version"}
    assert places_of(body)["unb_syntax"] == f"UNB 107, segment 1 UNB, element 1, byte {0}"


def test_a_header_cut_off_is_refused_with_its_place() -> None:
    (refused,) = read(b"UNB+UNOC:3+A+B+260302:0915")
    assert isinstance(refused, Refused)
    assert (refused.finding.code, refused.finding.where) == ("truncated_unb", "segment 1 UNB, byte 0")


def test_a_message_without_a_type_is_an_error_and_the_others_are_read() -> None:
    body = write(wrap(["", *ORDER[1:]], ORDER))
    first, second = messages_of(body)
    assert [finding.code for finding in first.findings] == ["unh_type"]
    assert second.code == "ORDERS"
    assert not second.findings


def test_a_reference_used_twice_is_told() -> None:
    body = write([HEADER, *message(ORDER, "1"), *message(ORDER, "1"), "UNZ+2+107"])
    assert [finding.code for finding in findings_of(list(read(body)))] == ["control_reused"]


def test_segments_outside_of_messages_are_told_with_their_place() -> None:
    body = write([HEADER, "QTY+21:5", *message(ORDER, "1"), "UNZ+1+107"])
    assert places_of(body) == {"segment_outside": f"UNB 107, segment 2 QTY, byte {body.index(b'QTY')}"}


@pytest.mark.parametrize(
    ("syntax", "codec", "text"),
    [
        ("UNOC", "latin-1", "Käse für 3 ½ Øre"),
        ("UNOC", "utf-8", "Käse für 3 €"),
        ("UNOD", "iso8859-2", "Łódź ž"),
        ("UNOE", "iso8859-5", "Сыр из Вологды"),
        ("UNOF", "iso8859-7", "Τυρί φέτα"),
        ("UNOK", "iso8859-9", "Beyaz peynir ığş"),
        ("UNOW", "utf-8", "Сыр 乾酪 Käse"),
        ("UNOY", "utf-8", "乾酪"),
    ],
)
def test_texts_are_read_in_the_character_set_that_the_header_names(
    syntax: str, codec: str, text: str
) -> None:
    segments = wrap([*ORDER[:-1], f"FTX+AAI+++{text}", "UNS+S"], header=HEADER.replace("UNOC", syntax))
    body = "".join(segment + "'\n" for segment in segments).encode(codec)
    (one,) = messages_of(body)
    assert one.row(4)[4] == [text]
    assert [finding.severity for finding in findings_of(list(read(body)))] == (
        ["info"] if (syntax, codec) == ("UNOC", "utf-8") else []
    )


def test_characters_beyond_the_named_set_are_read_and_told_once() -> None:
    header = HEADER.replace("UNOC", "UNOA")
    body = write(wrap([*ORDER[:-1], "FTX+AAI+++Käse", "FTX+AAI+++Öl", "UNS+S"], header=header))
    assert messages_of(body)[0].row(4)[4] == ["Käse"]
    assert [(one.code, one.severity) for one in findings_of(list(read(body)))] == [("charset", "info")]


def test_repeated_elements_of_version_four_give_the_first_and_are_told() -> None:
    header = HEADER.replace("UNOC:3", "UNOC:4")
    segments = wrap([*ORDER[:-1], "PIA+5+A:SA*B:BP+C?*D:SA", "UNS+S"], header=header)
    for body in (write(segments, advice=""), write(segments, advice="UNA:+.?*'")):
        (one,) = messages_of(body)
        assert one.row(4) == [["PIA"], ["5"], ["A", "SA"], ["C*D", "SA"]]
        assert one.repetitions(4, 2) == [["A", "SA"], ["B", "BP"]]
        place = f"UNH M1, segment 5 PIA, element 2, byte {body.index(b'PIA')}"
        assert places_of(body) == {"repetition": place}
    plain = write(segments, advice=ADVICE)
    assert messages_of(plain)[0].row(4)[2] == ["A", "SA*B", "BP"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"  \r\n \x1a", "blanks"),
        (b"PK\x03\x04....", "zip"),
        ("UNB+UNOC:3".encode("utf-16"), "UTF-16"),
        ("UNB+UNOC:3".encode("utf-16-le"), "UTF-16"),
        (b'{"a": 1}', "JSON"),
        (b"\xef\xbb\xbf<xml/>", "XML"),
        (b"{\\rtf1 x}", "word processor"),
        (b"STX=ANA:1+500", "TRADACOMS"),
        (b"UNH+1+ORDERS:D:96A:UN'", "begins with UNH"),
        (b"UNG+ORDERS+A+B'", "begins with UNG"),
        (b"UIB+UNOA:0'", "interactive"),
        (b"ISA*00*          *00*", "X12"),
        (b"UNA:+.? 'hello", "no UNB follows"),
        (b"UNBELIEVABLE", "not EDIFACT"),
        (bytes(range(256)) * 40, "not EDIFACT"),
    ],
)
def test_what_is_not_edifact_is_told_in_words_to_act_on(body: bytes, words: str) -> None:
    (refused,) = read(body)
    assert isinstance(refused, Refused)
    assert words in refused.finding.text
    assert refused.finding.severity == "error"


def test_text_between_interchanges_is_told_and_left_out() -> None:
    body = b"hello " + write(wrap(ORDER)) + b"world"
    strays = [part.finding for part in read(body) if isinstance(part, Refused)]
    assert [(one.code, one.value, one.offset) for one in strays] == [
        ("stray_text", "hello", 0),
        ("stray_text", "world", body.index(b"world")),
    ]


def test_bytes_a_file_and_chunks_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    body = write(group(ORDER, NOTICE)) + write(wrap([*ORDER[:-1], "FTX+AAI+++a?'b??", "UNS+S"]))
    whole = list(read(body))
    for window in (1, 7, 64, limits.WINDOW):
        monkeypatch.setattr("integrations.formats.edi.limits.WINDOW", window)
        assert list(read(body)) == whole
        assert list(read(io.BytesIO(body))) == whole
        assert list(read(body[place : place + 3] for place in range(0, len(body), 3))) == whole
    for one in messages_of(body):
        for offset, segment in zip(one.offsets, one.segments, strict=True):
            assert body[offset : offset + len(segment)].decode() == segment


def test_a_segment_that_never_ends_is_an_error_of_its_message_and_what_follows_is_read() -> None:
    long = write(wrap([*ORDER[:-1], "FTX+AAI+++" + "x" * (3 * limits.WINDOW), "UNS+S"], ANSWER))
    first, second = messages_of(long)
    assert [finding.code for finding in first.findings] == ["segment_too_long"]
    assert len(first.segments[4]) == limits.MAX_SEGMENT
    assert (second.code, list(second.findings)) == ("ORDRSP", [])
