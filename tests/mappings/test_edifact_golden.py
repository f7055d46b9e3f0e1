"""EDIFACT documents of our own and what they must become, to the last field."""

import json
from pathlib import Path

import msgspec
import pytest

from integrations.mappings.edifact.registry import MAPPERS
from integrations.mappings.edifact.translator import EdifactTranslator
from visibility.canonical.documents import AnyDocument
from visibility.inbox.ports import VerbatimMessage

GOLDEN = Path(__file__).parents[1] / "golden" / "edifact"
DOCUMENTS = sorted(GOLDEN.glob("*.edi"))


def _message(path: Path) -> VerbatimMessage:
    return VerbatimMessage(body=path.read_bytes(), content_type="application/edifact")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_an_edifact_document_becomes_what_its_golden_file_says(path: Path) -> None:
    units = json.loads(msgspec.json.encode(list(EdifactTranslator().translate(_message(path)))))
    assert units == json.loads(path.with_suffix(".json").read_text())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_golden_edifact_document_survives_the_wire(path: Path) -> None:
    for unit in EdifactTranslator().translate(_message(path)):
        for translated in unit.documents:
            raw = msgspec.json.encode(translated.document)
            assert msgspec.json.decode(raw, type=AnyDocument) == translated.document


def test_every_message_type_has_a_golden_document() -> None:
    assert {path.stem.split("_")[0].upper() for path in DOCUMENTS} >= {*MAPPERS, "CONTRL"}
