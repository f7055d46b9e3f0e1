"""TA1: what a partner's system says of an interchange that we sent it, before it looks at what is inside."""

from collections.abc import Iterable, Iterator, Sequence

from integrations.formats.x12.parts import Interchange
from integrations.mappings.x12.codes_acknowledgement import (
    INTERCHANGE_FAULTS,
    INTERCHANGE_VERDICTS,
    NO_FAULT,
)
from integrations.mappings.x12.values import read_text
from visibility.inbox.ports import FunctionalWord


def read_ta1(interchange: Interchange, rows: Iterable[Sequence[str]]) -> Iterator[FunctionalWord]:
    """A word for every TA1 that names an interchange (TA101) and says what became of it (TA104)."""
    partner = f"{read_text(interchange.sender_qualifier)}:{read_text(interchange.sender)}"
    for row in rows:
        control, status, note = (_at(row, element) for element in (1, 4, 5))
        if control and status in INTERCHANGE_VERDICTS:
            fault = INTERCHANGE_FAULTS.get(note, f"code {note}")
            yield FunctionalWord(
                partner=partner,
                group_control="",
                interchange_control=control,
                status=status,
                faults=() if note in NO_FAULT else (fault,),
            )


def say(word: FunctionalWord) -> str:
    """The word, for people."""
    reasons = f": {', '.join(word.faults)}" if word.faults else ""
    return f"interchange {word.interchange_control} was {INTERCHANGE_VERDICTS[word.status]}{reasons} (TA1)"


def _at(row: Sequence[str], element: int) -> str:
    return read_text(row[element]).strip() if element < len(row) else ""
