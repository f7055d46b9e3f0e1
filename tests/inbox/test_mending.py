"""Putting messages right piece by piece: what is not touched stays the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mappings.edi.editing import EdiEditor
from visibility.core.errors import InputError
from visibility.inbox.mending import (
    Mend,
    apply_changes,
    as_mends,
    changes_by,
    cut_lines,
    differences,
    differences_between,
)

ISA = "*".join(
    [
        *("ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{'ACMEIND':15}", "ZZ", f"{'NORTHGATE':15}"),
        *("261120", "0915", "U", "00401", "000000731", "0", "P", ">"),
    ]
)
X12 = [ISA, "GS*PO*A*B*20261120*0915*7*X*004010", "ST*850*0001", "BEG*00*SA*4500017**20261120"]
X12 += ["PO1*1*10*CS*12.5**BP*SKU-1", "PO1*2*5*CS*3**BP*SKU-2", "SE*5*0001", "GE*1*7", "IEA*1*000000731"]
EDIFACT = [
    "UNA:+.? '",
    "UNB+UNOC:3+A+B+261120:0915+7'",
    "UNH+1+ORDERS:D:96A:UN'",
    "BGM+220+45?'00'",
    "UNT+3+1'",
]
EDITOR = EdiEditor()


def x12(terminator: str = "~", between: str = "\n") -> bytes:
    return "".join(f"{segment}{terminator}{between}" for segment in X12).encode()


@given(st.sampled_from("~|}!\n"), st.sampled_from(["", "\n", "\r\n", "  "]))
def test_the_pieces_of_an_interchange_are_its_segments_and_stay_in_their_places(
    terminator: str, between: str
) -> None:
    body = x12(terminator, between)
    cut = EDITOR.cut(body)
    assert [piece.text for piece in cut.pieces] == X12
    assert [body[piece.start : piece.end].decode() for piece in cut.pieces] == X12
    assert (cut.element, cut.segment) == ("*", terminator)


def test_a_released_terminator_ends_no_segment() -> None:
    cut = EDITOR.cut("".join(EDIFACT).encode())
    assert [piece.text for piece in cut.pieces] == [EDIFACT[0][:-1], *(each[:-1] for each in EDIFACT[1:])]
    assert changes_by(cut=cut, mends=[Mend(tag="BGM", element=2, was="45?'00", becomes="4500")]) == {
        4: "BGM+220+4500"
    }


@given(st.binary(max_size=200))
def test_any_bytes_can_be_cut_and_put_together_unchanged(noise: bytes) -> None:
    for body in (noise, ISA.encode() + b"~" + noise, b"UNA" + noise, b"UNB+" + noise):
        cut = EDITOR.cut(body)
        assert apply_changes(body=body, cut=cut, changes={}) == body
        same = {piece.number: piece.text for piece in cut.pieces if "\n" not in piece.text}
        assert differences(cut=cut, changes=same) == []
        for piece in cut.pieces:
            assert body[piece.start : piece.end].decode(cut.charset) == piece.text


def test_only_the_changed_segment_is_other_bytes() -> None:
    body = x12("~", "\r\n")
    cut = EDITOR.cut(body)
    mended = apply_changes(body=body, cut=cut, changes={5: "PO1*1*10*CA*12.5**BP*SKU-1"})
    assert mended == body.replace(b"10*CS", b"10*CA")


def test_a_segment_can_be_taken_out_and_another_put_in() -> None:
    body = x12()
    cut = EDITOR.cut(body)
    without = apply_changes(body=body, cut=cut, changes={6: ""})
    assert without == body.replace(b"PO1*2*5*CS*3**BP*SKU-2~\n", b"")
    more = apply_changes(body=body, cut=cut, changes={4: f"{X12[3]}\nREF*CO*77"})
    assert more == body.replace(b"20261120~\nPO1", b"20261120~\nREF*CO*77~\nPO1")


def test_a_change_of_elements_is_a_rule_and_mends_the_same_elsewhere() -> None:
    cut = EDITOR.cut(x12())
    mends = as_mends(cut=cut, changes={5: "PO1*1*10*CA*12.5**BP*SKU-1"})
    assert mends == (Mend(tag="PO1", element=3, was="CS", becomes="CA"),)
    assert changes_by(cut=cut, mends=mends) == {
        5: "PO1*1*10*CA*12.5**BP*SKU-1",
        6: "PO1*2*5*CA*3**BP*SKU-2",
    }


@pytest.mark.parametrize("text", ["", "PO4*1", "PO1*1*10*CA\nPO1*2"])
def test_what_is_more_than_a_change_of_elements_is_no_rule(text: str) -> None:
    cut = EDITOR.cut(x12())
    assert as_mends(cut=cut, changes={5: text}) == ()


def test_an_element_that_was_missing_can_be_put_in_by_rule() -> None:
    cut = EDITOR.cut(x12())
    mend = Mend(tag="SE", element=4, was="", becomes="X")
    assert changes_by(cut=cut, mends=[mend]) == {7: "SE*5*0001**X"}


def test_a_text_the_charset_does_not_have_is_refused_with_its_segment() -> None:
    body = x12().replace(b"SKU-1", b"SKU-\xe9")
    cut = EDITOR.cut(body)
    assert cut.charset == "latin-1"
    with pytest.raises(InputError) as refused:
        apply_changes(body=body, cut=cut, changes={5: "PO1*1*10*CA*€"})
    assert (refused.value.code, refused.value.where) == ("not_in_charset", "5")


def test_what_is_no_edi_is_cut_into_lines() -> None:
    body = b'{"a": 1,\r\n\r\n "b": 2}'
    cut = cut_lines(body)
    assert [piece.text for piece in cut.pieces] == ['{"a": 1,', ' "b": 2}']
    assert apply_changes(body=body, cut=cut, changes={2: '"b": 3}'}) == b'{"a": 1,\r\n\r\n"b": 3}'


def test_two_bodies_are_told_apart_segment_by_segment() -> None:
    before, after = x12("~", ""), x12("~", "").replace(b"10*CS", b"10*CA")
    (one,) = differences_between(before=before, after=after)
    assert (one.was, one.becomes) == ("PO1*1*10*CS*12.5**BP*SKU-1~", "PO1*1*10*CA*12.5**BP*SKU-1~")
