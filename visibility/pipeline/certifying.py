"""A partner's test files, read as its messages would be, without any of it entering the ledger."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from visibility.canonical.documents import (
    AnyDocument,
    Item,
    LineChange,
    OrderChanged,
    OrderLine,
    OrderPlaced,
    OrderRef,
    Party,
    Schedule,
)
from visibility.core import clock
from visibility.core.errors import InputError
from visibility.flows.sentences import summarise
from visibility.inbox.ports import Problem, Reply, Unit, VerbatimMessage
from visibility.inbox.profiles import reading_profile
from visibility.masterdata.models import CertificationFile, PartnerProfile
from visibility.masterdata.profiles import Agreed
from visibility.pipeline.translators import translator_for
from visibility.sync.writing import envelope_of, kind_of, parties_of, writer_of

MOST_SETS = 200
"""Of a file that are looked at; a test file has a handful."""
MOST_SENTENCES = 20
_X12_SET = re.compile(rb"(^|[^A-Za-z0-9 ])ST([^A-Za-z0-9\s])(\d{3})\2([A-Za-z0-9]{1,9})")
_EDIFACT_MESSAGE = re.compile(rb"UNH([^A-Za-z0-9\s])([\w.-]{1,14})\1([A-Z]{6})")
_SCOPE = re.compile(r"(ST|UNH) \S+")
_UNB = re.compile(rb"UNB([^A-Za-z0-9\s])([A-Z]{4}.\w+)\1([^+'\r\n]{1,60}?)\1")


@dataclass(frozen=True)
class ReadSet:
    """A set of a file: what it says, in sentences, and what is wrong with it, with its place."""

    kind: str
    scope: str
    sentences: tuple[str, ...]
    documents: int
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether it would have been used."""
        return not any(each.severity == "error" for each in self.problems)


@dataclass(frozen=True)
class ReadFile:
    """A file: its sets, what is wrong outside of them, and what we would answer."""

    id: int
    name: str
    kept_by: str
    kept_at: dt.datetime
    size: int
    sets: tuple[ReadSet, ...]
    problems: tuple[Problem, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Sample:
    """A document as the partner would get it, or why it cannot be written."""

    kind: str
    text: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class _Names:
    """The partner is told by its name; places as the documents call them."""

    supplier: str
    ship_to: str = ""


def read_files(*, agreed: Agreed, files: Iterable[CertificationFile]) -> list[ReadFile]:
    """Read test files with what is agreed now; nothing is recorded."""
    return [read_file(agreed=agreed, file=file) for file in files]


def read_file(*, agreed: Agreed, file: CertificationFile) -> ReadFile:
    """Read one test file."""
    body = bytes(file.body)
    reading = reading_profile(agreed)
    message = VerbatimMessage(
        body=body,
        content_type=file.content_type,
        issuer=agreed.profile.our_envelope_id,
        received_at=file.kept_at,
        profiles=dict.fromkeys(agreed.envelope_ids, reading),
    )
    translator = translator_for(file.content_type)
    sets, problems = _told(body, translator.translate(message), _Names(agreed.profile.partner.name))
    strange = tuple(_strange_senders(agreed, body))
    return ReadFile(
        id=file.pk,
        name=file.name,
        kept_by=file.kept_by,
        kept_at=file.kept_at,
        size=file.size,
        sets=sets,
        problems=(*strange, *problems),
        replies=tuple(translator.replies(message)),
    )


def _told(
    body: bytes, units: Iterable[Unit], names: _Names
) -> tuple[tuple[ReadSet, ...], tuple[Problem, ...]]:
    """The sets with what their units say; problems of the envelopes apart."""
    waiting = list(_kinds_in(body))
    sets: list[ReadSet] = []
    elsewhere: list[Problem] = []
    for unit in units:
        scope = _scope_of(unit)
        named = next((each for each in waiting if each[0] == scope), None)
        if named is not None:
            waiting.remove(named)
        elif not unit.documents:
            elsewhere += unit.problems
            continue
        if len(sets) < MOST_SETS:
            sets.append(_read_set(unit, scope, named[1] if named else "", names))
    return tuple(sets), tuple(elsewhere)


def _read_set(unit: Unit, scope: str, kind: str, names: _Names) -> ReadSet:
    first = unit.documents[0] if unit.documents else None
    own = str(type(first.document).__struct_config__.tag) if first else ""
    return ReadSet(
        kind=kind or own,
        scope=scope or (first.event_id if first else ""),
        sentences=tuple(_sentence(each.document, names) for each in unit.documents[:MOST_SENTENCES]),
        documents=len(unit.documents),
        problems=unit.problems,
    )


def _sentence(document: AnyDocument, names: _Names) -> str:
    number = document.order.number if document.order else ""
    text = summarise(document=document, names=names)
    return f"{number}: {text}" if number and number not in text else text


def _scope_of(unit: Unit) -> str:
    """ "ST 0001", "UNH 17": the set a unit is of; empty for envelopes and events."""
    wheres = [each.where for each in unit.documents] + [each.where for each in unit.problems]
    found = (_SCOPE.match(where) for where in wheres)
    return next((match.group() for match in found if match), "")


def _kinds_in(body: bytes) -> Iterator[tuple[str, str]]:
    """Scope and kind of every set, in their order. An element ST of another segment begins none."""
    for match in _X12_SET.finditer(body):
        if match.group(1) != match.group(2):
            yield f"ST {match.group(4).decode()}", match.group(3).decode()
    for match in _EDIFACT_MESSAGE.finditer(body):
        yield f"UNH {match.group(2).decode()}", match.group(3).decode()


def _strange_senders(agreed: Agreed, body: bytes) -> Iterator[Problem]:
    """Envelopes from somebody the profile does not know: what is agreed would not count for them."""
    if agreed.profile.syntax not in PartnerProfile.WRITTEN:
        return
    for sender in dict.fromkeys(_senders(body)):
        if sender.upper() not in agreed.envelope_ids:
            known = ", ".join(agreed.envelope_ids)
            text = (
                f"the envelope comes from {sender}, which is no identifier of this partner ({known}); "
                "correct the profile, or have it sent under the agreed one"
            )
            yield Problem(code="unknown_sender", text=text, severity="error")


def _senders(body: bytes) -> Iterator[str]:
    """Who interchanges say they come from: "ZZ:ACMEIND"."""
    for match in re.finditer(rb"ISA(?=[^A-Za-z0-9\s])", body):
        isa = body[match.start() : match.start() + 106].decode("latin-1")
        elements = isa.split(isa[3:4])
        if len(elements) > 7:
            yield f"{elements[5].strip()}:{elements[6].strip()}"
    for match in _UNB.finditer(body):
        sender, _, qualifier = match.group(3).decode("latin-1").partition(":")
        yield f"{qualifier.partition(':')[0]}:{sender}"


def samples_of(*, agreed: Agreed) -> list[Sample]:
    """An order and a change of it as the partner would get them; no control number is taken for them."""
    profile = agreed.profile
    writer = writer_of(profile.syntax)
    if writer is None:
        return []
    found = []
    for document in _sample_documents(profile):
        kind = kind_of(writer, document)
        if not kind:
            continue
        envelope = envelope_of(profile=profile, numbers=_next_numbers(agreed), moment=clock.now())
        try:
            body = writer.write(documents=(document,), envelope=envelope)
            found.append(Sample(kind=kind, text=as_text(body)))
        except InputError as error:
            found.append(Sample(kind=kind, wrong=error.text))
    return found


def _next_numbers(agreed: Agreed) -> tuple[int, int, int]:
    following: Mapping[str, int] = {each.kind: each.following for each in agreed.ranges}
    return following.get("interchange", 1), following.get("group", 1), following.get("set", 1)


def _sample_documents(profile: PartnerProfile) -> Sequence[AnyDocument]:
    parties = parties_of(profile)
    now = clock.now().replace(microsecond=0)
    day = now.date() + dt.timedelta(days=14)
    order = OrderRef(number="SAMPLE-1", issuer=profile.our_envelope_id)
    item = Item(buyer="SKU-1", vendor="V-1", description="Sample item")
    dock = Party(ids=("92:DOCK1",), name="Sample dock")
    placed = OrderPlaced(
        order=order,
        issued_at=now,
        ordered_on=now.date(),
        buyer=parties.buyer,
        supplier=parties.supplier,
        ship_to=dock,
        currency="USD",
        lines=(
            OrderLine(
                line="1",
                item=item,
                quantity=Decimal(100),
                unit="CA",
                price=Decimal("12.50"),
                requests=(Schedule(date=day, basis="dock"),),
            ),
        ),
    )
    changed = OrderChanged(
        order=order,
        issued_at=now,
        buyer=parties.buyer,
        supplier=parties.supplier,
        ship_to=dock,
        lines=(LineChange(op="change", line="1", item=item, quantity=Decimal(60), unit="CA"),),
    )
    return placed, changed


def as_text(body: bytes) -> str:
    """A document for people to look at: one segment a line where it has no lines of its own."""
    text = body.decode("utf-8", errors="backslashreplace")
    if "\n" in text:
        return text
    if text.startswith("ISA") and len(text) > 105:
        return text.replace(text[105], f"{text[105]}\n")
    return text.replace("'", "'\n")
