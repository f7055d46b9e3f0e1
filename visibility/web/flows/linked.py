"""How an order hangs together with others, which documents people put into it, and what else it is called."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from visibility.flows.related import Related
from visibility.flows.selectors import FlowRow
from visibility.ledger.uncorrelated import LinkedDocument
from visibility.web import words
from visibility.web.drawings import status
from visibility.web.drawings.status import Status
from visibility.web.flows.timeline import Day, Effect
from visibility.web.uncorrelated import told


@dataclass(frozen=True)
class RelatedRow:
    """Another order: how it hangs together with this one, and where it is."""

    words: str
    number: str
    order: FlowRow | None
    status: Status | None
    company: str


@dataclass(frozen=True)
class LinkedRow:
    """A document that a person put into the order, or took out of it."""

    message_id: UUID
    place: int
    sentence: str
    linked: bool
    said: str


def related_rows(found: Iterable[Related]) -> list[RelatedRow]:
    """The related orders in words."""
    return [
        RelatedRow(
            words=_relation(each),
            number=each.number,
            order=each.order,
            status=status.of_flow(each.order.state) if each.order else None,
            company=each.company,
        )
        for each in found
    ]


def _relation(related: Related) -> str:
    """Read from this order: "ships customer order", "replaced by"."""
    here, there = {
        "counterpart": (_("counterpart"), _("counterpart")),
        "customer": (_("ships customer order"), _("shipped by")),
        "replaces": (_("replaces"), _("replaced by")),
        "blanket": (_("drawn on blanket order"), _("drawn on by")),
        "recommendation": (_("caused by recommendation"), _("caused")),
    }.get(related.relation, (related.relation, related.relation))
    return here if related.points else there


def linked_rows(documents: Iterable[LinkedDocument]) -> list[LinkedRow]:
    """Who put which document into the order, or took it out, when and why."""
    return [
        LinkedRow(
            message_id=each.entry.message_id,
            place=each.entry.ordinal,
            sentence=told.describe(each.entry.document),
            linked=each.said.linked,
            said=_said(each),
        )
        for each in documents
    ]


def _said(document: LinkedDocument) -> str:
    phrase = _("linked by %(who)s on %(when)s: %(why)s")
    if not document.said.linked:
        phrase = _("taken out by %(who)s on %(when)s: %(why)s")
    when: dt.datetime = document.said.issued_at or document.word.recorded_at
    return phrase % {
        "who": document.said.who or _("somebody"),
        "when": words.moment(when),
        "why": document.said.note,
    }


def mark_linked(days: Sequence[Day], rows: Iterable[LinkedRow]) -> None:
    """Say in the timeline of each document that a person linked that one did."""
    said: dict[UUID, list[str]] = {}
    for row in rows:
        if row.linked:
            said.setdefault(row.message_id, []).append(row.said)
    for day in days:
        for happening in day.happenings:
            if happening.message_id in said:
                happening.effects[:0] = [Effect(text) for text in said.pop(happening.message_id)]


def name_of(row: FlowRow, given: Sequence[str]) -> str:
    """What an order is called: its number, else the ID that a trusted system gave it."""
    return row.number or next(iter(given), "")


def other_names(row: FlowRow, given: Sequence[str], aliases: Sequence[UUID]) -> list[str]:
    """What else it is found by: IDs that systems gave it, and correlation IDs that it had before."""
    return [*(name for name in given if name != name_of(row, given)), *(str(name) for name in aliases)]
