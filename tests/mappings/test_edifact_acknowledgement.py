"""The CONTRL: what became of an interchange and of each message, where the sender asks for it."""

from datetime import UTC, datetime

import mockedi.edifact
import mockedi.validate
import pydifact.segmentcollection
import pytest

from integrations.formats.edifact.reader import read
from integrations.mappings.edifact.translator import EdifactTranslator
from visibility.inbox.ports import ReadingProfile, VerbatimMessage

RECEIVED = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
ORDER = ["BGM+220+4500017+9", "DTM+137:20260227:102", "LIN+1++4006381333931:EN", "QTY+21:100:PCE", "UNS+S"]
BROKEN = [*ORDER[:3], "QTY+21:many:PCE", "UNS+S"]
REPORT = ["UCI+107+ACMEIND:ZZ+NORTHGATE:ZZ+7"]


def wrap(*messages: list[str], kind: str = "ORDERS", asks: bool = True) -> list[str]:
    """One interchange around messages that are given without UNH and UNT."""
    release = "D:3:UN" if kind == "CONTRL" else "D:96A:UN"
    rows = [f"UNB+UNOC:3+NORTHGATE:ZZ+ACMEIND:ZZ+260302:0915+107{'++++1' if asks else ''}"]
    for number, body in enumerate(messages, 1):
        rows += [f"UNH+{number}+{kind}:{release}", *body, f"UNT+{len(body) + 2}+{number}"]
    return [*rows, f"UNZ+{len(messages)}+107"]


def message(rows: list[str], **told: object) -> VerbatimMessage:
    body = "".join(f"{row}'\n" for row in rows).encode("latin-1")
    return VerbatimMessage(body=body, content_type="application/edifact", received_at=RECEIVED, **told)  # type: ignore[arg-type]


def reports(rows: list[str]) -> list[str]:
    return [reply.body.decode("latin-1") for reply in EdifactTranslator().replies(message(rows))]


def report(rows: list[str]) -> list[str]:
    """UCI to UCD."""
    (reply,) = reports(rows)
    return [row for row in reply.replace("\n", "").split("'") if row[:3] in {"UCI", "UCM", "UCS", "UCD"}]


UCI = "UCI+107+NORTHGATE:ZZ+ACMEIND:ZZ+7"


def test_a_sound_interchange_is_acknowledged_with_sides_swapped() -> None:
    (reply,) = reports(wrap(ORDER))
    assert "UNB+UNOC:3+ACMEIND:ZZ+NORTHGATE:ZZ+260302:1030+" in reply
    assert "+CONTRL:D:3:UN'" in reply
    assert report(wrap(ORDER)) == [UCI, "UCM+1+ORDERS:D:96A:UN+7"]


def test_who_does_not_ask_gets_none() -> None:
    assert reports(wrap(ORDER, asks=False)) == []


def test_who_wants_none_gets_none() -> None:
    wants_none = message(wrap(ORDER), profiles={"ZZ:NORTHGATE": ReadingProfile(acknowledged=False)})
    assert EdifactTranslator().replies(wants_none) == []


def test_a_report_is_never_reported() -> None:
    assert reports(wrap(REPORT, kind="CONTRL")) == []


def test_a_message_that_could_not_be_used_is_rejected_with_its_place() -> None:
    assert report(wrap(ORDER, BROKEN)) == [
        UCI,
        "UCM+1+ORDERS:D:96A:UN+7",
        "UCM+2+ORDERS:D:96A:UN+4+12",
        "UCS+5",
        "UCD+37+2",
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"UNT+7+1": "UNT+9+1"}, [UCI, "UCM+1+ORDERS:D:96A:UN+7+29+UNT"]),
        ({"UNT+7+1": "UNT+7+2"}, [UCI, "UCM+1+ORDERS:D:96A:UN+7+28+UNT"]),
        ({"UNZ+1+107": "UNZ+3+107"}, [f"{UCI}+29+UNZ", "UCM+1+ORDERS:D:96A:UN+7"]),
        ({"UNZ+1+107": "UNZ+1+108"}, [f"{UCI}+28+UNZ", "UCM+1+ORDERS:D:96A:UN+7"]),
    ],
)
def test_a_wrong_count_or_reference_is_noted(wrong: dict[str, str], told: list[str]) -> None:
    assert report([wrong.get(row, row) for row in wrap(ORDER)]) == told


def test_a_message_cut_off_is_rejected_and_the_missing_end_told() -> None:
    assert report(wrap(ORDER)[:-2]) == [f"{UCI}+13+UNZ", "UCM+1+ORDERS:D:96A:UN+4+13+UNT"]


def test_an_empty_interchange_is_rejected() -> None:
    assert report(wrap()) == ["UCI+107+NORTHGATE:ZZ+ACMEIND:ZZ+4+32"]


def test_the_same_message_has_the_same_report() -> None:
    assert reports(wrap(ORDER)) == reports(wrap(ORDER))
    assert reports(wrap(ORDER)) != reports(wrap(ORDER, ORDER))


@pytest.mark.filterwarnings("ignore:segments.xml not found")  # of pydifact's own directories
@pytest.mark.parametrize(
    "rows", [wrap(ORDER), wrap(ORDER, BROKEN), wrap(ORDER)[:-2]], ids=["good", "bad", "cut"]
)
def test_outside_judges_find_no_fault_in_our_contrl(rows: list[str]) -> None:
    (reply,) = reports(rows)
    judged = mockedi.validate.validate(mockedi.edifact.parse(reply), strict=True)
    assert judged.messages
    assert judged.clean, [one.summary() for one in judged.messages]
    (read_back,) = pydifact.segmentcollection.Interchange.from_str(reply).get_messages()
    assert read_back.type == "CONTRL"
    assert not any(getattr(part, "findings", ()) for part in read(reply.encode()))
