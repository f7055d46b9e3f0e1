"""Our 997s beside mock-edi's, over all sample interchanges: verdicts differ for known reasons alone.

What is compared is AK5 of every set and AK9 of every group. mock-edi rejects for what it does not know; we
say what was done: a set that was used is accepted (with its errors noted, E), however much is wrong with it.
"""

import os
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import mockedi.ack
import mockedi.validate
import mockedi.x12
import pytest

from integrations.mappings.x12.translator import X12Translator
from visibility.inbox.ports import VerbatimMessage

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "x12"

# Why a verdict may be milder here, by what mock-edi says is wrong.
DIFFERENCES = {
    "unknown set": "it implements eight sets; here many more are read, and the rest of the standard is filed",
    "release": "it speaks 004010 and 005010; here a set of any release is read that its segments allow",
    "group": "a wrong GE01 or GE02 rejects all sets of the group there; here it is noted in AK9, with E",
    "trailer": "a wrong SE01 or SE02 rejects the set there; here the set is used and AK5 is E with the code",
    "zeros": "SE02 with other leading zeros than ST02 is another number there, and the same here",
    "blank": "an ISA padded before its line end has, to it, a blank for segment terminator",
    "guide": "its guides hold a part of the standard: segments, codes and lengths beyond them are errors",
}
SAME_CODES_OF_SET = {"2", "3", "4"}
SAME_CODES_OF_GROUP = {"3", "4", "5"}
Place = tuple[str, ...]


def samples() -> list[Path]:
    found = sorted(SAMPLES.glob("*")) if SAMPLES.is_dir() else []
    if not found and os.environ.get("CI") == "true":
        pytest.fail(f"no samples at {SAMPLES}")
    if not found:
        pytest.skip("the sample interchanges are not here")
    return found


def our_verdicts(body: bytes) -> dict[Place, list[tuple[str, set[str]]]]:
    """AK5 by group and set, AK9 by group: the status and the codes behind it."""
    told: dict[Place, list[tuple[str, set[str]]]] = defaultdict(list)
    group: Place = ()
    name: Place = ()
    for reply in X12Translator().replies(VerbatimMessage(body=body, content_type="application/edi-x12")):
        for segment in reply.body.decode().replace("\n", "").split("~"):
            tag, *elements = segment.split("*")
            if tag == "AK1":
                group = (elements[0], elements[1].lstrip("0"))
            elif tag == "AK2":
                name = (elements[0], elements[1].lstrip("0"))
            elif tag == "AK5":
                told[*group, *name].append((elements[0], set(elements[1:])))
            elif tag == "AK9":
                told[group].append((elements[0], set(elements[4:])))
    return told


def reason(message: Any, group_errors: set[str]) -> str:
    """Why mock-edi does not plainly accept: the first that holds."""
    codes = {code for code, _ in message.set_errors}
    if group_errors & SAME_CODES_OF_GROUP:
        return "group"
    if "1" in codes:
        return "unknown set"
    if "2" in group_errors:
        return "release"
    if codes & SAME_CODES_OF_SET:
        return "zeros" if only_zeros_differ(message) else "trailer"
    return "guide" if message.segments else ""


def only_zeros_differ(message: Any) -> bool:
    """Whether SE02 and ST02 are the same number, as mock-edi words the fault: by the two it names."""
    notes = [note for code, note in message.set_errors if code == "3"]
    return any(len({int(number) for number in re.findall("[0-9]{4,}", note)}) == 1 for note in notes)


def judged(path: Path) -> tuple[Any, Any] | None:
    """mock-edi's view; None for what it cannot read at all."""
    try:
        interchange = mockedi.x12.parse(path.read_bytes().decode("utf-8-sig", "replace"))
    except Exception:  # its own error class; what it is does not matter, that we answered does
        return None
    return interchange, mockedi.validate.validate(interchange)


def test_our_997s_agree_with_mock_edis_or_differ_for_a_known_reason() -> None:
    seen: Counter[str] = Counter()
    for path in samples():
        found = judged(path)
        if found is None:
            seen["unread"] += 1
            continue
        interchange, report = found
        if interchange.delimiters.segment == " ":
            seen["blank"] += 1
            continue
        ours = our_verdicts(path.read_bytes())
        places: Counter[Place] = Counter()
        for functional, control, _, messages in mockedi.ack.group_reports(interchange, report):
            # Groups of one number in one file it takes for one, as often as they come.
            if functional == "FA" or places[functional, control.lstrip("0")]:
                continue
            errors = {code for code, _ in report.group_errors.get((functional, control), ())}
            group = (functional, control.lstrip("0"))
            told = ours[group][places[group]][1]
            places[group] += 1
            assert told & SAME_CODES_OF_GROUP == errors & SAME_CODES_OF_GROUP, (path.name, group)
            for message in messages:
                place = (*group, message.code, message.control.lstrip("0"))
                status, codes = ours[place][places[place]]
                places[place] += 1
                theirs = mockedi.ack._ak5(message, group_rejected=bool(errors)).get(1)
                same = {code for code, _ in message.set_errors}
                # Of a set it does not know it looks at nothing else.
                if "1" not in same and not only_zeros_differ(message):
                    assert codes & SAME_CODES_OF_SET == same & SAME_CODES_OF_SET, (path.name, place)
                # Nobody is refused here who is accepted there, and what is clean there is clean here.
                assert status != "R" or theirs == "R", (path.name, place)
                assert theirs != "A" or status == "A", (path.name, place)
                why = "" if status == theirs else reason(message, errors)
                assert status == theirs or why in DIFFERENCES, (path.name, place, status, theirs)
                seen[why or "same"] += 1
    assert seen["same"] > 40
    assert set(seen) <= {"same", "unread", *DIFFERENCES}
    assert set(DIFFERENCES) <= set(seen), "a reason that no longer occurs explains nothing"
