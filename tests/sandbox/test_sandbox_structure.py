"""What the sandbox writes is right X12: counted here by hand, then judged by two outside packages."""

import time
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from mockedi import validate as mock_edi
from mockedi import x12 as mock_x12
from reading_x12 import segments_of, sets_of
from x12doctor import diagnose

from integrations.sandbox import SandboxDocument, documents

ANCHOR = datetime(2026, 11, 23, 16, 42, tzinfo=UTC)
GROUPS = {"850": "PO", "855": "PR", "856": "SH", "810": "IN", "944": "RE"}


def faults(body: bytes) -> list[str]:
    """What is wrong with the envelopes of one interchange."""
    segments = segments_of(body)
    isa, iea = segments[0], segments[-1]
    wrong: list[str] = []
    if (isa[0], iea[0]) != ("ISA", "IEA") or len(isa) != 17:
        return ["not one interchange"]
    if [len(element) for element in isa[1:]] != [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1]:
        wrong.append("ISA elements of the wrong width")
    groups = [index for index, segment in enumerate(segments) if segment[0] == "GS"]
    if iea[1:] != [str(len(groups)), isa[13]]:
        wrong.append("IEA")
    for start, end in pairwise([*groups, len(segments) - 1]):
        wrong += group_faults(segments[start:end])
    return wrong


def group_faults(segments: list[list[str]]) -> list[str]:
    """What is wrong between a GS and its GE."""
    gs, ge = segments[0], segments[-1]
    starts = [index for index, segment in enumerate(segments) if segment[0] == "ST"]
    wrong: list[str] = []
    if ge != ["GE", str(len(starts)), gs[6]]:
        wrong.append("GE")
    for start, end in pairwise([*starts, len(segments) - 1]):
        st, se = segments[start], segments[end - 1]
        if se != ["SE", str(end - start), st[2]]:
            wrong.append(f"SE of {st[2]}")
        if GROUPS[st[1]] != gs[1]:
            wrong.append(f"{st[1]} in {gs[1]}")
    return wrong


def test_every_interchange_counts_its_groups_sets_and_segments_right(whole: list[SandboxDocument]) -> None:
    assert {document.name: faults(document.body) for document in whole if faults(document.body)} == {}


def test_the_count_check_sees_a_lost_segment(whole: list[SandboxDocument]) -> None:
    body = whole[0].body
    assert faults(body.replace(b"CUR*BY*USD~", b"")) == ["SE of 0001"]


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others() -> None:
    first, again = (list(documents(seed=3, orders=60, anchor=ANCHOR)) for _ in range(2))
    assert first == again
    assert first != list(documents(seed=4, orders=60, anchor=ANCHOR))


def test_documents_come_in_the_order_they_were_sent_and_none_from_the_future(
    sent: list[SandboxDocument],
) -> None:
    moments = [document.sent_at for document in sent]
    assert moments == sorted(moments)
    assert moments[-1] <= ANCHOR
    assert (ANCHOR - moments[-1]).total_seconds() < 2 * 3600


def test_everything_is_sent_in_business_hours(sent: list[SandboxDocument]) -> None:
    local = [document.sent_at.astimezone(ZoneInfo("America/Chicago")) for document in sent]
    assert [moment for moment in local if moment.weekday() > 4 or not 8 <= moment.hour < 17] == []


def test_the_envelope_carries_the_time_of_sending_in_utc(whole: list[SandboxDocument]) -> None:
    fresh = [document for document in whole if not document.name.endswith("_again.x12")]
    assert len(fresh) > 1000
    for document in fresh:
        isa = segments_of(document.body)[0]
        assert isa[9] + isa[10] == f"{document.sent_at:%y%m%d%H%M}", document.name


def test_each_connection_carries_its_own_kinds_of_documents(whole: list[SandboxDocument]) -> None:
    carried: dict[str, set[str]] = {}
    for document in whole:
        carried.setdefault(document.connection, set()).update(each.code for each in sets_of(document.body))
    assert carried == {
        "erp-out": {"850"},
        "edi-suppliers": {"855", "856", "810"},
        "wms-redline": {"944"},
    }
    assert {document.content_type for document in whole} == {"application/edi-x12"}


def test_a_sender_never_uses_a_control_number_twice_but_for_a_repeated_file(
    whole: list[SandboxDocument],
) -> None:
    bodies = Counter(document.body for document in whole)
    assert [count for count in bodies.values() if count > 1] == [2]
    keys = Counter((isa[6], isa[13]) for isa in (segments_of(body)[0] for body in bodies))
    assert max(keys.values()) == 1


def test_senders_differ_in_punctuation_and_some_put_several_sets_into_one_interchange(
    whole: list[SandboxDocument],
) -> None:
    marks = {(chr(d.body[3]), chr(d.body[104]), chr(d.body[105])) for d in whole}
    assert len(marks) >= 4
    several = [document for document in whole if len(sets_of(document.body)) > 1]
    mixed = [d for d in several if len({each.code for each in sets_of(d.body)}) > 1]
    assert 10 <= len(several) <= 80
    assert mixed


def test_file_names_are_unique(sent: list[SandboxDocument]) -> None:
    assert len({document.name for document in sent}) == len(sent)


def test_every_ship_notice_is_one_tree_and_its_ctt_counts_the_levels(whole: list[SandboxDocument]) -> None:
    notices = [each for d in whole for each in sets_of(d.body) if each.code == "856"]
    shapes = set()
    for notice in notices:
        levels = notice.all("HL")
        assert [hl[1] for hl in levels] == [str(n + 1) for n in range(len(levels))]
        assert [hl[3] for hl in levels if not hl[2]] == ["S"]
        assert all(int(hl[2]) < int(hl[1]) for hl in levels[1:])
        assert notice.first("CTT")[1] == str(len(levels))
        shapes.add("".join(dict.fromkeys(hl[3] for hl in levels)))
    assert shapes == {"SOI", "SOPI"}


@pytest.mark.parametrize("orders", [12, 40, 900])
def test_any_number_of_orders_makes_a_sound_demo(orders: int) -> None:
    made = list(documents(seed=11, orders=orders, anchor=ANCHOR))
    placed = [d for d in made if d.connection == "erp-out"]
    assert len(placed) >= orders
    assert [d.name for d in made if not d.name.endswith("_part.x12") and faults(d.body)] == []


def test_a_naive_anchor_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        list(documents(seed=1, orders=1, anchor=datetime(2026, 11, 23)))  # noqa: DTZ001 - that is the point


def test_the_demo_is_written_in_far_less_than_two_seconds() -> None:
    begin = time.process_time()
    count = sum(1 for _ in documents(seed=5, orders=320, anchor=ANCHOR))
    assert count > 1200
    assert time.process_time() - begin < 2


def is_the_judges_mistake(code: str, message: str) -> bool:
    """Findings of x12-doctor that are no faults, by the EDI guide.

    A05 dislikes separators other than * and ~ ("legal because the ISA declares them") and calls an ISA
    damaged whose terminator is a line feed; both are met in the wild and meant here.
    CTT01 of an 856 counts HLs, x12-doctor expects SN1s. DR and IP are ACK01 codes; its list lacks DR.
    B02 guesses at implied decimals from how far prices of one order lie apart: drums and bags do.
    A PO1 without ACK is what an unanswered line looks like.
    """
    return (
        (code == "A05" and ("Unusual separators" in message or "segment='\\n'" in message))
        or (code == "B04" and "SN1" in message)
        or (code == "B06" and "ACK01 is 'DR'" in message)
        or code == "B02"
        or (code == "B06" and "has no ACK segment" in message)
    )


def test_x12_doctor_finds_no_fault_of_ours(whole: list[SandboxDocument]) -> None:
    found = Counter(
        (finding.code, finding.message)
        for document in whole
        if document.connection != "wms-redline"
        for finding in diagnose(document.body).findings
        if not is_the_judges_mistake(finding.code, finding.message)
    )
    assert found == {}


def test_mock_edi_rejects_nothing_and_faults_no_envelope(whole: list[SandboxDocument]) -> None:
    """Its dictionary lacks units, MAN and UK, so what it calls an error and yet accepts is let be."""
    judged = [d for d in whole if d.connection != "wms-redline"]
    refused = {}
    for document in judged:
        report = mock_edi.validate(mock_x12.parse(document.body.decode("ascii")))
        if report.envelope_errors or report.group_errors or report.interchange_findings:
            refused[document.name] = "envelope"
        elif report.accepted != report.received:
            refused[document.name] = "set"
    assert len(judged) > 1000
    assert refused == {}


def test_the_document_cut_off_ends_inside_a_segment(sent: list[SandboxDocument]) -> None:
    (part,) = [document for document in sent if document.name.endswith("_part.x12")]
    assert part.body.startswith(b"ISA")
    assert b"IEA" not in part.body
    assert chr(part.body[-1]) != chr(part.body[105])
