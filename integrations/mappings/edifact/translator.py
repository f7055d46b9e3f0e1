"""EDIFACT messages to canonical documents: the translator that settings name for `application/edifact`."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import structs

from integrations.formats.edifact.acknowledgement import MessageResult, write_contrl
from integrations.formats.edifact.parts import GroupEnd, InterchangeEnd, Message, Part, Refused
from integrations.formats.edifact.reader import read
from integrations.mappings.edi.problems import problems_of, refusal, told
from integrations.mappings.edi.texts import read_text
from integrations.mappings.edifact.common import (
    control_numbers,
    envelope_moment,
    interchange_moment,
    profile_of,
)
from integrations.mappings.edifact.contrl import read_contrl
from integrations.mappings.edifact.filing import check_standing, file_unmapped, refuse_message
from integrations.mappings.edifact.reader import MessageReader
from integrations.mappings.edifact.registry import MAPPERS
from integrations.mappings.edifact.types import MESSAGE_TYPES
from visibility.canonical.documents import AnyDocument
from visibility.core.identifiers import digest
from visibility.inbox.ports import Problem, ReadingProfile, Reply, Translated, Unit, VerbatimMessage

CONTENT_TYPE = "application/edifact"
SERVICE_REPORT = "CONTRL"
_LAST_CONTROL = 999_999_999
_NO_MOMENT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class EdifactTranslator:
    """One unit a message, in order; the faults of the envelopes in a unit behind their messages."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        """The units of the message. Never raises: what is wrong with a message stays in its unit."""
        for part in read(message.body):
            yield from _units(part, message.profiles)

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        """One CONTRL for every interchange that asks for one.

        The same message has the same replies, references too: sent twice, they are the same reply.
        """
        replies: list[Reply] = []
        seed = digest(message.body).bytes
        results: list[MessageResult] = []
        for part in read(message.body):
            if isinstance(part, Message):
                results.append(_result(part, message.profiles))
            elif isinstance(part, InterchangeEnd):
                replies.extend(_acknowledge(message, seed, part, results))
                results = []
        return replies


def _acknowledge(
    message: VerbatimMessage, seed: bytes, part: InterchangeEnd, results: list[MessageResult]
) -> Iterator[Reply]:
    interchange = part.interchange
    if not profile_of(interchange, message.profiles).acknowledged:
        return
    moment = message.received_at or interchange_moment(interchange) or _NO_MOMENT
    control = digest(seed, interchange.offset.to_bytes(8, "big")).int % _LAST_CONTROL + 1
    body = write_contrl(
        interchange=interchange, results=results, control=control, moment=moment, findings=part.findings
    )
    if body is not None:
        yield Reply(body=body, content_type=CONTENT_TYPE, name=f"CONTRL-{control:09d}.edi")


def _result(message: Message, profiles: Mapping[str, ReadingProfile]) -> MessageResult:
    """What became of the message, for its sender."""
    if message.code == SERVICE_REPORT:
        return MessageResult(message=message, used=True, findings=())
    reader = map_message(message, profiles).reader
    return MessageResult(message=message, used=reader.usable, findings=tuple(reader.findings))


def _units(part: Part, profiles: Mapping[str, ReadingProfile]) -> Iterator[Unit]:
    if isinstance(part, Message):
        yield translate_message(part, profiles)
    elif isinstance(part, Refused):
        yield Unit(problems=(_refused(part),))
    elif isinstance(part, GroupEnd):
        yield from told(part.findings)
    else:
        yield from _interchange(part)


def _refused(part: Refused) -> Problem:
    """Why a stretch could not be read; X12 that came under the wrong name is told the right one."""
    problem = refusal(part.finding)
    if "X12, not EDIFACT" not in problem.text:
        return problem
    return structs.replace(problem, text=f"{problem.text}; send it as application/edi-x12")


def _interchange(part: InterchangeEnd) -> Iterator[Unit]:
    problems = list(problems_of(part.findings))
    if not part.messages:
        where = f"UNB {read_text(part.interchange.control)}"
        text = "the interchange holds no message; nothing could be read from it"
        problems.append(Problem(code="unreadable_document", text=text, where=where))
    if problems:
        yield Unit(problems=tuple(problems))


def translate_message(message: Message, profiles: Mapping[str, ReadingProfile]) -> Unit:
    """What one message becomes."""
    if message.code == SERVICE_REPORT:
        return _service_report(message)
    mapped = map_message(message, profiles)
    problems = tuple(problems_of(mapped.reader.findings))
    if not mapped.reader.usable:
        return Unit(problems=problems)
    home = mapped.reader.profile.time_zone
    documents = tuple(_translated(message, document, home) for document in mapped.documents)
    return Unit(documents=documents, problems=problems)


def _service_report(message: Message) -> Unit:
    where = read_text(message.scope)
    noted = Problem(
        code="acknowledgement", text="syntax report noted (CONTRL)", where=where, severity="warning"
    )
    others = (problem for problem in problems_of(message.findings) if problem.severity == "warning")
    return Unit(problems=(noted, *others), functional=read_contrl(message))


class Mapped(NamedTuple):
    """A message's documents, and the reader with all that was found wrong."""

    reader: MessageReader
    documents: list[AnyDocument]


def map_message(message: Message, profiles: Mapping[str, ReadingProfile]) -> Mapped:
    """The documents by the message's own mapping; a type of the directories without one is filed."""
    reader = MessageReader(message, profile_of(message.group.interchange, profiles))
    check_standing(reader)
    mapper = MAPPERS.get(message.code)
    if mapper is None:
        mapper = file_unmapped if message.code in MESSAGE_TYPES else refuse_message
    return Mapped(reader, mapper(reader) if reader.usable else [])


def _translated(message: Message, document: AnyDocument, home: str) -> Translated:
    return Translated(
        document=document,
        envelope_at=envelope_moment(message, home),
        control=control_numbers(message),
        where=read_text(message.scope),
        occurred_at=document.issued_at,
    )
