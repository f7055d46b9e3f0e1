"""Documents of our own and what they must become, to the last field."""

import json
from pathlib import Path

import msgspec
import pytest

from integrations.mappings.x12.registry import MAPPERS
from integrations.mappings.x12.translator import X12Translator
from visibility.canonical.documents import AnyDocument
from visibility.inbox.ports import VerbatimMessage

GOLDEN = Path(__file__).parents[1] / "golden" / "x12"
DOCUMENTS = sorted(GOLDEN.glob("*.edi"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_becomes_what_its_golden_file_says(path: Path) -> None:
    message = VerbatimMessage(body=path.read_bytes(), content_type="application/edi-x12")
    units = json.loads(msgspec.json.encode(list(X12Translator().translate(message))))
    assert units == json.loads(path.with_suffix(".json").read_text())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_golden_document_survives_the_wire(path: Path) -> None:
    message = VerbatimMessage(body=path.read_bytes(), content_type="application/edi-x12")
    for unit in X12Translator().translate(message):
        for translated in unit.documents:
            raw = msgspec.json.encode(translated.document)
            assert msgspec.json.decode(raw, type=AnyDocument) == translated.document


def test_every_set_has_a_golden_document() -> None:
    assert {path.stem.split("_")[0] for path in DOCUMENTS} >= set(MAPPERS)
