"""What holds of reading whatever the delimiters are, and wherever the bytes are cut into chunks."""

import io
from dataclasses import replace
from typing import Any

import edifact_samples
import x12_samples
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.formats.edifact import reader as edifact
from integrations.formats.edifact.separators import Separators, split_segment
from integrations.formats.x12 import reader as x12

X12 = x12_samples.write(
    x12_samples.wrap(x12_samples.ORDER, x12_samples.NOTICE, x12_samples.ANSWER), between=""
)
EDIFACT = edifact_samples.write(
    edifact_samples.group(
        edifact_samples.ORDER, [*edifact_samples.ORDER[:-1], "FTX+AAI+++a?+b?:c?'d??:e", "UNS+S"]
    ),
    between="",
    advice="",
)
PARTS_X12, PARTS_EDIFACT = list(x12.read(X12)), list(edifact.read(EDIFACT))

# Whatever does not occur in the documents themselves.
FREE_X12 = sorted(set(map(chr, range(1, 256))) - set(X12.decode()) - set(" \t\r\n\x1a\x00"))
FREE_X12 = [char for char in FREE_X12 if not (char.isascii() and char.isalnum())] + ["*", "~", ">"]
FREE_EDIFACT = [
    char
    for char in map(chr, range(1, 128))
    if not char.isalnum() and char not in " \t\r\n\x1a\x02" and char not in EDIFACT.decode().replace("'", "")
] + ["+", ":", "'", "?"]


def content(part: Any) -> tuple[Any, ...]:
    """What a part says, whatever it was written with."""
    findings = [replace(one, offset=0) for one in part.findings]
    if hasattr(part, "rows"):
        return type(part), part.code, part.control, part.group.code, list(part.rows()), findings
    return type(part), getattr(part, "received", None), getattr(part, "groups", None), findings


@given(st.lists(st.integers(1, 200), min_size=1))
@settings(max_examples=80, deadline=None)
def test_chunks_of_any_size_give_the_same_parts(sizes: list[int]) -> None:
    for body, parts, read in ((X12, PARTS_X12, x12.read), (EDIFACT, PARTS_EDIFACT, edifact.read)):
        chunks, place = [], 0
        while place < len(body):
            size = sizes[len(chunks) % len(sizes)]
            chunks.append(body[place : place + size])
            place += size
        assert list(read(iter(chunks))) == parts
        assert list(read(io.BytesIO(body))) == parts


@given(st.lists(st.sampled_from(FREE_X12), min_size=3, max_size=3, unique=True))
@settings(max_examples=200, deadline=None)
def test_x12_reads_the_same_with_any_delimiters(chosen: list[str]) -> None:
    body = X12.decode().translate(str.maketrans("*~>", "".join(chosen))).encode("latin-1")
    assert [content(part) for part in x12.read(body)] == [content(part) for part in PARTS_X12]


@given(st.lists(st.sampled_from(FREE_EDIFACT), min_size=4, max_size=4, unique=True))
@settings(max_examples=200, deadline=None)
def test_edifact_reads_the_same_with_any_separators(chosen: list[str]) -> None:
    component, element, release, segment = chosen
    text = EDIFACT.decode().replace("a?+b?:c?'d??:e", "\x02")
    text = text.translate(str.maketrans(":+'", component + element + segment))
    text = text.replace(
        "\x02", f"x{release}{element}{release}{component}{release}{segment}{release}{release}y"
    )
    body = f"UNA{component}{element}.{release} {segment}{text}".encode("latin-1")
    rows = [list(part.rows()) for part in edifact.read(body) if hasattr(part, "rows")]
    usual = [list(part.rows()) for part in PARTS_EDIFACT if hasattr(part, "rows")]
    usual[1][-3][-1] = [f"x{element}{component}{segment}{release}y"]
    assert rows == usual
    assert not [one for part in edifact.read(body) for one in part.findings]  # type: ignore[union-attr]


TEXTS = st.text(st.sampled_from("ab+:'?* é"), max_size=6)


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_is_released_is_read_as_it_was(elements: list[list[str]]) -> None:
    separators = Separators(repetition="*")
    escape = str.maketrans({char: f"?{char}" for char in "+:'?*"})
    segment = "+".join(["FTX", *(":".join(text.translate(escape) for text in each) for each in elements)])
    assert split_segment(segment, separators) == [["FTX"], *elements]
