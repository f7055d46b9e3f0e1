"""CONTRL, syntax and service report: what a partner's system says of the interchanges that we sent it.

UCI speaks of the interchange, UCF of a group, UCM of a message; UCS and UCD of what is wrong inside it.
"""

from collections.abc import Mapping

from integrations.formats.edifact.parts import Message
from integrations.mappings.edifact.codes import CONTRL_ACTIONS
from integrations.mappings.edifact.common import envelope_party
from integrations.mappings.edifact.reader import MessageReader
from visibility.inbox.ports import FunctionalWord

_MOST_FAULTS = 50

# 0085, syntax error (ISO 9735), in our words.
SYNTAX_FAULTS: Mapping[str, str] = {
    "2": "syntax version or level not supported",
    "7": "the recipient of the interchange is not the actual one",
    "12": "invalid value",
    "13": "missing",
    "14": "value not supported here",
    "15": "not supported here",
    "16": "too many constituents",
    "17": "no agreement",
    "18": "error not further described",
    "19": "invalid decimal mark",
    "20": "character invalid as a service character",
    "21": "invalid character",
    "22": "invalid service character",
    "23": "sender of the interchange unknown",
    "24": "too old",
    "25": "test indicator not supported",
    "26": "duplicate found",
    "27": "security function not supported",
    "28": "references do not match",
    "29": "count does not match",
    "30": "groups and messages mixed",
    "31": "several message types in a group",
    "32": "lower level empty",
    "33": "something stands outside message or group",
    "34": "exponent not supported",
    "35": "segment or group repeated too often",
    "36": "too many segment repetitions",
    "37": "invalid type of character",
    "38": "missing figure before the decimal mark",
    "39": "element too long",
    "40": "element too short",
    "41": "permanent error of the network",
    "42": "temporary error of the network",
    "43": "recipient of the interchange unknown",
    "45": "trailing separator",
    "46": "character set not supported",
    "47": "envelope functions not supported",
    "48": "dependency violated",
}


def read_contrl(message: Message) -> tuple[FunctionalWord, ...]:
    """The words of a CONTRL: one for the interchange, one a group and message it names; none without UCI."""
    return tuple(_Report(MessageReader(message)).words())


class _Report:
    """A CONTRL while it is being read. What UCS and UCD tell belongs to the UCM before them."""

    def __init__(self, reader: MessageReader) -> None:
        self.reader = reader
        self.partner = envelope_party(reader.message, "sender")
        self.interchange = self.group = ""
        self.open: tuple[str, str, str] | None = None
        self.faults: list[str] = []
        self.found: list[FunctionalWord] = []

    def words(self) -> list[FunctionalWord]:
        """All words, in the order of the message."""
        reader = self.reader
        for tag in reader.rows(1):
            if tag == "UCI":
                self._close()
                self.interchange = reader.identifier(1)
                self._open("", "", 4)
            elif tag == "UCF" and self.interchange:
                self._close()
                self.group = reader.identifier(1)
                self._open(self.group, "", 4)
            elif tag == "UCM" and self.interchange:
                self._close()
                self._open(self.group, reader.identifier(1), 3)
            elif tag in {"UCS", "UCD"} and len(self.faults) < _MOST_FAULTS:
                self.faults.append(self._segment() if tag == "UCS" else self._element())
        self._close()
        return self.found

    def _open(self, group: str, control: str, action: int) -> None:
        """The action code, and behind it the error (0085) where there is one."""
        reader = self.reader
        self.open = (group, control, reader.raw(action))
        error = reader.raw(action + 1)
        self.faults = [_fault(error)] if error else []

    def _close(self) -> None:
        if self.open is None:
            return
        group, control, action = self.open
        status = CONTRL_ACTIONS.get(action, "")
        if status == "A" and self.faults:
            status = "E"
        self.found.append(
            FunctionalWord(
                partner=self.partner,
                group_control=group,
                set_control=control,
                interchange_control=self.interchange,
                status=status or "R",
                faults=tuple(self.faults),
            )
        )
        self.open, self.faults = None, []

    def _segment(self) -> str:
        reader = self.reader
        return f"segment {reader.text(1) or '?'}: {_fault(reader.raw(2)) if reader.raw(2) else 'in error'}"

    def _element(self) -> str:
        reader = self.reader
        place = ".".join(part for part in (reader.text(2), reader.text(2, 1)) if part)
        return f"element {place or '?'}: {_fault(reader.raw(1))}"


def _fault(code: str) -> str:
    return SYNTAX_FAULTS.get(code, f"code {code[:10]}" if code else "in error")
