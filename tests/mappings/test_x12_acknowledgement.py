"""The 997 (one for every group received, saying what was done) and the TA1. Two outside judges read them."""

from datetime import UTC, datetime
from uuid import UUID

import mockedi.validate
import mockedi.x12
import pytest
import x12doctor
from x12_samples import NOTICE, ORDER, wrap, write

from integrations.formats.x12.parts import InterchangeEnd, TransactionSet
from integrations.formats.x12.reader import read
from integrations.mappings.x12.translator import X12Translator
from visibility.core.identifiers import digest
from visibility.inbox.ports import ReadingProfile, Separators, VerbatimMessage

RECEIVED = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
BROKEN = [*ORDER[:2], "PO1*1*many*CA*12.5**BP*SKU-1042", "CTT*1"]


def replies_to(body: bytes, kind: str = "997") -> list[str]:
    message = VerbatimMessage(body=body, content_type="application/edi-x12", received_at=RECEIVED)
    replies = X12Translator().replies(message)
    return [reply.body.decode("ascii") for reply in replies if reply.name.startswith(kind)]


def reply_to(segments: list[str]) -> list[str]:
    (reply,) = replies_to(write(segments))
    return reply.replace("\n", "").split("~")[:-1]


def inside(segments: list[str]) -> list[str]:
    """AK1 to AK9."""
    return [segment for segment in reply_to(segments) if segment.startswith("AK")]


def test_a_sound_group_is_accepted_with_sides_swapped() -> None:
    reply = reply_to(wrap(ORDER, ORDER))
    assert reply[0].startswith(
        "ISA*00*          *00*          *ZZ*ACMEIND        *ZZ*NORTHGATE      *260302*1030*U*00401*"
    )
    assert reply[1].startswith("GS*FA*ACMEIND*NORTHGATE*20260302*1030*")
    assert reply[1].endswith("*X*004010")
    assert inside(wrap(ORDER, ORDER)) == [
        "AK1*PO*107",
        "AK2*850*0001",
        "AK5*A",
        "AK2*850*0002",
        "AK5*A",
        "AK9*A*2*2*2",
    ]


def test_a_set_that_could_not_be_used_is_rejected_with_its_place() -> None:
    assert inside(wrap(ORDER, BROKEN)) == [
        "AK1*PO*107",
        "AK2*850*0001",
        "AK5*A",
        "AK2*850*0002",
        "AK3*PO1*3**8",
        "AK4*2**6*many",
        "AK5*R*5",
        "AK9*P*2*2*1",
    ]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"SE*5*0001": "SE*9*0001"}, ["AK5*E*4", "AK9*E*1*1*1"]),
        ({"SE*5*0001": "SE*5*0002"}, ["AK5*E*3", "AK9*E*1*1*1"]),
        ({"GE*1*107": "GE*4*107"}, ["AK5*A", "AK9*E*4*1*1*5"]),
        ({"GE*1*107": "GE*1*108"}, ["AK5*A", "AK9*E*1*1*1*4"]),
    ],
)
def test_a_wrong_count_is_accepted_with_the_error_noted(wrong: dict[str, str], expected: list[str]) -> None:
    assert inside([wrong.get(segment, segment) for segment in wrap(ORDER)])[2:] == expected


def test_a_set_cut_off_and_a_group_without_end_are_rejected() -> None:
    assert inside(wrap(ORDER)[:-3]) == ["AK1*PO*107", "AK2*850*0001", "AK5*R*2", "AK9*R*1*1*0*3"]


def test_an_unsupported_set_is_rejected_as_such() -> None:
    assert inside(wrap(["9Z9", "B2**SCAC"], code="SM")) == [
        "AK1*SM*107",
        "AK2*9Z9*0001",
        "AK5*R*1",
        "AK9*R*1*1*0",
    ]


def test_a_missing_mandatory_segment_is_named() -> None:
    assert inside(wrap(["850", "PO1*1*1*EA"]))[2:] == ["AK3*BEG*2**3", "AK5*R*5", "AK9*R*1*1*0"]


def test_acknowledgements_are_never_acknowledged() -> None:
    assert replies_to(write(wrap(["997", "AK1*PO*1", "AK9*A*1*1*1"], code="FA"))) == []
    assert replies_to(b"") == []


def test_each_interchange_has_its_reply_and_each_group_its_997() -> None:
    segments = wrap(ORDER)
    group = [segment.replace("107", "108") for segment in segments[1:-1]]
    two = [*segments[:-1], *group, "IEA*2*000000107"]
    first, second = replies_to(write(two) + write(wrap(NOTICE, code="SH")))
    assert first.count("ST*997*") == 2
    assert "AK1*PO*107~" in first
    assert "AK1*PO*108~" in first
    assert "IEA*2*" in first
    assert second.count("ST*997*") == 1
    assert first.split("*")[13] != second.split("*")[13]


def test_the_same_message_has_the_same_reply() -> None:
    assert replies_to(write(wrap(ORDER))) == replies_to(write(wrap(ORDER)))
    assert replies_to(write(wrap(ORDER))) != replies_to(write(wrap(ORDER, ORDER)))


def test_a_body_of_many_interchanges_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []

    def counting(*parts: bytes) -> UUID:
        hashed.append(sum(len(part) for part in parts))
        return digest(*parts)

    monkeypatch.setattr("integrations.mappings.x12.translator.digest", counting)
    body = write(wrap(ORDER)) * 50
    assert len(replies_to(body)) == 50
    assert sum(hashed) <= len(body) + 50 * 24


def test_release_5010_names_its_version_in_ak1() -> None:
    body = write(wrap(ORDER)).replace(b"*U*00401*", b"*^*00501*").replace(b"*X*004010", b"*X*005010")
    (reply,) = replies_to(body)
    assert "AK1*PO*107*005010~" in reply
    assert "*^*00501*" in reply


def test_a_bad_value_cannot_break_out_of_its_element() -> None:
    body = write(wrap([*ORDER[:2], "PO1|1|5~*9|CA"]), "'", "\n").replace(b"*", b"|")
    (reply,) = replies_to(body)
    assert reply.count("~") == len([line for line in reply.splitlines() if line])
    (only,) = [part for part in read(reply.encode()) if isinstance(part, TransactionSet)]
    assert not only.findings


CASES = {
    "accepted": wrap(ORDER, ORDER),
    "partly": wrap(ORDER, BROKEN),
    "rejected": wrap(["850", "PO1*1*1*EA"]),
    "unsupported": wrap(["9Z9", "BCH*04*SA*4500017"], code="PC"),
    "cut off": wrap(ORDER)[:-3],
    "tree": wrap([*NOTICE[:6], "HL*3*9*I"], code="SH"),
}


@pytest.mark.parametrize("name", CASES)
def test_outside_judges_find_no_fault_in_our_997(name: str) -> None:
    (reply,) = replies_to(write(CASES[name]))
    judged = mockedi.validate.validate(mockedi.x12.parse(reply), strict=True)
    assert judged.messages
    assert judged.clean, [message.summary() for message in judged.messages]
    # C01 and C03 retell what the 997 says; anything else would be a fault of the 997 itself.
    assert {one.code for one in x12doctor.diagnose(reply).findings} <= {"C01", "C03"}


@pytest.mark.parametrize("name", CASES)
def test_our_own_reader_finds_no_fault_in_our_997(name: str) -> None:
    (reply,) = replies_to(write(CASES[name]))
    parts = list(read(reply.encode()))
    assert len(parts) == 3
    assert not any(getattr(part, "findings", ()) for part in parts)


def envelope_told(segments: list[str]) -> list[str]:
    """The TA1 segments sent in answer."""
    replies = replies_to(write(segments), "TA1")
    return [
        part for reply in replies for part in reply.replace("\n", "").split("~") if part.startswith("TA1")
    ]


def asking(segments: list[str]) -> list[str]:
    return [segments[0].replace("*000000107*0*P", "*000000107*1*P"), *segments[1:]]


def test_a_sound_envelope_that_asks_for_nothing_gets_no_ta1() -> None:
    assert envelope_told(wrap(ORDER)) == []


@pytest.mark.parametrize(
    ("segments", "told"),
    [
        (asking(wrap(ORDER)), "TA1*000000107*260302*0915*A*000"),
        (wrap(ORDER)[:-1], "TA1*000000107*260302*0915*E*023"),
        ([*wrap(ORDER)[:-1], "IEA*1*000000108"], "TA1*000000107*260302*0915*E*001"),
        ([*wrap(ORDER)[:-1], "IEA*3*000000107"], "TA1*000000107*260302*0915*E*021"),
        ([*wrap(ORDER)[:-1], "BEG*00", "IEA*1*000000107"], "TA1*000000107*260302*0915*E*024"),
        ([wrap(ORDER)[0], "IEA*0*000000107"], "TA1*000000107*260302*0915*R*024"),
    ],
    ids=["asked", "no IEA", "control", "count", "stray segment", "nothing inside"],
)
def test_an_envelope_at_fault_or_that_asks_gets_a_ta1(segments: list[str], told: str) -> None:
    assert envelope_told(segments) == [told]


def test_a_ta1_stands_beside_the_997_and_goes_first() -> None:
    message = VerbatimMessage(body=write(asking(wrap(ORDER))), content_type="application/edi-x12")
    envelope, functional = X12Translator().replies(message)
    assert (envelope.name[:4], functional.name[:4]) == ("TA1-", "997-")
    assert envelope.body.split(b"*")[13] != functional.body.split(b"*")[13]


def test_answers_about_answers_come_to_an_end() -> None:
    ta1 = [wrap(ORDER)[0], "TA1*000000017*260302*0915*A*000", "IEA*0*000000107"]
    assert envelope_told(asking(ta1)) == []
    answer = ["997", "AK1*PO*1", "AK9*A*1*1*1"]
    assert envelope_told(wrap(answer, code="FA")[:-1]) == []
    assert len(envelope_told(asking(wrap(answer, code="FA")))) == 1


def test_outside_judges_find_no_fault_in_our_ta1() -> None:
    (reply,) = replies_to(write(asking(wrap(ORDER))), "TA1")
    parsed = mockedi.x12.parse(reply)
    assert not mockedi.validate.validate(parsed, strict=True).interchange_findings
    # x12-doctor knows no TA1: to it any segment between ISA and GS is a stray one (A11). Nothing else is.
    assert {one.code for one in x12doctor.diagnose(reply).findings} == {"A11"}
    assert not any(part.findings for part in read(reply.encode()) if isinstance(part, InterchangeEnd))


def agreed_with(profile: ReadingProfile) -> list[str]:
    message = VerbatimMessage(
        body=write(asking(wrap(ORDER))),
        content_type="application/edi-x12",
        received_at=RECEIVED,
        profiles={"ZZ:NORTHGATE": profile},
    )
    return [reply.body.decode("ascii") for reply in X12Translator().replies(message)]


def test_answers_are_written_with_the_separators_that_are_agreed() -> None:
    agreed = Separators(element="|", component=">", segment="'", line_end="\r\n")
    for reply in agreed_with(ReadingProfile(separators=agreed)):
        assert reply.startswith("ISA|00|          |")
        assert reply[104:108] == ">'\r\n"
        assert "*" not in reply
        assert not any(getattr(part, "findings", ()) for part in read(reply.encode()))


def test_separators_that_cannot_be_are_not_used() -> None:
    for reply in agreed_with(ReadingProfile(separators=Separators(element="A"))):
        assert reply.startswith("ISA*00*")


def test_who_wants_no_997_gets_none() -> None:
    (reply,) = agreed_with(ReadingProfile(acknowledged=False))
    assert "TA1*" in reply
