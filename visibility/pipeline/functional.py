"""What we sent by EDI and what the partner's system says of it: kept with the chunk that tells of either.

An order that passes here as we sent it is noted where its connection expects a 997 for it; a 997 is noted
under the numbers it names. Whichever comes first, both stand on one row.
"""

import datetime as dt
from collections.abc import Iterator

import psycopg
from psycopg.types.json import Jsonb

from visibility.canonical.documents import OrderChanged, OrderPlaced
from visibility.core import clock
from visibility.inbox.ports import FunctionalWord
from visibility.pipeline.chunk import Chunk, PreparedEntry

Sent = tuple[int, str, str, str, int, object, dt.datetime, str, str]
Said = tuple[int, str, str, str, int, object, dt.datetime, str, object]


def note_functional(*, cursor: psycopg.Cursor, chunk: Chunk) -> None:
    """Note the sets of this chunk that want a 997, and the 997s in it. Nothing to do for most."""
    _note_interchanges(cursor, chunk)
    sent = {row[:4]: row for entry in chunk.entries() for row in _sent(entry)}
    said = {row[:4]: row for row in _said(chunk)}
    if sent:
        rows = [list(column) for column in zip(*(sent[key] for key in sorted(sent)), strict=True)]
        cursor.execute(
            "INSERT INTO inbox_functionalreceipt AS r (company_id, partner, group_control, set_control, "
            "  connection_id, sent_message_id, sent_at, order_number, interchange_control, status, faults) "
            "SELECT *, '', '[]'::jsonb FROM unnest(%b::int8[], %b::text[], %b::text[], %b::text[], "
            "  %b::int8[], %b::uuid[], %b::timestamptz[], %b::text[], %b::text[]) "
            "ON CONFLICT (company_id, partner, group_control, set_control) DO UPDATE SET "
            "  connection_id = EXCLUDED.connection_id, sent_message_id = EXCLUDED.sent_message_id, "
            "  sent_at = EXCLUDED.sent_at, order_number = EXCLUDED.order_number, "
            "  interchange_control = EXCLUDED.interchange_control, "
            # Numbers are used again: an answer to what was sent under them before says nothing of this.
            "  status = CASE WHEN r.sent_message_id <> EXCLUDED.sent_message_id THEN '' ELSE r.status END, "
            "  faults = CASE WHEN r.sent_message_id <> EXCLUDED.sent_message_id THEN '[]' ELSE r.faults END",
            rows,
        )
    if said:
        rows = [list(column) for column in zip(*(said[key] for key in sorted(said)), strict=True)]
        cursor.execute(
            "INSERT INTO inbox_functionalreceipt (company_id, partner, group_control, set_control, "
            "  connection_id, answer_message_id, answered_at, status, faults, order_number) "
            "SELECT *, '' FROM unnest(%b::int8[], %b::text[], %b::text[], %b::text[], %b::int8[], "
            "  %b::uuid[], %b::timestamptz[], %b::text[], %b::jsonb[]) "
            "ON CONFLICT (company_id, partner, group_control, set_control) DO UPDATE SET "
            "  answer_message_id = EXCLUDED.answer_message_id, answered_at = EXCLUDED.answered_at, "
            "  status = EXCLUDED.status, faults = EXCLUDED.faults",
            rows,
        )


def _sent(entry: PreparedEntry) -> Iterator[Sent]:
    """The set of an order as we sent it, and its group: a word about the group is one about the set."""
    document = entry.translated.document
    if not entry.connection.expects_997 or not isinstance(document, OrderPlaced | OrderChanged):
        return
    numbers = entry.translated.control.split("/")
    if len(numbers) != 3 or not document.supplier.ids:
        return
    for control in (bare(numbers[2]), ""):
        yield (
            entry.company_id,
            document.supplier.ids[0],
            bare(numbers[1]),
            control,
            entry.connection.pk,
            entry.claim.message_id,
            entry.translated.envelope_at or clock.now(),
            document.order.number if document.order and control else "",
            bare(numbers[0]),
        )


def _note_interchanges(cursor: psycopg.Cursor, chunk: Chunk) -> None:
    """What TA1 and CONTRL say of whole interchanges; of several words about one the last."""
    said = {
        (work.claim.company_id, word.partner, bare(word.interchange_control)): (
            work.claim.message_id,
            clock.now(),
            word.status,
            Jsonb(list(word.faults)),
        )
        for work in chunk.units
        for word in work.unit.functional or ()
        if _is_of_interchange(word)
    }
    if not said:
        return
    rows = [list(column) for column in zip(*((*key, *said[key]) for key in sorted(said)), strict=True)]
    cursor.execute(
        "INSERT INTO inbox_interchangereceipt (company_id, partner, interchange_control, "
        "  answer_message_id, answered_at, status, faults) "
        "SELECT * FROM unnest(%b::int8[], %b::text[], %b::text[], %b::uuid[], %b::timestamptz[], "
        "  %b::text[], %b::jsonb[]) "
        "ON CONFLICT (company_id, partner, interchange_control) DO UPDATE SET "
        "  answer_message_id = EXCLUDED.answer_message_id, answered_at = EXCLUDED.answered_at, "
        "  status = EXCLUDED.status, faults = EXCLUDED.faults",
        rows,
    )


def _is_of_interchange(word: FunctionalWord) -> bool:
    return bool(word.interchange_control) and not word.group_control and not word.set_control


def _said(chunk: Chunk) -> Iterator[Said]:
    """Words about groups and sets. CONTRL knows a message by its interchange, where no group is named."""
    for work in chunk.units:
        for word in work.unit.functional or ():
            if _is_of_interchange(word):
                continue
            yield (
                work.claim.company_id,
                word.partner,
                bare(word.group_control or word.interchange_control),
                bare(word.set_control),
                work.connection.pk,
                work.claim.message_id,
                clock.now(),
                word.status,
                Jsonb(list(word.faults)),
            )


def bare(control: str) -> str:
    """A control number as it is compared: senders pad it as they like."""
    return control.strip().lstrip("0") or control.strip()[-1:]
