"""What a reader of EDI found wrong, as the inbox tells it."""

from collections.abc import Iterable, Iterator

from integrations.formats.edi.findings import Finding
from integrations.mappings.edi.texts import read_text
from visibility.inbox.ports import Problem, Unit


def problems_of(findings: Iterable[Finding]) -> Iterator[Problem]:
    """The findings that are worth telling, located."""
    for finding in findings:
        if finding.severity != "info":
            yield Problem(
                code=finding.code,
                text=read_text(finding.text),
                where=read_text(finding.where),
                severity="warning" if finding.severity == "warning" else "error",
            )


def refusal(finding: Finding) -> Problem:
    """A stretch that could not be read: one code for all, since only the reason differs."""
    if finding.severity == "warning":
        return next(problems_of((finding,)))
    return Problem(code="unreadable_document", text=read_text(finding.text), where=read_text(finding.where))


def told(findings: Iterable[Finding]) -> Iterator[Unit]:
    """A unit that only tells of faults; none where there are none."""
    problems = tuple(problems_of(findings))
    if problems:
        yield Unit(problems=problems)
