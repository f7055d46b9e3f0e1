"""Every fault of the envelopes of real files is found with its place, and reading goes on behind it.

The files stay outside of the project. `PROVENANCE.md` beside them marks in bold what another tool found
wrong with the X12 files; all files, of both syntaxes, are held against a plain count of our own as well.
"""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from naive_envelopes import Fault, faults_of_edifact, faults_of_x12

from integrations.formats.edi.findings import Finding
from integrations.formats.edifact import reader as edifact
from integrations.formats.x12 import reader as x12

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
AT_LEAST = 77
"""Files with a fault of an envelope or a set, as the issue counts them."""

ODD_HEADER = {"isa_positions", "truncated_isa", "no_terminator", "same_delimiters"}
COUNTED = re.compile(r"(?:missing_(?:se|ge|iea|unt|une|unz)|(?:se|ge|iea|unt|une|unz)_(?:count|control))")
HABITS = {"charset", "repetition_separator", "segment_id", "group_code", "control_reused", "unb_syntax"}
NOT_ENVELOPE = re.compile("hl_|stray_text|repetition$")


@pytest.fixture(scope="module")
def bodies() -> dict[str, bytes]:
    """The files by syntax and name."""
    if not (SAMPLES / "PROVENANCE.md").exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the samples are required in CI: there are none in {SAMPLES}")
        pytest.skip("the samples of real EDI are not beside the repository")
    paths = [path for syntax in ("x12", "edifact") for path in sorted((SAMPLES / syntax).iterdir())]
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in paths}


def findings_of(name: str, body: bytes) -> list[Finding]:
    found: list[Finding] = []
    for part in (x12.read if name.startswith("x12/") else edifact.read)(body):
        found += [part.finding] if hasattr(part, "finding") else part.findings
    return found


def explains(remark: str, found: Iterable[Finding], body: bytes) -> bool:
    """Whether what the reader found is what the remark says."""
    codes = {finding.code for finding in found}
    counted = re.fullmatch(r"SE01 (\d+) vs (\d+)", remark)
    if counted:
        text = f"SE01 counts {counted[1]} segments, the set has {counted[2]}"
        at = [one for one in found if (one.code, one.text) == ("se_count", text)]
        return bool(at) and all(body[one.offset : one.offset + 2] == b"SE" for one in at)
    if remark == "SE02!=ST02":
        return bool(codes & {"se_control", "control_padded"})
    if remark.startswith("ISA not 16 elements"):
        return bool(codes & ODD_HEADER)
    tag = {"ISA/IEA": "IEA", "GS/GE": "GE", "ST/SE": "SE"}[remark.removesuffix(" unbalanced")].lower()
    lost = {f"missing_{tag}", f"{tag}_count", f"{tag}_control"} | ({"missing_gs"} if tag == "ge" else set())
    # That tool read every interchange by the delimiters at the fixed places of the first: where the ISA is
    # odd, or others follow with delimiters of their own, it saw no end that a plain count does see.
    return bool(codes & (lost | ODD_HEADER)) or f"missing_{tag}" not in {
        code for code, _ in faults_of_x12(body)
    }


def test_every_fault_that_the_provenance_marks_is_found_with_its_place(bodies: dict[str, bytes]) -> None:
    marked = 0
    for line in (SAMPLES / "PROVENANCE.md").read_text().splitlines():
        remarks = re.findall(r"\*\*(.*?)\*\*", line)
        name = line.removeprefix("| ").partition(" |")[0]
        if not remarks or not name.startswith(("x12/", "edifact/")):
            continue
        found = findings_of(name, bodies[name])
        marked += 1
        for remark in remarks[0].split("; "):
            assert explains(remark, found, bodies[name]), (name, remark, found)
        assert all(one.where for one in found), name
    assert marked >= 48


@pytest.mark.parametrize(("syntax", "count"), [("x12", faults_of_x12), ("edifact", faults_of_edifact)])
def test_what_a_plain_count_finds_is_what_the_reader_finds(
    bodies: dict[str, bytes], syntax: str, count: Callable[[bytes], set[Fault]]
) -> None:
    compared = 0
    for name, body in bodies.items():
        found = findings_of(name, body)
        if not name.startswith(syntax) or any(one.severity == "error" and not one.scope for one in found):
            continue  # of the other syntax, or no interchange to be read in it
        mine = {(one.code, one.scope.partition(" ")[2]) for one in found if COUNTED.fullmatch(one.code)}
        assert mine == count(body), name
        compared += 1
    assert compared >= {"x12": 210, "edifact": 55}[syntax]


def test_as_many_files_have_a_fault_as_are_known_to(bodies: dict[str, bytes]) -> None:
    faulty = {
        name
        for name, body in bodies.items()
        for one in findings_of(name, body)
        if one.code not in HABITS and not NOT_ENVELOPE.match(one.code)
    }
    assert len(faulty) >= AT_LEAST


def test_reading_goes_on_behind_every_fault(bodies: dict[str, bytes]) -> None:
    sound = {
        "x12": next(body for name, body in bodies.items() if "x12/" in name and not findings_of(name, body)),
        "edifact": next(
            body for name, body in bodies.items() if "edifact/" in name and not findings_of(name, body)
        ),
    }
    for name, body in bodies.items():
        syntax = name.partition("/")[0]
        read = x12.read if syntax == "x12" else edifact.read
        last = list(read(sound[syntax]))
        after = list(read(body + b"\n" + sound[syntax]))[-len(last) :]
        assert [type(part) for part in after] == [type(part) for part in last], name
        assert not [
            one for part in after for one in getattr(part, "findings", ()) if one.severity == "error"
        ], name
