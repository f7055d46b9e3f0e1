"""997, 999 and TA1: what partners' systems say of what we sent, as words the rest of the house reads."""

import pytest
from x12_samples import wrap, write

from integrations.mappings.x12.translator import X12Translator
from visibility.inbox.ports import FunctionalWord, Unit, VerbatimMessage


def units_of(segments: list[str]) -> list[Unit]:
    message = VerbatimMessage(body=write(segments), content_type="application/edi-x12")
    return list(X12Translator().translate(message))


def words_of(segments: list[str]) -> tuple[FunctionalWord, ...]:
    (unit,) = units_of(segments)
    assert isinstance(unit.functional, tuple)
    assert {problem.severity for problem in unit.problems} == {"warning"}
    return unit.functional


def alone(*answers: str) -> list[str]:
    """An interchange that carries TA1 and nothing else."""
    whole = wrap()
    return [whole[0], *answers, "IEA*0*000000107"]


@pytest.mark.parametrize(
    ("status", "note", "faults"),
    [
        ("A", "000", ()),
        ("E", "014", ("date (ISA09) invalid",)),
        ("R", "025", ("control number was used before",)),
        ("R", "799", ("code 799",)),
    ],
)
def test_a_ta1_says_what_became_of_an_interchange(status: str, note: str, faults: tuple[str, ...]) -> None:
    (word,) = words_of(alone(f"TA1*000000905*260302*0915*{status}*{note}"))
    assert word == FunctionalWord(
        partner="ZZ:NORTHGATE",
        group_control="",
        interchange_control="000000905",
        status=status,
        faults=faults,
    )


@pytest.mark.parametrize("answer", ["TA1**260302*0915*A*000", "TA1*000000905*260302*0915*X*000", "TA1"])
def test_a_ta1_that_says_nothing_of_an_interchange_is_no_word(answer: str) -> None:
    assert words_of(alone(answer)) == ()


def test_a_ta1_before_groups_is_read_beside_them() -> None:
    whole = wrap(["997", "AK1*PO*12", "AK9*A*1*1*1"], code="FA")
    units = units_of([whole[0], "TA1*000000905*260302*0915*A*000", *whole[1:]])
    words = [word for unit in units if isinstance(unit.functional, tuple) for word in unit.functional]
    assert [(word.interchange_control, word.group_control) for word in words] == [
        ("", "12"),
        ("000000905", ""),
    ]


def test_a_999_tells_every_fault_with_what_it_adds() -> None:
    body = [
        "999",
        "AK1*PO*12*005010",
        "AK2*850*0003*005010",
        "IK3*PO1*4**8",
        "CTX*SITUATIONAL TRIGGER*PO1*4",
        "IK4*2*380*I12*many",
        "IK5*R*5*I5",
        "AK9*R*1*1*0*19",
    ]
    of_set, of_group = words_of(wrap(body, code="FA"))
    assert (of_set.group_control, of_set.set_control, of_set.status) == ("12", "0003", "R")
    assert of_set.faults == (
        "segment 4 PO1: errors in its elements (SITUATIONAL TRIGGER PO1 4)",
        "element 2: not in the pattern of the guide (many)",
        "segments in error",
        "a segment is against the guide",
    )
    assert of_group.faults == ("group control number not unique in the interchange",)


def test_an_acknowledgement_that_names_no_group_says_so() -> None:
    (unit,) = units_of(wrap(["997", "AK1*PO*", "AK9*A*1*1*1"], code="FA"))
    assert unit.functional == ()
    assert "names no group" in unit.problems[0].text
