"""Real X12 from public sources: what becomes of each file, kept here by name.

The documents themselves stay outside of the project; `PROVENANCE.md` beside them marks (in bold) those
whose envelope is broken. No rule of the mappings knows a file or a partner: this only watches them.
"""

import os
from pathlib import Path

import pytest

from integrations.mappings.x12.translator import X12Translator
from visibility.inbox.ports import VerbatimMessage

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
OUTCOMES = Path(__file__).parents[1] / "golden" / "x12" / "sample_outcomes.txt"
TAKEN = ("850", "855", "856", "810", "944")


def outcome_of(path: Path) -> str:
    """processed, or rejected with the codes of what forbade the use of every set."""
    message = VerbatimMessage(body=path.read_bytes(), content_type="application/edi-x12")
    units = list(X12Translator().translate(message))
    X12Translator().replies(message)
    if any(unit.documents for unit in units):
        return "processed"
    errors = {problem.code for unit in units for problem in unit.problems if problem.severity == "error"}
    return " ".join(["rejected", *sorted(errors)]) if errors else "noted"


@pytest.fixture(scope="module")
def provenance() -> dict[str, str]:
    """What the provenance page says of each X12 file."""
    page = SAMPLES / "PROVENANCE.md"
    if not page.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the samples are required in CI: {page} is missing")
        pytest.skip("the samples of real EDI are not beside the repository")
    rows = (line.split(" | ") for line in page.read_text().splitlines() if line.startswith("| x12/"))
    return {row[0].removeprefix("| x12/"): row[-1] for row in rows}


def test_every_real_file_is_read_without_an_exception(provenance: dict[str, str]) -> None:
    outcomes = {path.name: outcome_of(path) for path in sorted((SAMPLES / "x12").iterdir())}
    assert all(outcomes.values())
    assert len(outcomes) >= len(provenance)


def test_every_sound_file_of_a_mapped_set_has_its_known_outcome(provenance: dict[str, str]) -> None:
    sound = sorted(name for name, notes in provenance.items() if name[:3] in TAKEN and "**" not in notes)
    outcomes = {name: outcome_of(SAMPLES / "x12" / name) for name in sound}
    known = dict(line.split(": ", 1) for line in OUTCOMES.read_text().splitlines())
    assert outcomes == known
    processed = sum(outcome == "processed" for outcome in outcomes.values())
    assert processed >= 0.95 * len(outcomes)
