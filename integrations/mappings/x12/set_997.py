"""997 and 999: what a partner's system says of the groups and sets that we sent it.

AK1 names the group; AK2 to AK5 (999: IK3 to IK5) speak of one set of it; AK9 of all of it.
"""

from collections.abc import Mapping, Sequence

from integrations.formats.x12.parts import TransactionSet
from integrations.mappings.x12.codes_acknowledgement import (
    ELEMENT_FAULTS,
    GROUP_FAULTS,
    SEGMENT_FAULTS,
    SET_FAULTS,
)
from integrations.mappings.x12.common import envelope_party
from integrations.mappings.x12.values import read_text
from visibility.inbox.ports import FunctionalWord

_MOST_FAULTS = 50


def read_997(transaction: TransactionSet) -> tuple[FunctionalWord, ...]:
    """The words of an acknowledgement, one a set it names and one for the group.

    None where it does not name a group: then nobody can say what it is about.
    """
    partner = envelope_party(transaction, "sender")
    group, words, current = "", list[FunctionalWord](), ""
    faults: list[str] = []
    for row in transaction.rows():
        tag = row[0]
        if tag == "AK1":
            group = _at(row, 2)
        elif tag == "AK2":
            current, faults = _at(row, 2), []
        elif tag == "CTX" and faults and len(faults) < _MOST_FAULTS:
            faults[-1] += _context(row)
        elif tag in {"AK3", "IK3"} and len(faults) < _MOST_FAULTS:
            faults.append(_segment(row))
        elif tag in {"AK4", "IK4"} and len(faults) < _MOST_FAULTS:
            faults.append(_element(row))
        elif tag in {"AK5", "IK5"} and current:
            told = (*faults, *_reasons(row, 2, SET_FAULTS))
            words.append(_word(partner, group, current, _at(row, 1), told))
            current, faults = "", []
        elif tag == "AK9":
            words.append(_word(partner, group, "", _at(row, 1), _reasons(row, 5, GROUP_FAULTS)))
    return tuple(words) if group else ()


def _word(partner: str, group: str, control: str, status: str, faults: Sequence[str]) -> FunctionalWord:
    return FunctionalWord(
        partner=partner, group_control=group, set_control=control, status=status[:2], faults=tuple(faults)
    )


def _at(row: Sequence[str], element: int) -> str:
    return read_text(row[element]).strip() if element < len(row) else ""


def _segment(row: Sequence[str]) -> str:
    fault = SEGMENT_FAULTS.get(_at(row, 4), "in error")
    return f"segment {_at(row, 2) or '?'} {_at(row, 1)}: {fault}"


def _element(row: Sequence[str]) -> str:
    value = f" ({_at(row, 4)[:40]})" if _at(row, 4) else ""
    return f"element {_at(row, 1) or '?'}: {ELEMENT_FAULTS.get(_at(row, 3), 'in error')}{value}"


def _context(row: Sequence[str]) -> str:
    """What a CTX (999) adds to the fault before it: "SITUATIONAL TRIGGER", then where."""
    about, tag, place = _at(row, 1), _at(row, 2), _at(row, 3)
    return f" ({' '.join(part for part in (about, tag, place) if part)[:80]})" if about or tag else ""


def _reasons(row: Sequence[str], first: int, names: Mapping[str, str]) -> tuple[str, ...]:
    codes = [_at(row, element) for element in range(first, len(row))]
    return tuple(names.get(code, f"code {code}") for code in codes if code)
