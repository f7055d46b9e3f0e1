"""Bad input by the front door: a clear, located reason, the message kept, its neighbours untouched."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from factories import batch, interchange, one, open_cases, order, trace, transaction, x12_answer, x12_order

from visibility.inbox.models import Connection, Message
from visibility.masterdata.resolve import forget_kept

GOOD = interchange(x12_order("4500001"))
NEIGHBOUR = interchange(x12_order("4599999"), control=99)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_kept()


def ingest(folder: Path) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    code = 0
    try:
        call_command(
            "ingest",
            str(folder),
            "--connection",
            "trial",
            "--wait",
            "--json",
            stdout=out,
            stderr=io.StringIO(),
        )
    except SystemExit as end:
        code = int(end.code or 0)
    return code, {Path(result["path"]).name: result for result in json.loads(out.getvalue())}


def notice_segments(*levels: str) -> list[str]:
    return transaction("856", "BSN*00*ASN-1*20261110*0900*0001", *levels, "CTT*1")


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("order.edi", GOOD)
    return packed.getvalue()


SHORT_ENVELOPE = GOOD[:60]
WRONG_SE = GOOD.replace(b"SE*7*0001", b"SE*12*0001")
WRONG_GE = GOOD.replace(b"GE*1*1", b"GE*5*1")
WRONG_IEA = GOOD.replace(b"IEA*1*", b"IEA*4*")
UNKNOWN_SET = interchange(transaction("9Z9", "BIA*00*DD*1*20261102"))
PARENT_MISSING = interchange(
    notice_segments("HL*1**S", "HL*2*1*O", "PRF*4500001", "HL*3*7*I", "LIN*1*BP*SKU-1042", "SN1*1*100*CA"),
    group="SH",
)
CIRCULAR = interchange(
    notice_segments("HL*1**S", "HL*2*3*O", "PRF*4500001", "HL*3*2*I", "LIN*1*BP*SKU-1042", "SN1*1*100*CA"),
    group="SH",
)
ACK_FIRST = interchange(
    transaction("855", "BAK*00*AC*4500001*20261102****SO-1*20261103", "ACK*IA*100*CA", "CTT*0"), group="PR"
)
NO_NUMBER = interchange(x12_order(quantity="many"))
NAN = one(order()).replace(b'"100"', b"NaN")
DEEP = b'{"id": "1", "source": "/x", "type": "order.placed", "data": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"

# name: (bytes, status, codes that must be told, what `where` or `text` must speak of)
BAD: dict[str, tuple[bytes, str, set[str], str]] = {
    "truncated_isa.edi": (SHORT_ENVELOPE, "rejected", {"unreadable_document"}, ""),
    "unknown_set.edi": (UNKNOWN_SET, "held", {"unsupported_set"}, "9Z9"),
    "parent_missing.edi": (PARENT_MISSING, "rejected", set(), "HL"),
    "circular.edi": (CIRCULAR, "rejected", set(), "HL"),
    "ack_without_po1.edi": (ACK_FIRST, "rejected", set(), "ACK"),
    "no_number.edi": (NO_NUMBER, "rejected", set(), "PO1"),
    "rubbish.edi": (bytes(range(256)) * 4, "rejected", {"unreadable_document"}, ""),
    "empty.edi": (b"", "rejected", {"unreadable_document"}, ""),
    "empty.json": (b"", "rejected", set(), ""),
    "zip.edi": (_zip(), "rejected", {"unreadable_document"}, "zip"),
    "utf16.edi": (GOOD.decode().encode("utf-16"), "rejected", {"unreadable_document"}, "UTF-16"),
    "nan.json": (NAN, "rejected", {"invalid_json"}, ""),
    "deep.json": (DEEP, "rejected", {"too_deep"}, ""),
    "empty_batch.json": (b"[]", "rejected", set(), ""),
    "no_event.json": (b"{}", "rejected", {"invalid_event"}, ""),
    "half_an_event.json": (one(order())[:200], "rejected", {"invalid_json"}, ""),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_bad_input_has_a_reason_is_kept_and_disturbs_nobody(
    trial: Connection, tmp_path: Path, name: str
) -> None:
    body, status, wanted, speaks_of = BAD[name]
    (tmp_path / name).write_bytes(body)
    (tmp_path / "z_neighbour.edi").write_bytes(NEIGHBOUR)
    code, results = ingest(tmp_path)
    result = results[name]
    assert result["status"] == status, result["problems"]
    assert code == (1 if status == "rejected" else 0)
    assert wanted <= {problem["code"] for problem in result["problems"]}
    assert result["problems"]
    assert all(problem["text"].strip() for problem in result["problems"])
    assert any(speaks_of in f"{p['code']} {p['where']} {p['text']}" for p in result["problems"]), result[
        "problems"
    ]
    assert result["entries"] == 0
    assert bytes(Message.objects.get(pk=result["message_id"]).body) == body
    assert any(kind == "unreadable_document" for kind, _, _ in open_cases(trial))
    assert results["z_neighbour.edi"]["status"] == "processed"
    assert trace("4599999")["order"]["number"] == "4599999"


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "segment"), [(WRONG_SE, "SE"), (WRONG_GE, "GE"), (WRONG_IEA, "IEA")])
def test_a_wrong_count_is_told_with_its_place_and_what_was_sent_is_used(
    trial: Connection, tmp_path: Path, body: bytes, segment: str
) -> None:
    (tmp_path / "a.edi").write_bytes(body)
    _, results = ingest(tmp_path)
    (problem,) = results["a.edi"]["problems"]
    assert segment in problem["where"] + problem["text"]
    assert (results["a.edi"]["status"], results["a.edi"]["entries"]) == ("processed", 1)
    assert Message.objects.filter(direction="in", connection=trial).count() == 1


@pytest.mark.django_db
def test_a_problem_inside_of_a_set_names_set_segment_and_element(trial: Connection, tmp_path: Path) -> None:
    (tmp_path / "a.edi").write_bytes(NO_NUMBER)
    _, results = ingest(tmp_path)
    places = " ".join(problem["where"] for problem in results["a.edi"]["problems"])
    assert "0001" in places
    assert "PO1" in places
    assert "element 2" in places
    assert trial


@pytest.mark.django_db
def test_a_bad_set_leaves_the_good_ones_of_its_interchange(trial: Connection, tmp_path: Path) -> None:
    body = interchange(
        x12_order("4500001"),
        x12_order("4500002", quantity="many", control="0002"),
        x12_order("4500003", control="0003"),
    )
    (tmp_path / "a.edi").write_bytes(body)
    code, results = ingest(tmp_path)
    assert (code, results["a.edi"]["status"], results["a.edi"]["entries"]) == (0, "processed", 2)
    assert any("0002" in problem["where"] for problem in results["a.edi"]["problems"])
    assert trace("4500003")["lines"][0]["ordered"] == "100"
    assert any(kind == "unreadable_document" for kind, _, _ in open_cases(trial))


@pytest.mark.django_db
def test_an_unknown_unit_is_taken_as_it_is_and_never_guessed(trial: Connection, tmp_path: Path) -> None:
    (tmp_path / "a.edi").write_bytes(interchange(x12_order(unit="Q9")))
    (tmp_path / "b.edi").write_bytes(
        interchange(x12_answer(), group="PR", sender="ACMEIND", receiver="NORTHGATE")
    )
    _, results = ingest(tmp_path)
    found = trace("4500001")
    assert [own["unit"] for own in found["lines"]] == ["Q9"]
    assert [own["confirmed"] for own in found["lines"]] in (["0"], [None])
    assert any(kind == "unit_not_convertible" for kind, _, _ in open_cases(trial))
    assert results["a.edi"]["status"] == results["b.edi"]["status"] == "processed"
    (problem,) = results["a.edi"]["problems"]
    assert problem["code"] == "unknown_unit"
    assert "PO1" in problem["where"]


@pytest.mark.django_db
def test_a_byte_order_mark_is_read_over(trial: Connection, tmp_path: Path) -> None:
    (tmp_path / "a.edi").write_bytes(b"\xef\xbb\xbf" + GOOD)
    (tmp_path / "b.json").write_bytes(b"\xef\xbb\xbf" + one(order("4500002")))
    (tmp_path / "c.json").write_bytes(b"\xef\xbb\xbf" + batch(order("4500003")))
    code, results = ingest(tmp_path)
    assert {name: result["status"] for name, result in results.items()} == {
        "a.edi": "processed",
        "b.json": "processed",
        "c.json": "processed",
    }
    assert code == 0
    assert trial


@pytest.mark.django_db
def test_a_file_over_the_limit_is_refused_with_both_sizes(
    trial: Connection, tmp_path: Path, settings: Any
) -> None:
    settings.MAX_MESSAGE_BYTES = len(NEIGHBOUR)
    (tmp_path / "a.edi").write_bytes(GOOD + b" " * 1000)
    (tmp_path / "z_neighbour.edi").write_bytes(NEIGHBOUR)
    code, results = ingest(tmp_path)
    refused = results["a.edi"]
    assert (code, refused["status"], refused["message_id"]) == (1, "rejected", None)
    (problem,) = refused["problems"]
    assert problem["code"] == "too_large"
    assert str(len(NEIGHBOUR)) in problem["text"]
    assert results["z_neighbour.edi"]["status"] == "processed"
    assert Message.objects.filter(direction="in", connection=trial).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["1e999999999", "-0", "1" * 400, "NaN", "Infinity", "٣", "1_000", ""])
def test_odd_quantities_of_events_become_a_reason_or_a_number(
    trial: Connection, tmp_path: Path, value: str
) -> None:
    (tmp_path / "a.json").write_bytes(one(order()).replace(b'"100"', json.dumps(value).encode()))
    (tmp_path / "z_neighbour.edi").write_bytes(NEIGHBOUR)
    _, results = ingest(tmp_path)
    result = results["a.json"]
    assert result["status"] in ("processed", "rejected")
    assert "processing_failed" not in {problem["code"] for problem in result["problems"]}
    if result["status"] == "rejected":
        assert "/data/lines/0" in result["problems"][0]["where"]
    assert results["z_neighbour.edi"]["status"] == "processed"
    assert trial


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"number": "4500\x001"},
        {"number": "4" * 5000},
        {"number": "   "},
        {"number": "\ud83d\ude80"},
    ],
    ids=["a NUL", "5000 digits", "only spaces", "a rocket"],
)
def test_odd_order_numbers_never_stop_the_neighbours(
    trial: Connection, tmp_path: Path, change: dict[str, str]
) -> None:
    event = order()
    event["data"]["order"] |= change
    (tmp_path / "a.json").write_bytes(one(event))
    (tmp_path / "b.json").write_bytes(batch(event | {"id": "second"}, order("4500002")))
    (tmp_path / "z_neighbour.edi").write_bytes(NEIGHBOUR)
    _, results = ingest(tmp_path)
    told = {problem["code"] for problem in results["a.json"]["problems"]}
    assert "processing_failed" not in told, results["a.json"]["problems"]
    assert trace("4500002", at=trial)["order"]["number"] == "4500002"
    assert results["z_neighbour.edi"]["status"] == "processed"


@pytest.mark.django_db
def test_a_nul_in_an_x12_element_never_reaches_the_database(trial: Connection, tmp_path: Path) -> None:
    (tmp_path / "a.edi").write_bytes(GOOD.replace(b"Acme Industries", b"Acme\x00Industries"))
    code, results = ingest(tmp_path)
    assert (code, results["a.edi"]["status"]) == (0, "processed")
    assert "\0" not in json.dumps(trace("4500001", at=trial))
