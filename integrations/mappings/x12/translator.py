"""X12 messages to canonical documents: the translator that settings name for `application/edi-x12`."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from integrations.formats.x12.acknowledgement import (
    READABLE,
    GroupResult,
    SetResult,
    write_acknowledgement,
    write_interchange_acknowledgement,
)
from integrations.formats.x12.parts import GroupEnd, InterchangeEnd, Part, Refused, TransactionSet
from integrations.formats.x12.reader import read
from integrations.formats.x12.sets import ACKNOWLEDGEMENT_GROUP, ACKNOWLEDGEMENT_SETS, TRANSACTION_SETS
from integrations.formats.x12.writing import X12Separators
from integrations.mappings.edi.problems import problems_of, refusal, told
from integrations.mappings.x12.common import control_numbers, envelope_moment, envelope_party
from integrations.mappings.x12.filing import check_standing, file_set, refuse_set
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.registry import MAPPERS
from integrations.mappings.x12.set_997 import read_997
from integrations.mappings.x12.set_ta1 import read_ta1, say
from integrations.mappings.x12.values import read_moment, read_text
from visibility.canonical.documents import AnyDocument
from visibility.core.identifiers import digest
from visibility.inbox.ports import (
    NO_PROFILE,
    Problem,
    ReadingProfile,
    Reply,
    Translated,
    Unit,
    VerbatimMessage,
)

CONTENT_TYPE = "application/edi-x12"
_LAST_CONTROL = 999_999_999
_MOST_TOLD = 5
_NO_MOMENT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class X12Translator:
    """One unit a transaction set, in order; the faults of the envelopes in a unit behind their sets."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        """The units of the message. Never raises: what is wrong with a set stays in its unit."""
        return self.translate_parts(read(message.body), message.profiles)

    def translate_parts(
        self, parts: Iterable[Part], profiles: Mapping[str, ReadingProfile]
    ) -> Iterator[Unit]:
        """The units of what a reader hands out, one part at a time: also of files too large to be held."""
        for part in parts:
            yield from _units(part, profiles)

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        """One interchange of 997s for every interchange received, and before it a TA1 where one is owed.

        The same message has the same replies, control numbers too: sent twice, they are the same reply.
        """
        replies: list[Reply] = []
        seed = digest(message.body).bytes
        groups: list[GroupResult] = []
        sets: list[SetResult] = []
        for part in read(message.body):
            if isinstance(part, TransactionSet):
                sets.append(_result(part, message.profiles))
            elif isinstance(part, GroupEnd):
                groups.append(GroupResult(part.group, part.included, tuple(sets), part.findings))
                sets = []
            elif isinstance(part, InterchangeEnd):
                replies.extend(_acknowledge(message, seed, part, groups))
                groups = []
        return replies


def _acknowledge(
    message: VerbatimMessage, seed: bytes, part: InterchangeEnd, groups: list[GroupResult]
) -> Iterator[Reply]:
    interchange = part.interchange
    moment = message.received_at or read_moment(interchange.date, interchange.time) or _NO_MOMENT
    control = digest(seed, interchange.offset.to_bytes(8, "big")).int % _LAST_CONTROL + 1
    next_control = control % _LAST_CONTROL + 1
    answers = bool(groups) and all(one.group.code == ACKNOWLEDGEMENT_GROUP for one in groups)
    sender = f"{read_text(interchange.sender_qualifier)}:{read_text(interchange.sender)}"
    profile = message.profiles.get(sender.upper(), NO_PROFILE)
    marks = _separators(profile)
    body = write_interchange_acknowledgement(
        end=part, asked_only=answers, control=next_control, moment=moment, separators=marks
    )
    if body is not None:
        yield Reply(body=body, content_type=CONTENT_TYPE, name=f"TA1-{next_control:09d}.edi")
    if not profile.acknowledged:
        return
    body = write_acknowledgement(
        interchange=interchange, groups=groups, control=control, moment=moment, separators=marks
    )
    if body is not None:
        yield Reply(body=body, content_type=CONTENT_TYPE, name=f"997-{control:09d}.edi")


def _separators(profile: ReadingProfile) -> X12Separators:
    """Those agreed with the partner for what we write."""
    agreed = profile.separators
    if agreed is None:
        return READABLE
    return X12Separators(
        element=agreed.element,
        component=agreed.component,
        segment=agreed.segment,
        repetition=agreed.repetition,
        line_end=agreed.line_end,
    )


def _result(transaction: TransactionSet, profiles: Mapping[str, ReadingProfile]) -> SetResult:
    """What became of the set, for its sender."""
    mapped = _map(transaction, profiles)
    return SetResult(
        code=transaction.code,
        control=transaction.control,
        used=mapped.reader.usable,
        findings=tuple(mapped.reader.findings),
    )


def _units(part: Part, profiles: Mapping[str, ReadingProfile]) -> Iterator[Unit]:
    if isinstance(part, TransactionSet):
        yield _translate_set(part, profiles)
    elif isinstance(part, Refused):
        yield Unit(problems=(refusal(part.finding),))
    elif isinstance(part, GroupEnd):
        yield from told(part.findings)
    else:
        yield from _interchange(part)


def _interchange(part: InterchangeEnd) -> Iterator[Unit]:
    problems = list(problems_of(part.findings))
    where = f"ISA {read_text(part.interchange.control)}"
    if part.acknowledgements:
        words = tuple(read_ta1(part.interchange, part.answers))
        told = "; ".join(say(word) for word in words[:_MOST_TOLD])
        text = told or f"{part.acknowledgements} interchange acknowledgements (TA1) that name no interchange"
        noted = Problem(code="acknowledgement", text=text, where=where, severity="warning")
        yield Unit(problems=(noted,), functional=words)
    elif not part.groups:
        text = "the interchange holds no functional group; nothing could be read from it"
        problems.append(Problem(code="unreadable_document", text=text, where=where))
    if problems:
        yield Unit(problems=tuple(problems))


def _translate_set(transaction: TransactionSet, profiles: Mapping[str, ReadingProfile]) -> Unit:
    if transaction.code in ACKNOWLEDGEMENT_SETS:
        words = read_997(transaction)
        text = f"functional acknowledgement noted ({transaction.code})"
        if not words:
            text = f"this {transaction.code} names no group (AK102), so nobody can say what it acknowledges"
        noted = Problem(code="acknowledgement", text=text, where=_scope(transaction), severity="warning")
        return Unit(
            problems=(noted, *(p for p in problems_of(transaction.findings) if p.severity == "warning")),
            functional=words,
        )
    mapped = _map(transaction, profiles)
    problems = tuple(problems_of(mapped.reader.findings))
    if not mapped.reader.usable:
        return Unit(problems=problems)
    home = mapped.reader.profile.time_zone
    documents = tuple(_translated(transaction, document, home) for document in mapped.documents)
    return Unit(documents=documents, problems=problems)


class _Mapped(NamedTuple):
    reader: SetReader
    documents: list[AnyDocument]


def _map(transaction: TransactionSet, profiles: Mapping[str, ReadingProfile]) -> _Mapped:
    """The set's documents and findings, by its own mapping; one the standard knows is filed without."""
    profile = profiles.get(envelope_party(transaction, "sender").upper(), NO_PROFILE)
    reader = SetReader(transaction, profile)
    check_standing(reader)
    mapper = MAPPERS.get(transaction.code)
    if mapper is None:
        mapper = file_set if transaction.code in TRANSACTION_SETS else refuse_set
    return _Mapped(reader, mapper(reader) if reader.usable else [])


def _translated(transaction: TransactionSet, document: AnyDocument, home: str) -> Translated:
    return Translated(
        document=document,
        envelope_at=envelope_moment(transaction, home),
        control=control_numbers(transaction),
        where=_scope(transaction),
        occurred_at=document.issued_at,
    )


def _scope(transaction: TransactionSet) -> str:
    return read_text(transaction.scope)
