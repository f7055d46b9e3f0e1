"""What is worked on together: units of claimed messages, and what became of each."""

import datetime as dt
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import msgspec

from visibility.canonical.documents import DOCUMENT_TYPES, AnyDocument
from visibility.canonical.events import identity_of
from visibility.canonical.keys import Keys, keys_of
from visibility.core import identifiers
from visibility.flows.state import Fact, Witness
from visibility.inbox.models import Connection
from visibility.inbox.ports import Problem, Translated, Unit
from visibility.inbox.work import Claim
from visibility.ledger.append import NewEntry

_json = msgspec.json.Encoder()

# Reasons that a person or a later mapping can mend without the sender: the unit waits, it is not refused.
SAME_DAY = dt.timedelta(hours=36)
_OWN_MOMENTS = ("as_of", "received_at", "shipped_at", "occurred_at", "released_at", "counted_at")
_MOMENTS = {
    kind: tuple(name for name in _OWN_MOMENTS if name in kind.__struct_fields__)
    for kind in DOCUMENT_TYPES.values()
}
"""Which fields of a kind of document say when what it tells of happened, the best first."""
HOLD_CODES = frozenset(
    {
        "unsupported_set",
        "unsupported_event_type",
        "unknown_partner",
        "unknown_item",
        "unknown_place",
    }
)


@dataclass(slots=True, eq=False)
class PreparedEntry:
    """One document on its way into the ledger."""

    claim: Claim
    company_id: int
    connection: Connection
    index: int
    ordinal: int
    translated: Translated
    keys: Keys
    fact: Fact
    document_json: str

    @classmethod
    def of(
        cls, *, claim: Claim, connection: Connection, index: int, number: int, translated: Translated
    ) -> "PreparedEntry":
        document = translated.document
        encoded = _json.encode(document)
        explicit = bool(translated.event_id)
        fact = Fact(
            id=identity_of(
                company_id=claim.company_id, source=translated.source, event_id=translated.event_id
            )
            if explicit
            else identifiers.digest(encoded),
            document=document,
            envelope_at=translated.envelope_at,
            control=translated.control,
            witness=_witness(connection),
            message=claim.message_id,
            translation=claim.translation,
            explicit_id=explicit,
            system=connection.system.code if connection.system else "",
            said=encoded,
        )
        return cls(
            claim=claim,
            company_id=claim.company_id,
            connection=connection,
            index=index,
            ordinal=index * 1000 + number,
            translated=translated,
            keys=keys_of(document, default_issuer=connection.issuer),
            fact=fact,
            document_json=encoded.decode(),
        )

    def as_new(self) -> NewEntry:
        fact = self.fact
        return NewEntry(
            self.company_id,
            document_type(fact.document),
            occurred_at(self.translated),
            self.connection.pk,
            fact.witness,
            fact.system,
            fact.message,
            fact.translation,
            self.ordinal,
            fact.id,
            fact.explicit_id,
            fact.envelope_at,
            fact.control,
            self.document_json,
        )


def _witness(connection: Connection) -> Witness:
    return cast(Witness, connection.witness)


def document_type(document: AnyDocument) -> str:
    """The entry type: the canonical document's tag."""
    return str(document.__struct_config__.tag)


def occurred_at(translated: Translated) -> dt.datetime | None:
    """When it happened in the world, as far as the document says: its own moment, else its envelope's."""
    document = translated.document
    for name in _MOMENTS[type(document)]:
        moment = getattr(document, name)
        if moment is not None:
            return moment  # type: ignore[no-any-return]  # a Moment of the canonical documents
    issued = document.issued_at or translated.occurred_at
    envelope = translated.envelope_at
    if issued is None or envelope is None:
        return issued or envelope
    # Most documents say their date only; the envelope that left the same day knows the hour.
    only_date = issued.timetz().replace(tzinfo=None) == dt.time(0)
    return envelope if only_date and issued <= envelope < issued + SAME_DAY else issued


@dataclass(slots=True, eq=False)
class UnitWork:
    """One unit of one message, and what became of it."""

    claim: Claim
    connection: Connection
    index: int
    unit: Unit
    entries: list[PreparedEntry]
    problems: list[Problem] = field(default_factory=list)
    repeats: int = 0

    @property
    def weighs(self) -> bool:
        """Whether it says anything of the message's status: a mere warning between the sets does not."""
        return bool(self.unit.documents) or any(p.severity == "error" for p in self.problems)

    @property
    def status(self) -> str:
        errors = [p for p in self.problems if p.severity == "error"]
        if self.entries or self.repeats or not errors:
            return "processed"
        return "held" if any(p.code in HOLD_CODES for p in errors) else "rejected"


@dataclass
class Chunk:
    """Units that commit together, and the messages of which this was the last."""

    claims: list[Claim]
    units: list[UnitWork] = field(default_factory=list)
    finished: set[UUID] = field(default_factory=set)
    _by_place: dict[tuple[UUID, int], UnitWork] = field(default_factory=dict)

    def fresh(self) -> "Chunk":
        """The same units, with nothing done to them yet: for another try."""
        units = [
            prepare_unit(claim=w.claim, connection=w.connection, index=w.index, unit=w.unit)
            for w in self.units
        ]
        return Chunk(claims=list(self.claims), units=units, finished=set(self.finished))

    def entries(self) -> list[PreparedEntry]:
        """The documents that are still to be recorded."""
        return [entry for work in self.units for entry in work.entries]

    def leave_out(self, entry: PreparedEntry) -> UnitWork:
        """Take an entry out of the chunk; the unit it came from."""
        work = self._unit_of(entry)
        work.entries.remove(entry)
        return work

    def _unit_of(self, entry: PreparedEntry) -> UnitWork:
        if not self._by_place:
            self._by_place = {(w.claim.message_id, w.index): w for w in self.units}
        return self._by_place[entry.claim.message_id, entry.index]

    def refuse(self, entry: PreparedEntry, *, code: str, text: str) -> None:
        """Leave an entry out with a reason."""
        self.leave_out(entry).problems.append(Problem(code=code, text=text, where=entry.translated.where))

    def warn(self, entry: PreparedEntry, *, code: str, text: str) -> None:
        """Keep an entry, and say what is odd about it."""
        self._unit_of(entry).problems.append(
            Problem(code=code, text=text, where=entry.translated.where, severity="warning")
        )


def prepare_unit(*, claim: Claim, connection: Connection, index: int, unit: Unit) -> UnitWork:
    """A unit ready for a chunk. Ordinals number the documents of a message through."""
    return UnitWork(
        claim=claim,
        connection=connection,
        index=index,
        unit=unit,
        entries=[
            PreparedEntry.of(
                claim=claim, connection=connection, index=index, number=number, translated=translated
            )
            for number, translated in enumerate(unit.documents)
        ],
        problems=list(unit.problems),
    )
