"""The guides of both syntaxes name what documents say: our own, and nearly all of the real ones."""

import os
from pathlib import Path

import pytest

from integrations.formats.edifact.guides import guide as edifact_guide
from integrations.formats.x12.guides import guide as x12_guide
from integrations.mappings.edifact_explain import EdifactReader
from integrations.mappings.x12_explain import X12Reader
from visibility.inbox.ports import ExplainedSegment, VerbatimMessage

ROOT = Path(__file__).parents[1]
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
READERS = {"x12": (X12Reader(), x12_guide()), "edifact": (EdifactReader(), edifact_guide())}
GOLDEN = [path for name in READERS for path in sorted((ROOT / "golden" / name).glob("*.edi"))]


def explain(path: Path) -> list[ExplainedSegment]:
    reader, _ = READERS[path.parent.name]
    return reader.explain(VerbatimMessage(body=path.read_bytes(), content_type=""))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_segment_of_our_documents_has_a_name_and_its_elements(path: Path) -> None:
    _, guide = READERS[path.parent.name]
    for segment in explain(path):
        tag = next((tag for tag in guide.segments if segment.raw.startswith(tag)), "")
        assert tag or segment.raw.startswith("UNA"), segment.raw
        assert segment.meaning


def test_an_answer_is_spelled_out_element_by_element() -> None:
    (path,) = (path for path in GOLDEN if path.stem == "855_detail")
    ack = next(each for each in explain(path) if each.raw.startswith("ACK*"))
    first = ack.elements[0]
    assert (first.label, first.name) == ("ACK01", "Line status")
    assert first.meaning


def test_lines_stand_in_their_loops() -> None:
    (path,) = (path for path in GOLDEN if path.stem == "855_detail")
    depth = {each.raw[:3]: each.depth for each in explain(path)}
    assert depth["BAK"] == 0
    assert depth["ACK"] > depth["PO1"]


def test_nineteen_in_twenty_segments_of_real_documents_are_named() -> None:
    if not SAMPLES.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the samples are required in CI: {SAMPLES} is missing")
        pytest.skip("the samples of real EDI are not beside the repository")
    for name, (_, guide) in READERS.items():
        named = total = 0
        for path in sorted((SAMPLES / name).iterdir()):
            for segment in explain(path):
                total += 1
                named += any(segment.raw.lstrip().startswith(tag) for tag in guide.segments)
        assert total > 500
        assert named >= 0.95 * total, (name, named, total)
