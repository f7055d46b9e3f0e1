"""X12 read aloud: each segment beside what it says, whatever the bytes are."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mappings.x12_explain import TELLERS, X12Reader, explain
from visibility.inbox.ports import VerbatimMessage

HEAD = (
    "ISA*00*          *00*          *ZZ*ACMEIND        *ZZ*NORTHGATE      *261123*0941*U*00401*"
    "000004417*0*P*>~"
)
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "x12"


def said(*segments: str) -> list[str]:
    body = HEAD + "".join(f"{segment}~" for segment in segments)
    return [each.meaning for each in explain(body.encode())][1:]


@pytest.mark.parametrize(
    ("segment", "meaning"),
    [
        ("ST*855*0001", "Purchase order acknowledgement, number 0001 in its group"),
        ("BEG*00*SA*45001**20261117", "Purchase order 45001 of 17 Nov 2026: stand-alone order, original"),
        ("BAK*00*AD*PO1*20261117", "AD: acknowledged with detail, no change. Your PO PO1 of 17 Nov 2026"),
        ("PO1*10*100*CA*62**BP*SKU-1", "Line 10: 100 cases (CA) at 62, buyer's item SKU-1"),
        ("ACK*IQ*6*CA*011*20261130", "IQ accepted, quantity changed: 6 cases (CA), shipped 30 Nov 2026"),
        ("ACK*IA", "IA accepted: as ordered"),
        ("SCH*40*CA***068*20261130", "Of these 40 cases (CA): current schedule ship 30 Nov 2026"),
        ("DTM*011*20261120*1420", "Shipped 20 Nov 2026 14:20"),
        ("REF*BM*BOL1", "Bill of lading BOL1"),
        ("N1*ST*Dallas DC*UL*0614141000012", "Ship to Dallas DC, GLN 0614141000012"),
        ("BSN*00*7764*20261118*1420", "Shipment 7764, original, made 18 Nov 2026 14:20"),
        ("HL*3*2*I", "Item 3, inside 2"),
        ("PRF*4500018277***20261117", "For your PO 4500018277 of 17 Nov 2026"),
        ("SN1**28*CA**30*CA", "Shipped: 28 cases (CA) of 30 cases (CA) ordered"),
        ("BIG*20261120*INV-1*20261117*PO1", "Invoice INV-1 of 20 Nov 2026 for your PO PO1 of 17 Nov 2026"),
        ("TDS*345600", "Total 3,456.00 (two decimals are implied)"),
        ("TDS*x", "Total x (two decimals are implied)"),
        ("W07*40*CA**BP*SKU-1", "Received: 40 cases (CA), buyer's item SKU-1"),
        ("XYZ*1", "No words for XYZ here; kept as it came."),
    ],
)  # fmt: skip
def test_a_segment_says_what_it_means(segment, meaning):
    assert said(segment) == [meaning]


def test_what_decides_is_marked_at_its_place():
    ack = explain(f"{HEAD}ACK*IQ*60*CA*067*20261130~".encode())[1]
    assert ack.emphasis
    assert [ack.raw[start:end] for start, end in ack.deciding] == ["IQ", "60", "20261130"]
    plain = explain(f"{HEAD}ACK*IA*60*CA~".encode())[1]
    assert not plain.emphasis
    assert plain.deciding == ()


def test_levels_of_a_ship_notice_nest_by_their_parents_whatever_their_order():
    rows = explain(f"{HEAD}ST*856*1~HL*1**S~HL*2*1*O~HL*3*2*I~SN1**4*CA~HL*4*1*O~CTT*4~SE*7*1~".encode())
    assert [(row.raw[:4], row.depth) for row in rows if row.raw.startswith(("HL", "SN1", "CTT"))] == [
        ("HL*1", 0), ("HL*2", 1), ("HL*3", 2), ("SN1*", 2), ("HL*4", 1), ("CTT*", 0),
    ]  # fmt: skip


def test_two_interchanges_with_delimiters_of_their_own_are_both_read():
    other = HEAD.replace("*", "|").replace("~", "\n")
    rows = explain(f"{HEAD}ST*850*1~{other}ST|855|1\n".encode())
    assert [row.meaning.partition(",")[0] for row in rows[1::2]] == [
        "Purchase order",
        "Purchase order acknowledgement",
    ]


def test_padding_and_letters_stay_as_they_came():
    row = explain(f"{HEAD}N1*ST*Åbo Färm*92*1~".encode())[1]
    assert row.raw == "N1*ST*Åbo Färm*92*1~"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_exception(body):
    explain(body)
    explain(HEAD.encode() + body)


@given(st.sampled_from(sorted(TELLERS)), st.lists(st.text(max_size=12), max_size=20))
def test_any_segment_of_any_elements_has_words(tag, elements):
    body = HEAD + "*".join([tag, *elements]) + "~"
    assert all(row.meaning for row in explain(body.encode()))


def test_every_real_sample_is_read():
    if not SAMPLES.is_dir():
        message = f"no samples at {SAMPLES}"
        (pytest.fail if os.environ.get("CI", "").lower() == "true" else pytest.skip)(message)
    reader, wordless = X12Reader(), []
    for path in sorted(SAMPLES.iterdir()):
        message = VerbatimMessage(body=path.read_bytes(), content_type="application/edi-x12")
        rows = reader.explain(message)
        if path.name[:3] in ("850", "855", "856", "810", "944"):
            wordless += [row.raw[:3] for row in rows if row.meaning.startswith("No words")]
    # Segments of few samples each; they stand beside their raw text all the same.
    assert len(wordless) < 60, sorted({(tag, wordless.count(tag)) for tag in wordless})
