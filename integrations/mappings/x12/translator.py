"""X12 messages to canonical documents: the translator that settings name for `application/edi-x12`."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from integrations.formats.x12.acknowledgement import GroupResult, SetResult, write_acknowledgement
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
from integrations.mappings.x12.set_997 import read_997
from integrations.mappings.x12.values import read_moment, read_text
from visibility.canonical.documents import AnyDocument
from visibility.core.identifiers import digest
from visibility.inbox.ports import Problem, Reply, Translated, Unit, VerbatimMessage

CONTENT_TYPE = "application/edi-x12"
_LAST_CONTROL = 999_999_999
_NO_MOMENT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

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
        """One interchange of 997s for every interchange received.

        The same message has the same replies, control numbers too: sent twice, they are the same reply.
        """
        replies = []
        seed = digest(message.body).bytes
        groups: list[GroupResult] = []
        sets: list[SetResult] = []
        for part in read(message.body):
            if isinstance(part, TransactionSet):
                sets.append(_result(part))
            elif isinstance(part, GroupEnd):
                groups.append(GroupResult(part.group, part.included, tuple(sets), part.findings))
                sets = []
            elif isinstance(part, InterchangeEnd):
                reply = _acknowledge(message, seed, part, groups)
                groups = []
                if reply is not None:
                    replies.append(reply)
        return replies


def _acknowledge(
    message: VerbatimMessage, seed: bytes, part: InterchangeEnd, groups: list[GroupResult]
) -> Reply | None:
    interchange = part.interchange
    moment = message.received_at or read_moment(interchange.date, interchange.time) or _NO_MOMENT
    named = digest(seed, interchange.offset.to_bytes(8, "big"))
    control = named.int % _LAST_CONTROL + 1
    body = write_acknowledgement(interchange=interchange, groups=groups, control=control, moment=moment)
    if body is None:
        return None
    return Reply(body=body, content_type=CONTENT_TYPE, name=f"997-{control:09d}.edi")


def _result(transaction: TransactionSet) -> SetResult:
    """What became of the set, for its sender."""
    mapped = _map(transaction)
    return SetResult(
        code=transaction.code,
        control=transaction.control,
        used=mapped is not None and mapped.reader.usable,
        findings=tuple(mapped.reader.findings)
        if mapped
        else (_unsupported(transaction), *transaction.findings),
    )


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
    if transaction.code in ACKNOWLEDGEMENT_SETS:
        text = f"functional acknowledgement noted ({transaction.code})"
        noted = Problem(code="acknowledgement", text=text, where=_scope(transaction), severity="warning")
        return Unit(
            problems=(noted, *(p for p in _problems(transaction.findings) if p.severity == "warning")),
            functional=read_997(transaction),
        )
    mapped = _map(transaction)
    if mapped is None:
        return Unit(problems=tuple(_problems((_unsupported(transaction), *transaction.findings))))
    problems = tuple(_problems(mapped.reader.findings))
    if not mapped.reader.usable:
        return Unit(problems=problems)
    documents = tuple(_translated(transaction, document) for document in mapped.documents)
    return Unit(documents=documents, problems=problems)


class _Mapped(NamedTuple):
    reader: SetReader
    documents: list[AnyDocument]


def _map(transaction: TransactionSet) -> _Mapped | None:
    """The set's documents and findings; None where no mapping is there for it."""
    mapper = MAPPERS.get(transaction.code)
    if mapper is None:
        return None
    reader = SetReader(transaction)
    return _Mapped(reader, mapper(reader) if reader.usable else [])


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


def _unsupported(transaction: TransactionSet) -> Finding:
    code = read_text(transaction.code)[:20]
    name = TRANSACTION_SETS.get(transaction.code, ("", ""))[1]
    what = f"a {code} ({name})" if name else f"a transaction set {code!r}, which is not known here"
    taken = ", ".join(sorted(MAPPERS))
    return Finding(
        code="unsupported_set",
        severity="error",
        text=f"this is {what}; taken here: {taken}. Send it elsewhere, or have a mapping for it added",
        scope=transaction.scope,
        segment=1,
        segment_id="ST",
        element=1,
        offset=transaction.offsets[0],
        value=code,
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
