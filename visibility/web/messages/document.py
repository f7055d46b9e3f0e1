"""A message as a page shows it: each segment beside its meaning, findings at their segment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from visibility.inbox.ports import ExplainedElement, ExplainedSegment, Problem, Reader, VerbatimMessage
from visibility.inbox.selectors import MessageDetail, MessageRow
from visibility.web import words
from visibility.web.drawings.status import Status

X12 = "application/edi-x12"
EDIFACT = "application/edifact"
X12_CODES = {
    "order.placed": "850",
    "order.changed": "860",
    "order.acknowledged": "855",
    "shipment.notified": "856",
    "transport.status": "214",
    "goods.received": "944",
    "invoice.received": "810",
    "payment.status": "820",
    "schedule.published": "830",
    "catalogue.published": "832",
    "stock.reported": "846",
    "sales.reported": "852",
    "transport.tendered": "204",
    "transport.tender_answered": "990",
    "warehouse.shipping_ordered": "940",
    "freight.billed": "210",
    "document.advised": "824",
}
SEGMENTS_SHOWN = 400
FAULTS_TOLD = 20
TEXT_SHOWN = 60_000
_SEGMENT = re.compile(r"segment (\d+)")
_SCOPE = re.compile(r"^(ST|GS|ISA|UNH|UNG|UNB) (\S+),")


@dataclass(frozen=True)
class Part:
    """A piece of a segment; the deciding ones are underlined."""

    text: str
    deciding: bool


@dataclass(frozen=True)
class Remark:
    """A problem where it was found."""

    status: Status
    text: str


@dataclass(frozen=True)
class Segment:
    """A row: the raw text in parts, its meaning, what is wrong with it."""

    number: int
    parts: tuple[Part, ...]
    meaning: str
    depth: int
    css: str
    problems: tuple[Remark, ...]
    elements: tuple[ExplainedElement, ...] = ()


@dataclass(frozen=True)
class Document:
    """All that the message page and the drawer show."""

    row: MessageRow
    title: str
    origin: str
    segments: tuple[Segment, ...]
    first: int
    """Number of the first segment shown."""
    more_segments: int
    following: int
    """Where the next part begins; 0: there is none."""
    faulty: tuple[int, ...]
    """Numbers of faulty segments that are not shown."""
    text: str
    problems: tuple[Problem, ...]
    """Those that name no segment shown here."""


def read(detail: MessageDetail, *, first: int = 1) -> Document:
    """Explain a message by its content type's reader, from segment `first` on; without one, show text."""
    explained = _explain(detail)
    at, elsewhere = _place(detail.problems, explained)
    start = first - 1 if 0 < first <= len(explained) else 0
    end = start + SEGMENTS_SHOWN
    segments = tuple(
        _segment(each, at.get(index, ())) for index, each in enumerate(explained[start:end], start)
    )
    unseen = [explained[index].number for index in sorted(at) if not start <= index < end]
    return Document(
        row=detail.row,
        title=_title_of_all(detail.row, explained),
        origin=_origin(detail),
        segments=segments,
        first=start + 1,
        more_segments=max(len(explained) - end, 0),
        following=end + 1 if end < len(explained) else 0,
        faulty=tuple(unseen[:FAULTS_TOLD]),
        text="" if segments else _laid_out(detail),
        problems=tuple(elsewhere),
    )


def title_of(row: MessageRow) -> str:
    """855 Purchase order acknowledgement; the file's name or content type where the kind is not known."""
    named = [_title(kind, x12=row.content_type == X12) for kind in row.document_types[:3]]
    if row.direction == "out" and row.content_type == X12:
        named.append(f"997 {_('Functional acknowledgement')}")
    return ", ".join(named) or row.name or _content(row.content_type)


def _content(content_type: str) -> str:
    if content_type in (X12, EDIFACT):
        return _("X12 message") if content_type == X12 else _("EDIFACT message")
    return _("Event") if content_type.startswith("application/cloudevents") else content_type


def _title_of_all(row: MessageRow, explained: Sequence[ExplainedSegment]) -> str:
    """The title; of a message that was not used, by what its segments say it is."""
    if row.document_types or row.direction == "out":
        return title_of(row)
    sets = dict.fromkeys(
        each.meaning.partition(",")[0] for each in explained if each.raw.startswith("ST") and not each.faint
    )
    return ", ".join(list(sets)[:3]) or title_of(row)


def _title(kind: str, *, x12: bool) -> str:
    code = X12_CODES.get(kind, "")
    return f"{code if x12 else ''} {document_name(kind)}".strip()


def document_name(kind: str) -> str:
    """What a document is called in operations."""
    return {
        "order.placed": _("Purchase order"),
        "order.opening_balance": _("Opening balance"),
        "order.released": _("Release of an order"),
        "order.changed": _("Purchase order change"),
        "order.acknowledged": _("Purchase order acknowledgement"),
        "shipment.notified": _("Ship notice"),
        "transport.status": _("Transport status"),
        "goods.received": _("Receipt"),
        "invoice.received": _("Invoice"),
        "order.line_closed": _("Short-close of lines"),
        "order.line_blocked": _("Block of lines"),
        "service.accepted": _("Acceptance of work"),
        "invoice.issued": _("Bill as its sender dated it"),
        "payment.status": _("Payment of an invoice"),
        "requisition.status": _("Step of a requisition"),
        "schedule.published": _("Schedule"),
        "catalogue.published": _("Price list"),
        "stock.reported": _("Stock report"),
        "sales.reported": _("Sales report"),
        "transport.tendered": _("Load tender"),
        "transport.tender_answered": _("Answer to a load tender"),
        "warehouse.shipping_ordered": _("Warehouse shipping order"),
        "freight.billed": _("Freight bill"),
        "document.advised": _("Application advice"),
        "document.filed": _("Filed document"),
        "entry.linked": _("Link by a person"),
        "decision.taken": _("Decision"),
        "command.outcome": _("Outcome of a command"),
    }.get(kind, kind)


def _origin(detail: MessageDetail) -> str:
    row = detail.row
    values = {
        "connection": row.connection,
        "at": words.full_moment(row.received_at),
        "size": words.size(row.size),
    }
    if row.direction == "out":
        return _("Made for %(connection)s on %(at)s, %(size)s.") % values
    said = _("From %(connection)s, received %(at)s, %(size)s kept verbatim.") % values
    if detail.replies:
        at = words.time(detail.replies[0].received_at)
        said += " " + _("Answered with a 997 at %(at)s.") % {"at": at}
    return said


def _explain(detail: MessageDetail) -> list[ExplainedSegment]:
    dotted = settings.READERS.get(detail.row.content_type)
    if dotted is None or not detail.body:
        return []
    reader: Reader = import_string(dotted)()
    return reader.explain(
        VerbatimMessage(
            body=detail.body, content_type=detail.row.content_type, received_at=detail.row.received_at
        )
    )


def _place(
    problems: Sequence[Problem], explained: Sequence[ExplainedSegment]
) -> tuple[dict[int, tuple[Problem, ...]], list[Problem]]:
    """Problems by the index of the segment they name. Segments are counted from the ST, GS or ISA named."""
    at: dict[int, tuple[Problem, ...]] = {}
    elsewhere: list[Problem] = []
    for problem in problems:
        index = _index(problem.where, explained)
        if index is None:
            elsewhere.append(problem)
        else:
            at[index] = (*at.get(index, ()), problem)
    return at, elsewhere


def _index(where: str, explained: Sequence[ExplainedSegment]) -> int | None:
    found = _SEGMENT.search(where)
    if found is None:
        return None
    start, number = 0, int(found.group(1))
    scope = _SCOPE.match(where)
    if scope is not None and scope.group(1) in ("ST", "UNH"):
        tag, control = scope.groups()
        starts = (i for i, s in enumerate(explained) if s.raw.startswith(tag) and control in s.raw)
        start = next(starts, 0)
    index = start + number - 1
    return index if 0 <= index < len(explained) else None


def _segment(explained: ExplainedSegment, problems: Sequence[Problem]) -> Segment:
    css = "decides" if explained.emphasis else "faint" if explained.faint else ""
    if any(problem.severity == "error" for problem in problems):
        css = "faulty"
    return Segment(
        number=explained.number,
        parts=_parts(explained),
        meaning=explained.meaning,
        depth=min(explained.depth, 4),
        css=css,
        problems=tuple(Remark(_status(problem), problem.text) for problem in problems),
        elements=explained.elements,
    )


def _parts(explained: ExplainedSegment) -> tuple[Part, ...]:
    parts, last = [], 0
    for start, end in explained.deciding:
        parts += [Part(explained.raw[last:start], False), Part(explained.raw[start:end], True)]
        last = end
    return tuple(part for part in (*parts, Part(explained.raw[last:], False)) if part.text)


def _status(problem: Problem) -> Status:
    if problem.severity == "error":
        return Status("bad", "diamond", _("Error"))
    return Status("warn", "triangle", _("Warning"))


def _laid_out(detail: MessageDetail) -> str:
    """JSON with its parts on lines of their own; anything else as it came."""
    if "json" in detail.row.content_type:
        try:
            return as_text(msgspec.json.format(detail.body, indent=2))
        except (msgspec.DecodeError, RecursionError):
            pass  # not JSON after all: what is wrong with it stands in the problems
    return as_text(detail.body)


def as_text(body: bytes) -> str:
    """The bytes as text, as far as a page shows it; what is no UTF-8 is escaped."""
    text = body[:TEXT_SHOWN].decode("utf-8", errors="backslashreplace")
    if len(body) > TEXT_SHOWN:
        text += "\n" + _("… and %(size)s more; download the message to see all.") % {
            "size": words.size(len(body) - TEXT_SHOWN)
        }
    return text
