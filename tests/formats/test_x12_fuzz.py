"""Any bytes: the reader answers with findings, never with an exception, and in linear time."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_samples import ANSWER, INVOICE, NOTICE, ORDER, RECEIPT, wrap, write

from integrations.formats.x12.parts import Refused
from integrations.formats.x12.reader import read
from integrations.mappings.x12.translator import X12Translator
from visibility.inbox.ports import VerbatimMessage

GOOD = [
    write(wrap(body, code=code))
    for body, code in ((ORDER, "PO"), (ANSWER, "PR"), (NOTICE, "SH"), (INVOICE, "IN"), (RECEIPT, "RE"))
]
PIECES = [
    b"ISA",
    b"GS*",
    b"ST*850*1~",
    b"SE*",
    b"HL*1*2*I~",
    b"HL*2*1*O~",
    b"PO1**9*EA~",
    b"ACK*IA~",
    b"SCH*1~",
]
PIECES += [
    b"BEG*00*SA*1~",
    b"BAK*00*AC*1~",
    b"BSN*00*1~",
    b"SN1**x~",
    b"MAN*GM*1~",
    b"*",
    b"~",
    b"\r\n",
    b"\x00",
    b"\xff",
]


def run(body: bytes) -> None:
    """Read, translate and acknowledge the body; every problem says something."""
    assert list(read(body))
    message = VerbatimMessage(body=body, content_type="application/edi-x12")
    for unit in X12Translator().translate(message):
        assert unit.documents or unit.problems
        assert all(problem.code and problem.text for problem in unit.problems)
        assert not (unit.documents and any(problem.severity == "error" for problem in unit.problems))
    for reply in X12Translator().replies(message):
        assert not any(isinstance(part, Refused) for part in read(reply.body))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good document with pieces cut out, doubled, moved or overwritten."""
    body = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        piece = draw(
            st.one_of(st.binary(max_size=8), st.sampled_from(PIECES), st.just(bytes(body[start:end]) * 2))
        )
        body[start:end] = piece
    return bytes(body)


@given(st.binary(max_size=2000))
@settings(max_examples=300)
def test_arbitrary_bytes_never_raise(body: bytes) -> None:
    run(body)


@given(st.binary(max_size=500))
@settings(max_examples=200)
def test_arbitrary_bytes_in_a_sound_envelope_never_raise(body: bytes) -> None:
    for document in GOOD:
        place = document.index(b"SE*")
        run(document[:place] + body + document[place:])


@given(st.lists(st.sampled_from(PIECES), max_size=200))
@settings(max_examples=300)
def test_telling_pieces_in_any_order_never_raise(pieces: list[bytes]) -> None:
    run(GOOD[0][:107] + b"".join(pieces))


@given(mutated())
@settings(max_examples=500)
def test_mutated_documents_never_raise(body: bytes) -> None:
    run(body)


def steps_of(body: bytes) -> int:
    """How many lines of Python and calls of built-in functions it takes."""
    steps = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal steps
        steps += 1
        return trace

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal steps
        steps += event == "c_call"

    before = sys.gettrace()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        run(body)
    finally:
        sys.setprofile(None)
        sys.settrace(before)
    return steps


def within(number: int, *, head: list[str], each: Callable[[int], str], code: str) -> bytes:
    return write(wrap([*head, *(each(place) for place in range(number))], code=code))


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "headers": lambda n: b"ISA*" * n,
    "headers that end": lambda n: GOOD[0][:107] * n,
    "unended sets": lambda n: GOOD[0][:107] + b"ST*850~" * n,
    "ended sets": lambda n: GOOD[0][:107] + b"ST*850~SE*1~" * n,
    "groups": lambda n: GOOD[0][:107] + b"GS*PO~" * n,
    "blanks": lambda n: GOOD[0][:107] + b"\n" * 40 * n,
    "bad segments": lambda n: within(n, head=ORDER, each=lambda i: "bad*1", code="PO"),
    "bad quantities": lambda n: within(n, head=ORDER, each=lambda i: "PO1*1*x*EA", code="PO"),
    "answers to a line": lambda n: within(
        n, head=ANSWER, each=lambda i: "ACK*IQ*1*EA" if i else "ACK*DR", code="PR"
    ),
    "schedules of a line": lambda n: within(
        n, head=ANSWER, each=lambda i: "SCH*1*CA***067*20260401", code="PR"
    ),
    "a chain of loops": lambda n: within(
        n, head=NOTICE[:2], each=lambda i: f"HL*{i + 1}*{i or ''}*P", code="SH"
    ),
    "a chain backwards": lambda n: within(
        n, head=NOTICE[:2], each=lambda i: f"HL*{n - i}*{n - i - 1 or ''}*O", code="SH"
    ),
    "a circle of loops": lambda n: within(
        n, head=NOTICE[:2], each=lambda i: f"HL*{i + 1}*{(i + 1) % n + 1}*P", code="SH"
    ),
    "loops of one number": lambda n: within(n, head=NOTICE[:2], each=lambda i: "HL*1*1*P", code="SH"),
    "loops without parents": lambda n: within(
        n, head=NOTICE[:2], each=lambda i: "HL*" + str(i) + "**" + "SOTPI"[i % 5], code="SH"
    ),
    "items in one pack": lambda n: within(n, head=NOTICE, each=lambda i: f"HL*{i + 9}*2*I", code="SH"),
    "elements": lambda n: write(wrap(["850", "PO1" + "*BP*1" * n])),
    "one long element": lambda n: write(wrap(["850", "MSG*" + "x" * 40 * n])),
    "orders of an invoice": lambda n: within(n, head=INVOICE[:3], each=lambda i: f"REF*PO*{i}", code="IN"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_size_takes_no_more_than_about_twice_the_steps(name: str) -> None:
    make = HOSTILE[name]
    steps_of(make(10))
    small, large = steps_of(make(400)), steps_of(make(800))
    assert large <= 2.3 * small + 2000
