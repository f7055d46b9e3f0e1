"""What a translator is: the seam through which integrations plug in without being imported.

`settings.TRANSLATORS` names one implementation a content type by dotted string.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol
from uuid import UUID

from msgspec import UNSET, Raw, Struct, UnsetType

from visibility.canonical.documents import AnyDocument

Severity = Literal["error", "warning"]


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something wrong with a message, located. `where`: "ST 0001, segment 12 PO1, element 2, byte 431",
    a JSON pointer, or empty. `text` says what is wrong and what to do about it."""

    code: str
    text: str
    where: str = ""
    severity: Severity = "error"


class Guidance(Struct, frozen=True, kw_only=True):
    """How a part of a history is to be read: by which mapping, as of when, and where it stood in its file."""

    mapping: str
    as_of: date
    source: str
    """Scopes the identities of its rows."""
    file: str
    first_row: int
    first_line: int


class SetStanding(Struct, frozen=True, kw_only=True):
    """Whether a partner sends a kind of document ("855", "ORDRSP"), from a day on and up to another."""

    kind: str
    standing: Literal["expected", "optional", "never"]
    starts_on: date | None = None
    ends_on: date | None = None


class Separators(Struct, frozen=True, kw_only=True):
    """What separates what in a document that we write. `line_end` follows every segment, for readability."""

    element: str = "*"
    component: str = ":"
    segment: str = "~"
    repetition: str = "^"
    release: str = "?"
    decimal: str = "."
    line_end: str = ""


class ReadingProfile(Struct, frozen=True, kw_only=True):
    """What is agreed with a partner about how its documents are read.

    `codes`: by the name of a code list ("unit", "line_status", "purpose", …) what the partner writes and
    what the standard writes for it. `time_zone`: of times that name none; empty: UTC. `acknowledged`: it
    gets a functional acknowledgement for what it sends, written with `separators` where they are agreed.
    """

    partner: str = ""
    time_zone: str = ""
    codes: Mapping[str, Mapping[str, str]] = {}
    sets: tuple[SetStanding, ...] = ()
    acknowledged: bool = True
    separators: Separators | None = None

    def standing_of(self, kind: str, on: date) -> SetStanding | None:
        """What is agreed of a kind of document on a day; None where nothing is."""
        return next(
            (
                each
                for each in self.sets
                if each.kind == kind
                and (each.starts_on is None or each.starts_on <= on)
                and (each.ends_on is None or on <= each.ends_on)
            ),
            None,
        )


NO_PROFILE = ReadingProfile()


class VerbatimMessage(Struct, frozen=True, kw_only=True):
    """A message as it came in, and what the connection says of it."""

    body: bytes
    content_type: str
    issuer: str = ""
    """Scope of order numbers that name no issuer themselves."""
    received_at: datetime | None = None
    guidance: Guidance | None = None
    """Of a part of a history; other messages say themselves how they are to be read."""
    profiles: Mapping[str, ReadingProfile] = {}
    """By a sender's envelope id ("ZZ:ACME", capitals): what is agreed with it."""


class Translated(Struct, frozen=True, kw_only=True):
    """One document of a message. `event_id` and `source` only where the sender gave an explicit identity."""

    document: AnyDocument
    source: str = ""
    event_id: str = ""
    body_digest: UUID | None = None
    """Of the event as sent; the same explicit id with another digest is a conflict."""
    body: bytes | Raw | None = None
    """The event as sent, where what differs in spacing or the order of names only is no conflict."""
    envelope_at: datetime | None = None
    control: str = ""
    where: str = ""
    occurred_at: datetime | None = None
    correlation_id: str = ""
    """As the sender gave it; it counts where the connection is trusted."""


class FunctionalWord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a partner's system said of a transaction set that we sent, or (`set_control` empty) of a group,
    or (`group_control` empty, `interchange_control` given: TA1, CONTRL) of an interchange.

    `status` is X12's: A accepted, E accepted with errors, P partly accepted, R and others refused. `faults`:
    what is wrong, located, in words.
    """

    partner: str
    group_control: str
    set_control: str = ""
    interchange_control: str = ""
    status: str
    faults: tuple[str, ...] = ()


class Unit(Struct, frozen=True, kw_only=True):
    """The smallest part of a message that is taken or refused whole: a transaction set, an event.

    No documents and only warnings: read and of no interest here (an acknowledgement of ours, say).
    No documents and an error: could not be used.
    """

    documents: tuple[Translated, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: bool = False
    """Left out knowingly: a mapping says that such rows are of no interest."""
    functional: tuple[FunctionalWord, ...] | UnsetType = UNSET
    """What a functional acknowledgement (997) says of what we sent."""


class Reply(Struct, frozen=True, kw_only=True):
    """A document to send back (a 997)."""

    body: bytes
    content_type: str
    name: str = ""


class Translator(Protocol):
    """Verbatim message to canonical documents, with what is wrong. Pure: no database, clock or network."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        """The units in the order they stand in the message. Bad input becomes problems, no exception."""

    def replies(self, message: VerbatimMessage) -> list[Reply]:
        """What the sender is owed in answer (functional acknowledgements), possibly nothing."""


class OutgoingEnvelope(Struct, frozen=True, kw_only=True):
    """The envelope of a document that leaves: who to whom, under which numbers, written how.

    `version` is the guide ("004010", "D:96A:UN:EAN008"). Control numbers are ours and belong to the
    document for good: written again it is the same bytes.
    """

    syntax: Literal["x12", "edifact"]
    version: str
    sender: str
    receiver: str
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""
    group_receiver: str = ""
    interchange_control: int
    group_control: int
    set_control: int = 1
    moment: datetime
    usage: Literal["production", "test"] = "production"
    acknowledgement_requested: bool = False
    separators: Separators = Separators()
    codes: Mapping[str, Mapping[str, str]] = {}
    """As in ReadingProfile, the other way round: by the standard's code, what the partner wants to read."""


class Writer(Protocol):
    """Writes canonical documents as a syntax has them. `settings.WRITERS` names one a syntax. Pure."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """Which documents it writes: the canonical type, and the set or message it becomes."""

    def write(self, *, documents: tuple[AnyDocument, ...], envelope: OutgoingEnvelope) -> bytes:
        """One interchange of documents of one kind. InputError, located, for what cannot be written."""


class ExplainedElement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An element of a segment: "ACK01", what it is called, its value, and in words what a code means."""

    label: str
    name: str = ""
    value: str = ""
    meaning: str = ""


class ExplainedSegment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a message as it came, beside what it means in words.

    `number` counts from 1 as problems do; `depth` nests it under its envelope. `emphasis`: it decides
    something about an order; `deciding` are the [start, end) spans of `raw` that do. `faint`: envelope.
    """

    number: int
    raw: str
    meaning: str
    emphasis: bool = False
    depth: int = 0
    deciding: tuple[tuple[int, int], ...] = ()
    faint: bool = False
    elements: tuple[ExplainedElement, ...] = ()


class Reader(Protocol):
    """Reads a message aloud for people. `settings.READERS` names one a content type by dotted string."""

    def explain(self, message: VerbatimMessage) -> list[ExplainedSegment]:
        """The parts in their order; what cannot be explained is shown as it came, never an exception."""


class EditablePiece(Struct, frozen=True, kw_only=True):
    """A part of a message that can be put right by itself: a segment, a line. `start` and `end` in bytes."""

    number: int
    start: int
    end: int
    text: str


class EditableBody(Struct, frozen=True, kw_only=True):
    """A message cut into pieces. `element`: what separates the elements of a piece; empty where it has none.

    `release` frees the character behind it. Texts are of `charset`, so that what is not touched stays the
    same bytes.
    """

    pieces: tuple[EditablePiece, ...]
    charset: Literal["utf-8", "latin-1"] = "utf-8"
    element: str = ""
    release: str = ""
    segment: str = ""


class Editor(Protocol):
    """Cuts a message into pieces for people to put right. `settings.EDITORS` names one a content type."""

    def cut(self, body: bytes) -> EditableBody:
        """The pieces in their order; a file whose syntax cannot be told is cut into lines."""


class HistoryPart(Struct, frozen=True, kw_only=True):
    """Some rows of a history's file, verbatim, with what is needed to read them by themselves.

    `taken` is how many bytes of the file were read so far. Rows and lines count from 1.
    """

    number: int
    first_row: int
    first_line: int
    rows: int
    body: bytes
    taken: int


class Unusable(Struct, frozen=True, kw_only=True):
    """A row that could not be used: its place in its part from 0, its line, why, and in which column."""

    row: int
    line: int
    text: str
    column: str = ""


class HistoryPlan(Protocol):
    """A mapping, read and found right for a file."""

    @property
    def name(self) -> str:
        """Scopes the identities of the rows, whatever the file is called."""

    @property
    def fingerprint(self) -> str:
        """Of what the mapping says, whatever its comments and spacing."""

    @property
    def content_type(self) -> str:
        """Of the parts as messages."""

    @property
    def suffix(self) -> str:
        """Of a file of unusable rows: ".csv"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What looks odd, though it may be meant."""

    def parts(self) -> Iterator[HistoryPart]:
        """The file in parts, the same on every run. InputError, located, where it cannot be read on."""

    def units_of(self, part: HistoryPart, *, as_of: date) -> Iterator[Unit]:
        """What the rows of a part would become, one unit a row."""

    def keep_unusable(self, path: Path) -> AbstractContextManager[Any]:
        """Opens a file for unusable rows; what it gives has `write(body, rows)` for those of each part."""


class HistoryReader(Protocol):
    """Reads histories by mapping files. `settings.HISTORY_READER` names it by dotted string."""

    def plan(self, *, path: Path, mapping: str, mapping_name: str) -> HistoryPlan:
        """The mapping made ready for the file. InputError, located, where either is wrong."""
