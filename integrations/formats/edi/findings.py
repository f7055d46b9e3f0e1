"""What the reader found wrong, with its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from integrations.formats.edi.limits import MAX_FINDINGS

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault. `segment` counts from 1 at the ST (in a set) or the ISA (outside); `offset` is in bytes.

    error: the set (or file) cannot be used as it is; warning: it can, but someone should know;
    info: a habit of the sender that was allowed for. `scope` names the set, group or interchange.
    `value` is the faulty text itself.
    """

    code: str
    severity: Severity
    text: str
    scope: str = ""
    segment: int = 0
    segment_id: str = ""
    element: int = 0
    offset: int = -1
    value: str = ""

    @property
    def where(self) -> str:
        """The place in words: "ST 0001, segment 12 PO1, element 2, byte 431"."""
        parts = [self.scope] if self.scope else []
        if self.segment:
            parts.append(f"segment {self.segment} {self.segment_id}".rstrip())
        elif self.segment_id:
            parts.append(f"segment {self.segment_id}")
        if self.element:
            parts.append(f"element {self.element}")
        if self.offset >= 0:
            parts.append(f"byte {self.offset}")
        return ", ".join(parts)


class FindingList(list[Finding]):
    """Findings up to a limit, so that a broken file cannot fill the memory with its faults."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        super().__init__(findings)
        self.has_errors = any(finding.severity == "error" for finding in self)
        """Whether any of them makes the set unusable."""

    @property
    def full(self) -> bool:
        """Whether a further warning would be left out."""
        return len(self) >= MAX_FINDINGS

    def add(self, finding: Finding) -> None:
        """Keep the finding, unless there are too many; the first error always finds room."""
        if not self.full:
            self.append(finding)
        elif finding.severity == "error" and not self.has_errors:
            self[-1] = finding
        self.has_errors = self.has_errors or finding.severity == "error"
