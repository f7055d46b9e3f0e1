"""Events with an explicit id count once: the database's unique key decides, whoever tells them."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import msgspec
import psycopg

from visibility.canonical.events import events_of, says_the_same
from visibility.inbox.ports import Problem, Translated, Unit
from visibility.pipeline.chunk import Chunk, PreparedEntry


def told_once(*, units: Iterable[Unit], message_id: UUID) -> Iterator[Unit]:
    """The units of one message, without the events that it told in an earlier unit already.

    The database cannot tell these: the message has the id, because it told the event, or because it is
    being replayed. Whoever goes on in the middle of a message must read it from its beginning.
    """
    told: dict[tuple[str, str], Translated] = {}
    for unit in units:
        again = []
        for event in unit.documents:
            if event.event_id:
                first = told.setdefault((event.source, event.event_id), event)
                if first is not event:
                    same = _says_the_same(event, before=first.body_digest, former=first.body)
                    again.append((event, same))
        yield _without(unit, again, message_id) if again else unit


def _without(unit: Unit, again: list[tuple[Translated, bool]], message_id: UUID) -> Unit:
    left_out = [event for event, _ in again]
    return msgspec.structs.replace(
        unit,
        documents=tuple(e for e in unit.documents if not any(e is other for other in left_out)),
        problems=(
            *unit.problems,
            *(_conflict(event, before=str(message_id)) for event, same in again if not same),
        ),
    )


def leave_out_known(*, cursor: psycopg.Cursor, chunk: Chunk) -> None:
    """Claim the explicit ids of the chunk's events; leave out repeats, and conflicts with their reason.

    Of several tellings in the chunk the one counts whose message has the id already, though another stands
    before it: a message got the id when it was accepted, and a batch that tells the same event did not.
    """
    named: dict[UUID, list[PreparedEntry]] = {}
    for entry in chunk.entries():
        if entry.fact.explicit_id:
            named.setdefault(entry.fact.id, []).append(entry)
    if not named:
        return
    before = _claim(cursor, {key: entries[0] for key, entries in named.items()})
    for key, entries in named.items():
        if len(entries) == 1 and key not in before:
            continue
        first = entries[0]
        told = before.get(key) or Told(first.translated.body_digest, first.claim.message_id)
        owner = told.message_id
        counts = next((entry for entry in entries if entry.claim.message_id == owner), None)
        if told.body == first.translated.body_digest:
            told = told._replace(event=first.translated.body)
        for entry in entries:
            if entry is not counts:
                same = _says_the_same(entry.translated, before=told.body, former=told.event)
                _leave_out(chunk, entry, same=same, before=str(owner))


class Told(NamedTuple):
    """What was told under an identity before: the digest of it, by which message, and the event if read."""

    body: UUID | None
    message_id: UUID
    event: bytes | msgspec.Raw | None = None


def _says_the_same(event: Translated, *, before: UUID | None, former: bytes | msgspec.Raw | None) -> bool:
    if event.body_digest == before:
        return True
    if event.body is None or event.body_digest is None or before is None:
        return False
    return says_the_same(raw=event.body, digest=event.body_digest, before=before, event=former)


def _claim(cursor: psycopg.Cursor, named: dict[UUID, PreparedEntry]) -> dict[UUID, Told]:
    """Claim the keys, sorted; what was told under those that were there before."""
    keys = sorted(named, key=attrgetter("int"))  # as UUIDs compare, in a quarter of the time
    cursor.execute(
        "INSERT INTO inbox_identity (key, body, message_id) "
        "SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[]) ON CONFLICT DO NOTHING RETURNING key",
        [
            keys,
            [named[key].translated.body_digest for key in keys],
            [named[key].claim.message_id for key in keys],
        ],
    )
    if cursor.rowcount == len(keys):  # as ever, but for repeats: none of the rows needs to be read
        return {}
    mine = {row[0] for row in cursor.fetchall()}
    others = [key for key in keys if key not in mine]
    _lock_replayed(cursor, others, named)
    before = _read_told(cursor, others, named)
    wanted: dict[UUID, UUID] = {}
    for key, told in before.items():
        entry = named[key]
        if told.message_id != entry.claim.message_id and _says_the_same(
            entry.translated, before=told.body, former=told.event
        ):
            wanted[key] = entry.claim.message_id
    for key in _take_over(cursor, wanted):
        del before[key]
    return before


def _read_told(
    cursor: psycopg.Cursor, keys: list[UUID], named: dict[UUID, PreparedEntry]
) -> dict[UUID, Told]:
    """What was told under these keys, with the messages of those that other bytes tell now."""
    cursor.execute("SELECT key, body, message_id FROM inbox_identity WHERE key = ANY(%b)", [keys])
    told = {key: Told(body, message_id) for key, body, message_id in cursor.fetchall()}
    others = {t.message_id for key, t in told.items() if t.body != named[key].translated.body_digest}
    if not others:
        return told
    cursor.execute("SELECT id, body FROM inbox_message WHERE id = ANY(%b)", [list(others)], binary=True)
    events = {message_id: events_of(body) for message_id, body in cursor.fetchall()}
    for key, each in told.items():
        mine = named[key].translated
        event = events.get(each.message_id, {}).get((mine.source, mine.event_id))
        told[key] = each._replace(event=event)
    return told


def _lock_replayed(cursor: psycopg.Cursor, keys: list[UUID], named: dict[UUID, PreparedEntry]) -> None:
    """Lock the ids that messages read once more may record now: nobody must take them over meanwhile."""
    again = [key for key in keys if named[key].claim.translation > 1]
    if again:
        cursor.execute(
            "SELECT 1 FROM inbox_identity WHERE key = ANY(%b) ORDER BY key FOR NO KEY UPDATE", [again]
        )


UNUSED = (
    "SELECT i.key FROM inbox_identity i WHERE i.key = ANY(%b) "
    "AND NOT EXISTS (SELECT 1 FROM inbox_messagework w WHERE w.message_id = i.message_id) "
    "AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.message_id = i.message_id AND e.event_id = i.key) "
    "ORDER BY i.key"
)


def _take_over(cursor: psycopg.Cursor, wanted: dict[UUID, UUID]) -> list[UUID]:
    """Take ids (key -> message) from messages that are done and never recorded them; the keys taken.

    Such a message was held or given up. Whoever tells the event once more is not told that it counts
    already; the first finds it counted when it is read once more.
    """
    if not wanted:
        return []
    free = [row[0] for row in cursor.execute(UNUSED, [list(wanted)]).fetchall()]
    if not free:
        return []
    cursor.execute("SELECT 1 FROM inbox_identity WHERE key = ANY(%b) ORDER BY key FOR NO KEY UPDATE", [free])
    # Once more: who had the lock before may have recorded them.
    free = [row[0] for row in cursor.execute(UNUSED, [free]).fetchall()]
    cursor.execute(
        "UPDATE inbox_identity i SET message_id = n.message_id "
        "FROM unnest(%b::uuid[], %b::uuid[]) n(key, message_id) WHERE i.key = n.key",
        [free, [wanted[key] for key in free]],
    )
    return free


def _leave_out(chunk: Chunk, entry: PreparedEntry, *, same: bool, before: str) -> None:
    work = chunk.leave_out(entry)
    if same:
        work.repeats += 1
        return
    work.problems.append(_conflict(entry.translated, before=before))


def _conflict(event: Translated, *, before: str) -> Problem:
    return Problem(
        code="conflicting_duplicate",
        text=f"Event {event.event_id} was told before with another body (message {before}); "
        "send the change under a new id.",
        where=event.where,
    )
