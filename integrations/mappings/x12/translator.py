"""X12 messages to canonical documents: the translator that settings name for `application/edi-x12`."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from integrations.formats.x12.findings import Finding
from integrations.formats.x12.parts import GroupEnd, InterchangeEnd, Part, Refused, TransactionSet
from integrations.formats.x12.reader import read
from integrations.formats.x12.sets import ACKNOWLEDGEMENT_SETS, TRANSACTION_SETS
from integrations.mappings.x12.common import control_numbers, envelope_moment
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.set_810 import map_810
from integrations.mappings.x12.set_850 import map_850
from integrations.mappings.x12.set_855 import map_855
from integrations.mappings.x12.set_856 import map_856
from integrations.mappings.x12.set_944 import map_944
from integrations.mappings.x12.values import read_text
from visibility.canonical.documents import AnyDocument
from visibility.inbox.ports import Problem, Reply, Translated, Unit, VerbatimMessage

Mapper = Callable[[SetReader], list[AnyDocument]]

MAPPERS: Mapping[str, Mapper] = {
    "810": map_810,
    "850": map_850,
    "855": map_855,
    "856": map_856,
    "944": map_944,
}


class X12Translator:
    """One unit a transaction set, in order; the faults of the envelopes in a unit behind their sets."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        """The units of the message. Never raises: what is wrong with a set stays in its unit."""
        for part in read(message.body):
            yield from _units(part)

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        """The 997 that the sender of each group is owed."""
        return []


def _units(part: Part) -> Iterator[Unit]:
    if isinstance(part, TransactionSet):
        yield _translate_set(part)
    elif isinstance(part, Refused):
        yield Unit(problems=(_refusal(part.finding),))
    elif isinstance(part, GroupEnd):
        yield from _told(part.findings)
    else:
        yield from _interchange(part)


def _interchange(part: InterchangeEnd) -> Iterator[Unit]:
    problems = list(_problems(part.findings))
    where = f"ISA {read_text(part.interchange.control)}"
    if part.acknowledgements:
        text = f"{part.acknowledgements} interchange acknowledgements (TA1) noted"
        problems.append(Problem(code="acknowledgement", text=text, where=where, severity="warning"))
    elif not part.groups:
        text = "the interchange holds no functional group; nothing could be read from it"
        problems.append(Problem(code="unreadable_document", text=text, where=where))
    if problems:
        yield Unit(problems=tuple(problems))


def _told(findings: Iterable[Finding]) -> Iterator[Unit]:
    problems = tuple(_problems(findings))
    if problems:
        yield Unit(problems=problems)


def _translate_set(transaction: TransactionSet) -> Unit:
    mapper = MAPPERS.get(transaction.code)
    if transaction.code in ACKNOWLEDGEMENT_SETS:
        text = f"functional acknowledgement noted ({transaction.code})"
        noted = Problem(code="acknowledgement", text=text, where=_scope(transaction), severity="warning")
        return Unit(
            problems=(noted, *(p for p in _problems(transaction.findings) if p.severity == "warning"))
        )
    if mapper is None:
        return Unit(problems=(_unsupported(transaction), *_problems(transaction.findings)))
    reader = SetReader(transaction)
    documents: list[AnyDocument] = []
    if reader.usable:
        documents = mapper(reader)
    problems = tuple(_problems(reader.findings))
    if not reader.usable:
        return Unit(problems=problems)
    return Unit(
        documents=tuple(_translated(transaction, document) for document in documents), problems=problems
    )


def _translated(transaction: TransactionSet, document: AnyDocument) -> Translated:
    return Translated(
        document=document,
        envelope_at=envelope_moment(transaction),
        control=control_numbers(transaction),
        where=_scope(transaction),
        occurred_at=document.issued_at,
    )


def _scope(transaction: TransactionSet) -> str:
    return read_text(transaction.scope)


def _unsupported(transaction: TransactionSet) -> Problem:
    code = read_text(transaction.code)[:20]
    name = TRANSACTION_SETS.get(transaction.code, ("", ""))[1]
    what = f"a {code} ({name})" if name else f"a transaction set {code!r}, which is not known here"
    taken = ", ".join(sorted(MAPPERS))
    return Problem(
        code="unsupported_set",
        text=f"this is {what}; taken here: {taken}. Send it elsewhere, or have a mapping for it added",
        where=_scope(transaction),
    )


def _problems(findings: Iterable[Finding]) -> Iterator[Problem]:
    for finding in findings:
        if finding.severity != "info":
            yield Problem(
                code=finding.code,
                text=read_text(finding.text),
                where=read_text(finding.where),
                severity="warning" if finding.severity == "warning" else "error",
            )


def _refusal(finding: Finding) -> Problem:
    """A stretch that could not be read: one code for all, since only the reason differs."""
    if finding.severity == "warning":
        return next(_problems((finding,)))
    return Problem(code="unreadable_document", text=read_text(finding.text), where=read_text(finding.where))
