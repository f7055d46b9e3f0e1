"""What happens to a message, in order. Read this first.

1. *accept*     the message is kept verbatim and its work is queued        (inbox.services, before this)
2. *translate*  into canonical documents, one per business fact            (a Translator, pure)
3. *identify*   events told before are left out, conflicts are told        (identify)
4. *correlate*  keys name flows; links tie                                 (ledger.correlate)
5. *append*     the facts are recorded for good                            (ledger.append)
6. *project*    each flow's facts are merged and its view derived          (project)
7. *detect*     rules say what is wrong; cases are opened and closed       (project -> triage)
8. *finish*     outcome, replies, lease: all in the same transaction       (finish)

A chunk is what commits together: at most CHUNK_ENTRIES facts of one or many messages.
"""

from collections import defaultdict
from uuid import UUID

import psycopg
from django.db import connection as database
from django.db import transaction

from visibility.canonical.keys import JOINING_SCHEMES
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.flows.state import Fact
from visibility.ledger.append import add_joined, add_members, append
from visibility.ledger.correlate import Correlated, correlate, remember_loose
from visibility.pipeline import finish, hold, identify, project
from visibility.pipeline.chunk import Chunk, PreparedEntry

CHUNK_ENTRIES = 500


def commit_chunk(chunk: Chunk) -> dict[int, set[UUID]]:
    """Everything a chunk's facts lead to, in one transaction. Changed correlation IDs by company."""
    with transaction.atomic(), server_cursor(database) as cursor:
        identify.leave_out_known(cursor=cursor, chunk=chunk)
        hold.hold_unknown(chunk=chunk)
        entries = chunk.entries()
        correlated = correlate(
            cursor=cursor,
            companies=[entry.company_id for entry in entries],
            keys=[entry.keys for entry in entries],
        )
        entries = _leave_out_ambiguous(chunk, entries, correlated)
        positions = append(cursor=cursor, entries=[entry.as_new() for entry in entries])
        facts = _remember(cursor, entries, positions, correlated)
        replayed = finish.replayed(chunk=chunk)
        for flow in project.flows_superseded(cursor=cursor, replayed=replayed):
            facts.setdefault(flow, [])
        changed = project.project_facts(
            cursor=cursor, facts=facts, correlated=correlated, replayed=replayed, as_of=clock.now()
        )
        finish.finish_chunk(chunk=chunk)
    return changed


def _leave_out_ambiguous(
    chunk: Chunk, entries: list[PreparedEntry], correlated: Correlated
) -> list[PreparedEntry]:
    """A number that fits several orders waits for a person; the rest of the chunk goes on."""
    for index in correlated.ambiguous:
        chunk.refuse(
            entries[index],
            code="ambiguous_order",
            text="The order number fits several orders; say whose it is (issuer) and send it again.",
        )
    kept = [i for i in range(len(entries)) if i not in correlated.ambiguous]
    correlated.flows = [correlated.flows[i] for i in kept]
    return [entries[i] for i in kept]


def _remember(
    cursor: psycopg.Cursor, entries: list[PreparedEntry], positions: list[int], correlated: Correlated
) -> dict[int, list[Fact]]:
    """Write memberships, and gather the new facts of each flow."""
    facts: dict[int, list[Fact]] = defaultdict(list)
    members: set[tuple[int, int]] = set()
    waiting: list[tuple[int, int]] = []
    for entry, position, flows in zip(entries, positions, correlated.flows, strict=True):
        for flow in flows:
            facts[flow].append(entry.fact)
            members.add((flow, position))
        if not entry.keys.identifying:
            waiting += [
                (correlated.link_ids[entry.company_id, key.value, key.scheme, key.scope], position)
                for key in entry.keys.linking
                if key.scheme in JOINING_SCHEMES
            ]
    remember_loose(cursor=cursor, waiting=waiting)
    joined = correlated.joined - members
    if joined:
        add_joined(cursor=cursor, members=joined)
    for flow, fact in project.read_facts(cursor=cursor, members=joined):
        facts[flow].append(fact)
    if members:
        add_members(cursor=cursor, members=members)
    return facts
