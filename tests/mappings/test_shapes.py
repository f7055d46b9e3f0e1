"""JSON as vendors write it: golden documents, faults with their place, real samples.

After a deliberate change look at the difference and write the expected documents anew:

    WRITE_GOLDEN=1 python -m pytest tests/mappings/test_shapes.py
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mappings.edifact.translator import EdifactTranslator
from integrations.mappings.shapes.reading import read_day, read_moment
from integrations.mappings.shapes.registry import SHAPES
from integrations.mappings.shapes.translator import ShapeTranslator, _recognised
from visibility.api import examples
from visibility.inbox.ports import Problem, Unit, VerbatimMessage
from visibility.pipeline.intake import content_type_of

GOLDEN = Path(__file__).parents[1] / "golden" / "shapes"
DOCUMENTS = sorted(path for path in GOLDEN.glob("*.json") if not path.stem.endswith(".canonical"))
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
OUTCOMES = Path(__file__).parents[1] / "samples" / "shapes_outcomes.json"


def translate(body: bytes) -> list[Unit]:
    message = VerbatimMessage(body=body, content_type="application/json", issuer="ZZ:MERIDIAN")
    return list(ShapeTranslator().translate(message))


def told(value: object) -> list[Problem]:
    return [problem for unit in translate(json.dumps(value).encode()) for problem in unit.problems]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_vendors_document_becomes_what_its_golden_file_says(path: Path) -> None:
    units = json.loads(msgspec.json.encode(translate(path.read_bytes())))
    for unit in units:
        for document in unit["documents"]:
            document.pop("body", None)
    expected = path.with_suffix(".canonical.json")
    if os.environ.get("WRITE_GOLDEN") == "1":
        expected.write_text(json.dumps(units, indent=1) + "\n")
    assert units == json.loads(expected.read_text())
    assert any(unit["documents"] for unit in units)


def test_every_shape_has_a_golden_document() -> None:
    stems = " ".join(path.stem for path in DOCUMENTS)
    for shape in SHAPES:
        assert type(shape).__module__.rpartition(".")[2] in stems, shape.name


def test_a_history_that_is_sent_again_says_the_same_under_the_same_identities() -> None:
    body = (GOLDEN / "easypost_event.json").read_bytes()
    once, again = translate(body), translate(body)
    ids = [each.event_id for unit in once for each in unit.documents]
    assert ids == [each.event_id for unit in again for each in unit.documents]
    assert len(set(ids)) == len(ids) == 2


def test_the_examples_of_the_api_are_read() -> None:
    assert {shape.name for shape in SHAPES} == {
        shape.name for _, value in examples.SHAPES.values() for shape, _ in _recognised(value, "", 0)
    }
    for name, (_, value) in examples.SHAPES.items():
        units = translate(json.dumps(value).encode())
        assert [unit for unit in units if unit.documents], name
    message = VerbatimMessage(body=examples.EDIFACT.encode(), content_type="application/edifact")
    (unit,) = EdifactTranslator().translate(message)
    assert unit.documents
    assert not unit.problems


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_vendors_file_is_told_from_events(path: Path) -> None:
    assert content_type_of(body=path.read_bytes(), name=path.name) == "application/json"


def test_a_shape_nobody_knows_is_refused_with_what_was_seen_and_what_is_known() -> None:
    (problem,) = told({"hello": 1, "world": 2})
    assert problem.code == "unsupported_shape"
    assert "hello, world" in problem.text
    assert "project44" in problem.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'"text"', b"17"])
def test_what_is_no_json_or_nothing_is_refused_in_words(body: bytes) -> None:
    (unit,) = translate(body)
    (problem,) = unit.problems
    assert problem.severity == "error"
    assert problem.text


def test_a_number_that_is_none_is_told_with_its_pointer_and_its_neighbours_go_on() -> None:
    good = json.loads((GOLDEN / "business_central_order.json").read_text())
    bad = json.loads((GOLDEN / "business_central_order.json").read_text())
    bad["purchaseOrderLines"][0]["quantity"] = "many"
    units = translate(json.dumps({"value": [bad, good]}).encode())
    assert [len(unit.documents) for unit in units] == [0, 1]
    assert [(p.code, p.where) for p in units[0].problems] == [
        ("not_a_number", "/value/0/purchaseOrderLines/0/quantity")
    ]


def test_an_order_that_has_no_number_yet_is_refused_with_the_way_to_send_it() -> None:
    (problem,) = told({"Supplier": "1", "to_PurchaseOrderItem": [{"PurchaseOrderItem": "10"}]})
    assert (problem.code, problem.where) == ("no_order", "/PurchaseOrder")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-12T09:40:00-0500", "2026-03-12T14:40:00+00:00"),
        ("2026-03-12T09:40:00.1234567Z", "2026-03-12T09:40:00.123456+00:00"),
        ("/Date(1772150400000)/", "2026-02-27T00:00:00+00:00"),
        ("/Date(1772150400000+0060)/", "2026-02-27T00:00:00+00:00"),
        ("datetime'2026-03-16T00:00:00'", "2026-03-16T00:00:00+00:00"),
        ("2026-03-12", "2026-03-12T00:00:00+00:00"),
    ],
)
def test_moments_are_read_however_they_are_written(text: str, moment: str) -> None:
    found = read_moment(text)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "/Date(99999999999999999)/", "20260230T1"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text) is None
    assert read_day("2026-02-30") is None


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("/Date(1)/"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(DOCUMENTS), st.data())
def test_whatever_stands_in_a_field_nothing_but_problems_comes_out(path: Path, data: st.DataObject) -> None:
    value = json.loads(path.read_text())
    places = list(_places(value))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(_values)
    for unit in translate(json.dumps(value).encode()):
        assert all(problem.text for problem in unit.problems)
        for each in unit.documents:
            msgspec.json.encode(each.document)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(named):
        yield value, key
        yield from _places(inner)


def _bodies() -> Iterator[tuple[str, bytes]]:
    """The bodies in the samples: those of files, and of the examples in descriptions of an API."""
    for folder in ("erp", "commerce", "tms"):
        for path in sorted((SAMPLES / folder).rglob("*")):
            if path.suffix == ".txt":
                raw = path.read_bytes()
                yield path.name, raw[raw.find(b"\n\n") + 2 :] if b"HTTP/" in raw[:20] else raw
            elif path.suffix == ".json" and path.name.endswith(".examples.json"):
                for name, example in json.loads(path.read_text()).items():
                    yield f"{path.name}#{name}", json.dumps(example).encode()
            elif path.suffix == ".json":
                yield path.name, path.read_bytes()


def test_every_real_sample_has_its_known_outcome() -> None:
    if not SAMPLES.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the samples are required in CI: {SAMPLES} is missing")
        pytest.skip("the samples of real JSON are not beside the repository")
    found = {}
    for name, body in _bodies():
        units = translate(body)
        types = {str(each.document.__struct_config__.tag) for unit in units for each in unit.documents}
        codes = {problem.code for unit in units for problem in unit.problems}
        found[name] = {"documents": sorted(types), "reasons": sorted(codes)}
    if os.environ.get("WRITE_GOLDEN") == "1":
        OUTCOMES.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(OUTCOMES.read_text())
