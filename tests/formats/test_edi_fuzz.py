"""Thirty seconds of what `make fuzz` does for ten minutes."""

import secrets

import pytest

from tests.fuzzing.holding import hold_linear, run
from tests.fuzzing.mangling import documents


@pytest.mark.parametrize("syntax", ["x12", "edifact"])
def test_mangled_documents_give_findings_in_bounded_memory_and_time(syntax: str) -> None:
    seed = secrets.randbelow(10**9)
    print(f"seed {seed}")  # noqa: T201 shown where the test fails
    told = run(syntax=syntax, seconds=15, seed=seed)
    assert told.documents > 100


@pytest.mark.parametrize(
    ("syntax", "piece"),
    [
        ("x12", b"ISA"),
        ("x12", b"~"),
        ("x12", b"*"),
        ("x12", b"ISA*00*"),
        ("x12", b"IEA*1*1~"),
        ("x12", b"ISA*00*a*00*b*ZZ*c*ZZ*d*1*2*U*00401*1*0*P*>~"),
        ("edifact", b"UNB+XXXX:9+A+B+1:1+1'"),
        ("edifact", b"?'"),
        ("edifact", b"?"),
        ("edifact", b"'"),
        ("edifact", b"UNA:+.? '"),
        ("edifact", b"UNA:+.? 'UNB+UNOC:3+A+B+260302:0915+1'"),
        ("edifact", b"UNZ+1+1'"),
        ("edifact", b"\r\n"),
    ],
)
def test_a_piece_repeated_twice_as_often_takes_about_twice_the_time(syntax: str, piece: bytes) -> None:
    body = documents(syntax)[0]
    place = body.index(b"BEG*" if syntax == "x12" and b"BEG*" in body else b"\n", 110)
    size = 100_000 // len(piece)
    small, large = (body[:place] + piece * times + body[place:] for times in (size, 2 * size))
    hold_linear(syntax, small, large)
