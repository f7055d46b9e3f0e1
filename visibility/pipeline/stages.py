"""What happens to a message, in order. Read this first.

1. *accept*     the message is kept verbatim and its work is queued        (inbox.services, before this)
2. *translate*  into canonical documents, one per business fact            (a Translator, pure)
3. *identify*   events told before are left out, conflicts are told        (identify)
4. *correlate*  keys name flows; links tie                                 (ledger.correlate)
5. *append*     the facts are recorded for good                            (ledger.append)
6. *settle*     what names no order, or one of several, finds its place    (ledger.settle)
7. *project*    each flow's facts are merged and its view derived          (project)
8. *detect*     rules say what is wrong; cases are opened and closed       (project -> triage)
9. *finish*     outcome, replies, lease: all in the same transaction       (finish)

A chunk is what commits together: at most CHUNK_ENTRIES facts of one or many messages.
"""

from collections import defaultdict
from uuid import UUID

import psycopg
from django.db import connection as database
from django.db import transaction

from visibility.canonical.documents import DESK_WORDS
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.flows.services import lock_flows
from visibility.flows.state import Fact
from visibility.ledger.append import add_members, append
from visibility.ledger.correlate import Correlated, correlate
from visibility.ledger.settle import settle
from visibility.pipeline import ahead, doubts, explicit, finish, functional, hold, identify, pins, project
from visibility.pipeline.chunk import Chunk, PreparedEntry

CHUNK_ENTRIES = 1000


def commit_chunk(chunk: Chunk) -> dict[int, set[UUID]]:
    """Everything a chunk's facts lead to, in one transaction. Changed correlation IDs by company."""
    ahead.enter_ahead(chunk=chunk)
    with transaction.atomic(), server_cursor(database) as cursor:
        pins.lock_spoken_of(cursor=cursor, chunk=chunk)
        identify.leave_out_known(cursor=cursor, chunk=chunk)
        hold.hold_unknown(chunk=chunk)
        pins.refuse_unfit(cursor=cursor, chunk=chunk)
        entries = chunk.entries()
        ours = explicit.name_by_given_ids(cursor=cursor, entries=entries)
        correlated = correlate(
            cursor=cursor,
            companies=[entry.company_id for entry in entries],
            keys=[entry.keys for entry in entries],
        )
        explicit.meet_given_names(cursor=cursor, correlated=correlated, ours=ours)
        positions = append(cursor=cursor, entries=[entry.as_new() for entry in entries])
        functional.note_functional(cursor=cursor, chunk=chunk)
        facts = _remember(cursor, entries, positions, correlated)
        replayed = finish.replayed(chunk=chunk)
        for flow in project.flows_superseded(cursor=cursor, replayed=replayed):
            facts.setdefault(flow, [])
        refold = _settle(
            cursor=cursor,
            chunk=chunk,
            entries=dict(zip(positions, entries, strict=True)),
            correlated=correlated,
            facts=facts,
            replayed=replayed,
        )
        changed = project.project_facts(
            cursor=cursor,
            facts=facts,
            correlated=correlated,
            refold=refold,
            replayed=replayed,
            as_of=clock.now(),
        )
        finish.finish_chunk(chunk=chunk)
    return changed


def _remember(
    cursor: psycopg.Cursor, entries: list[PreparedEntry], positions: list[int], correlated: Correlated
) -> dict[int, list[Fact]]:
    """Write the memberships that leave no doubt, and gather the new facts of each flow."""
    facts: dict[int, list[Fact]] = defaultdict(list)
    members: set[tuple[int, int]] = set()
    for entry, position, flows in zip(entries, positions, correlated.flows, strict=True):
        about = [] if isinstance(entry.translated.document, DESK_WORDS) else [entry.fact]
        for flow in flows:
            facts[flow] += about
            members.add((flow, position))
    if members:
        add_members(cursor=cursor, members=members)
    return facts


def _settle(
    *,
    cursor: psycopg.Cursor,
    chunk: Chunk,
    entries: dict[int, PreparedEntry],
    correlated: Correlated,
    facts: dict[int, list[Fact]],
    replayed: dict[UUID, int],
) -> set[int]:
    """Place what could not be placed at once, and whoever waited for this chunk; adds to `facts`.

    The flows that lost documents by it.
    """
    positions = list(entries)
    pinned = pins.keep_pins(cursor=cursor, entries=entries, correlated=correlated)
    if correlated.at_stake:
        lock_flows(cursor=cursor, flow_ids=correlated.at_stake)
    settled = settle(
        cursor=cursor,
        correlated=correlated,
        positions={positions[index]: keys for index, keys in correlated.unsettled.items()},
        pinned=pinned,
        replayed=replayed,
    )
    for flow, fact in project.read_facts(cursor=cursor, members=settled.joined):
        facts[flow].append(fact)
    refold = {flow for flow, _ in settled.parted} | settled.spoken_of
    correlated.at_stake |= settled.renamed
    for flow in refold | correlated.at_stake:
        facts.setdefault(flow, [])
    doubts.tell_doubts(cursor=cursor, settled=settled, as_of=clock.now())
    for position in settled.doubts.keys() & entries.keys():
        if settled.doubts[position]:
            chunk.warn(
                entries[position],
                code=doubts.KIND,
                text="The order number fits several orders; a case asks whose it is.",
            )
    return refold
