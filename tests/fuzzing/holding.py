"""What must hold for any bytes: no exception, located findings, bounded memory, time that grows with size."""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from integrations.formats.edi.findings import Finding
from integrations.formats.edifact import reader as edifact
from integrations.formats.x12 import reader as x12
from integrations.mappings.edifact.translator import EdifactTranslator
from integrations.mappings.x12.translator import X12Translator
from tests.fuzzing.mangling import documents, mangled, stretched
from visibility.inbox.ports import VerbatimMessage

READERS: dict[str, Callable[[bytes], Iterator[Any]]] = {"x12": x12.read, "edifact": edifact.read}
TRANSLATORS = {"x12": X12Translator(), "edifact": EdifactTranslator()}
CONTENT_TYPES = {"x12": "application/edi-x12", "edifact": "application/edifact"}

ROOM_MIB = 200
"""What a run may add to the memory of its process: caches, and the largest of its documents."""

STRETCHED = 40_000
FACTOR = 2.6
"""Twice the size may take so many times the time."""

TOO_SHORT = 0.02
"""Seconds that are too few to be compared."""


@dataclass(frozen=True)
class Told:
    """How far a run came."""

    documents: int
    stretched: int
    grown_mib: float


def run(*, syntax: str, seconds: float, seed: int) -> Told:
    """Mangle documents of a syntax for so long. AssertionError names the seed and the document's number."""
    rng, good = Random(f"{seed} {syntax}"), documents(syntax)
    ends, before = time.monotonic() + seconds, _peak_mib()
    count = long = 0
    while time.monotonic() < ends:
        body = mangled(rng, syntax, good)
        count += 1
        try:
            hold(syntax, body)
            if count % 20 == 0:
                hold("edifact" if syntax == "x12" else "x12", body)
            if count % 100 == 0:
                long += 1
                hold_linear(syntax, *stretched(rng, body, STRETCHED))
        except Exception as error:
            raise AssertionError(f"{syntax}, seed {seed}, document {count}: {error!r} of {body!r}") from error
    grown = _peak_mib() - before
    assert grown < ROOM_MIB, f"{syntax}, seed {seed}: {grown:.0f} MiB more after {count} documents"
    return Told(count, long, grown)


def hold(syntax: str, body: bytes) -> None:
    """Read, translate and answer the body. AssertionError where what comes of it says nothing."""
    parts = list(READERS[syntax](body))
    assert parts, "nothing was said of it"
    for part in parts:
        for finding in [part.finding] if hasattr(part, "finding") else part.findings:
            _check(finding, len(body))
        if hasattr(part, "rows"):
            assert len(part.segments) == len(part.offsets)
            assert all(0 <= offset < len(body) for offset in part.offsets), "a segment outside of the file"
            assert all(row and row[0] is not None for row in part.rows())
    message = VerbatimMessage(body=body, content_type=CONTENT_TYPES[syntax])
    for unit in TRANSLATORS[syntax].translate(message):
        assert unit.documents or unit.problems or unit.functional, "a unit that says nothing"
        assert all(problem.code and problem.text for problem in unit.problems)
        refused = any(problem.severity == "error" for problem in unit.problems)
        assert not (unit.documents and refused), "documents of a set that is refused"
    for reply in TRANSLATORS[syntax].replies(message):
        assert not any(hasattr(part, "finding") for part in READERS[syntax](reply.body)), (
            "an unreadable reply"
        )


def hold_linear(syntax: str, small: bytes, large: bytes) -> None:
    """Compare the times of two bodies, one twice as large; several times before it counts."""
    factors: list[float] = []
    for _ in range(5):
        of_small, of_large = (min(_times(syntax, body)) for body in (small, large))
        if of_large < TOO_SHORT or of_large <= FACTOR * of_small:
            return
        factors.append(of_large / of_small)
    raise AssertionError(f"twice the size took {min(factors):.1f} times the time")


def _times(syntax: str, body: bytes) -> Iterator[float]:
    message = VerbatimMessage(body=body, content_type=CONTENT_TYPES[syntax])
    for _ in range(3):
        began = time.process_time()
        list(TRANSLATORS[syntax].translate(message))
        yield time.process_time() - began


def _check(finding: Finding, size: int) -> None:
    assert finding.code, "a finding without a code"
    assert finding.text, "a finding without words"
    assert finding.where, f"{finding.code} has no place"
    assert finding.offset < max(size, 1), f"{finding.code} is outside of the file"


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
