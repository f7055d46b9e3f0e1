"""MAN, marks and numbers: which packages a loop stands in, ranges spelled out."""

from integrations.mappings.x12 import codes
from integrations.mappings.x12.notes import SetReader

_SSCC = 18
_SSCC_WITH_PREFIX = 20
_SSCC_PREFIX = "00"
MAX_RANGE = 1000
_FIRST_KINDS = (1, 4)


def read_marks(reader: SetReader) -> list[str]:
    """The present MAN: what kind of mark, the mark, and the last of a range; twice over.

    Marks that name a package are kept. A range of more than 1000 is told and kept by its ends.
    """
    marks: list[str] = []
    for element in _FIRST_KINDS:
        first = reader.identifier(element + 1)
        if not first or reader.raw(element) not in codes.PACKAGE_MARKS:
            continue
        last = _bare(reader.identifier(element + 2))
        first = _bare(first)
        marks += _span(reader, first, last, element + 2) if last and last != first else [first]
    return marks


def _bare(mark: str) -> str:
    """An SSCC without the application identifier 00 before it."""
    if len(mark) == _SSCC_WITH_PREFIX and mark.startswith(_SSCC_PREFIX):
        return mark.removeprefix(_SSCC_PREFIX)
    return mark


def _span(reader: SetReader, first: str, last: str, element: int) -> list[str]:
    """Every mark from the first to the last. An SSCC counts without its check digit (GS1, modulo 10)."""
    if len(first) == len(last) and (first + last).isascii() and (first + last).isdigit():
        checked = len(first) == _SSCC and sscc_check(first[:-1]) == first[-1]
        low, high = (int(mark[:-1] if checked else mark) for mark in (first, last))
        if 0 < high - low < MAX_RANGE:
            digits = len(first) - 1 if checked else len(first)
            numbers = [str(number).zfill(digits) for number in range(low, high + 1)]
            return [number + sscc_check(number) for number in numbers] if checked else numbers
    text = f"{first[:40]!r} to {last[:40]!r} is no range of up to {MAX_RANGE} packages; its ends are kept"
    reader.note("warning", "odd_range", text, element)
    return [first, last]


def sscc_check(digits: str) -> str:
    """The check digit of the 17 digits before it (GS1 General Specifications 7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)
