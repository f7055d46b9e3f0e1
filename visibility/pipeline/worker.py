"""Working through claimed messages: chunk by chunk, alone after a failure, never for ever."""

import gc
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from uuid import UUID

from django.db import transaction

from visibility.core.errors import FencedError
from visibility.inbox.history import guidance_of, is_history
from visibility.inbox.models import Connection
from visibility.inbox.ports import Guidance, Problem, Unit, VerbatimMessage
from visibility.inbox.profiles import reading_profiles
from visibility.inbox.work import MAX_ATTEMPTS, Claim, claim_exhausted, claim_work, put_back
from visibility.pipeline import leases
from visibility.pipeline.chunk import Chunk, prepare_unit
from visibility.pipeline.failures import check_connection, give_back, is_passing, pause
from visibility.pipeline.finish import finish_chunk
from visibility.pipeline.identify import told_once
from visibility.pipeline.stages import CHUNK_ENTRIES, commit_chunk
from visibility.pipeline.translators import translator_for

log = logging.getLogger(__name__)

RETRIES = 8
BATCH_SECONDS = 30.0
"""A bulk message is worked on for so long when time is over, before the rest of it is left for later: whoever
goes on has to read it from its beginning."""
COLLECT_EVERY = 16
"""Chunks between two looks for garbage cycles."""
NOTHING = Unit(
    problems=(Problem(code="empty_message", text="There is nothing in this message; send it full."),)
)
DIED = (
    "its worker ended each time without a word (it was killed, ran out of memory, or stood still for "
    f"{leases.STUCK_SECONDS:.0f} seconds)."
)
Announce = Callable[[dict[int, set[UUID]]], None]


def drain(
    *,
    tier: str | None = None,
    message_ids: list[UUID] | None = None,
    announce: Announce = lambda _: None,
    seconds: float = math.inf,
    between: Callable[[], object] = lambda: None,
) -> int:
    """Work until nothing is left to claim, or `seconds` are over: then a batch that goes on is cut short.

    One batch of those nobody suspects is begun at least, and one of the others. How many messages were
    worked on. `between` is called after each batch: a worker under load has no other time for what else is
    to be done.
    """
    done, end = 0, time.monotonic() + seconds
    check_connection()
    suspected = over = False
    while claims := _claim(tier, message_ids, suspected, only=over):
        suspected = not suspected
        work_through(claims=claims, announce=announce, until=end)
        done += len(claims)
        between()
        over = time.monotonic() >= end
        if over and not suspected:  # both kinds had their turn
            break
        check_connection()
    for claim in claim_exhausted():
        try:
            give_up(claim=claim)
        except Exception:  # its lease runs out, and the next drain tries again; the others go on
            log.exception("message %s could not be put among the unreadable", claim.message_id)
    return done


def _claim(tier: str | None, message_ids: list[UUID] | None, suspected: bool, *, only: bool) -> list[Claim]:
    """One kind of messages, else the other; the kinds take turns, so that nobody waits behind suspects."""
    claims = claim_work(tier=tier, message_ids=message_ids, suspected=suspected)
    if claims or only:
        return claims
    return claim_work(tier=tier, message_ids=message_ids, suspected=not suspected)


def work_through(
    *, claims: list[Claim], announce: Announce = lambda _: None, until: float = math.inf
) -> None:
    """Process claimed messages together. What dies in company is given back, each by itself.

    After `until` (of the monotonic clock), but for BATCH_SECONDS at least, what is left is put back.
    """
    finished: set[UUID] = set()
    try:
        with _collecting_between_chunks() as collect, leases.held(claims=claims) as holder:
            for number, chunk in enumerate(chunks(claims), start=1):
                announce(commit_with_retries(chunk))
                finished |= chunk.finished
                holder.progressed()
                if number % COLLECT_EVERY == 0:
                    collect()
                now = time.monotonic()
                until = max(until, now + BATCH_SECONDS) if number == 1 else until
                if now >= until:
                    break
        left = [claim for claim in claims if claim.message_id not in finished]
        if left:
            put_back(claims=left, error="", seconds=0.0)
    except Exception as error:  # whatever a message does to us, its neighbours must go on
        if isinstance(error, FencedError):
            log.warning("a lease was lost; another worker goes on with its message")
        else:
            log.exception("a batch of %d messages failed", len(claims))
        give_back(claims=[claim for claim in claims if claim.message_id not in finished], error=error)


def commit_with_retries(chunk: Chunk) -> dict[int, set[UUID]]:
    """Commit a chunk; deadlocks and serialisation failures are tried again from the start."""
    for attempt in range(RETRIES):
        try:
            return commit_chunk(chunk if attempt == 0 else chunk.fresh())
        except Exception as error:
            if not is_passing(error) or attempt == RETRIES - 1:
                raise
            pause(attempt=attempt)
    raise AssertionError("the loop above returns or raises")


@contextmanager
def _collecting_between_chunks() -> Iterator[Callable[[], object]]:
    """Look for garbage cycles between chunks only, by what is yielded here.

    A chunk makes some hundred thousand objects that live until its end and hardly a cycle; looking through
    them over and over took a fifth of a worker's time.
    """
    if not gc.isenabled():
        yield lambda: None
        return
    gc.disable()
    try:
        yield lambda: gc.collect(1)
    finally:
        gc.enable()


def chunks(claims: list[Claim]) -> Iterator[Chunk]:
    """Cut the units of the messages into chunks of about CHUNK_ENTRIES documents.

    A thread that read the next chunk while the database worked on this one gained nothing: the worker's
    own work is the longer part, and the two threads got into each other's way.
    """
    connections = Connection.objects.select_related("system", "company").in_bulk(
        {claim.connection_id for claim in claims}
    )
    guides = guidance_of(message_ids=[c.message_id for c in claims if is_history(c.content_type)])
    chunk, size = Chunk(claims=[]), 0
    for claim in claims:
        chunk.claims.append(claim)
        connection = connections[claim.connection_id]
        read = claim.cursor
        for index, unit in _units(claim, connection, guides.get(claim.message_id)):
            read = index + 1
            if size and size + len(unit.documents) > CHUNK_ENTRIES:
                yield chunk
                chunk, size = Chunk(claims=[claim]), 0
            chunk.units.append(prepare_unit(claim=claim, connection=connection, index=index, unit=unit))
            size += max(len(unit.documents), 1)
        if not read:
            chunk.units.append(prepare_unit(claim=claim, connection=connection, index=0, unit=NOTHING))
        chunk.finished.add(claim.message_id)
    if chunk.claims:
        yield chunk


def _units(claim: Claim, connection: Connection, guidance: Guidance | None) -> Iterator[tuple[int, Unit]]:
    message = VerbatimMessage(
        body=bytes(claim.body),
        content_type=claim.content_type,
        issuer=connection.issuer,
        guidance=guidance,
        profiles=reading_profiles(company=connection.company),
    )
    units = translator_for(claim.content_type).translate(message)
    return islice(enumerate(told_once(units=units, message_id=claim.message_id)), claim.cursor, None)


def give_up(*, claim: Claim) -> None:
    """A message that died alone too often lands among the unreadable, with its reason and a replay button."""
    with transaction.atomic():
        chunk = Chunk(claims=[claim], finished={claim.message_id})
        unit = Unit(
            problems=(
                Problem(
                    code="processing_failed",
                    text=f"Tried {MAX_ATTEMPTS} times in vain: {(claim.error or DIED).rstrip('.')}. "
                    "The message is kept; have it read once more when the cause is mended.",
                ),
            )
        )
        connection = Connection.objects.get(pk=claim.connection_id)
        chunk.units.append(prepare_unit(claim=claim, connection=connection, index=0, unit=unit))
        finish_chunk(chunk=chunk, gave_up=True)
