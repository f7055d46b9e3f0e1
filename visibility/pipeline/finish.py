"""The end of a chunk: outcomes, replies, cases of unreadable messages, leases. Same transaction."""

import datetime as dt
from collections import defaultdict
from uuid import UUID

import msgspec
import psycopg
from django.db import connection as database
from psycopg.types.json import Jsonb

from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.inbox.history import is_history
from visibility.inbox.models import Connection, Message, Outcome
from visibility.inbox.ports import Problem, VerbatimMessage
from visibility.inbox.profiles import reading_profiles
from visibility.inbox.services import keep_reply
from visibility.inbox.work import Claim, hold_lease
from visibility.pipeline.chunk import Chunk, UnitWork, document_type
from visibility.pipeline.history.tallies import write_tallies
from visibility.pipeline.translators import translator_for
from visibility.triage.findings import CODE_KINDS, Finding
from visibility.triage.grouping import Gathered, is_gathered, message_members, write_members
from visibility.triage.reconcile import LIVE, Changes, mark_of, reconcile
from visibility.triage.rows import Desk
from visibility.triage.services import Owner, marked_cases, write_changes
from visibility.triage.unknown import words_of_code

MAX_PROBLEMS = 500
REPLAYED = "The message was replayed and used"
EVIDENCE = 2
"""Where a member's evidence stands in what it told."""
Troubles = dict[UUID, list[dict[str, str]]]
UNREADABLE = "unreadable_document"
KIND_OF_PROBLEM = {
    "conflicting_duplicate": "conflicting_duplicate",
    "unknown_partner": "unknown_partner",
    "unknown_item": "unknown_item",
    "unknown_place": "unknown_place",
}


def _by_message(chunk: Chunk) -> dict[UUID, list[UnitWork]]:
    found: dict[UUID, list[UnitWork]] = defaultdict(list)
    for work in chunk.units:
        found[work.claim.message_id].append(work)
    return found


def replayed(*, chunk: Chunk) -> dict[UUID, int]:
    """Messages whose later translation ends in this chunk and says something: id -> translation.

    One that says nothing (it was held, or it died) leaves what the earlier translation said as it is.
    """
    again = {c.message_id: c for c in chunk.claims if c.translation > 1 and c.message_id in chunk.finished}
    if not again:
        return {}
    told = {entry.claim.message_id for entry in chunk.entries()}
    told |= {
        outcome.message_id
        for outcome in Outcome.objects.filter(message_id__in=list(again), partial=True, entries__gt=0)
        if outcome.translation == again[outcome.message_id].translation
    }
    return {message: claim.translation for message, claim in again.items() if message in told}


def finish_chunk(*, chunk: Chunk, gave_up: bool = False) -> None:
    """Write what became of each message, answer its sender, and let go of what is finished.

    Whoever `gave_up` on a message does not read it once more to answer its sender.
    """
    by_message = _by_message(chunk)
    write_outcomes(chunk, by_message, cut_short=gave_up)
    if not gave_up:
        write_tallies(chunk=chunk)
        _keep_replies(chunk)
    open_message_cases(
        [
            (claim, [p for work in by_message[claim.message_id] for p in work.problems])
            for claim in chunk.claims
            # Whoever brings in a history is told of each row; thousands of cases would tell nobody more.
            if gave_up or not is_history(claim.content_type)
        ]
    )
    again = [c for c in chunk.claims if c.translation > 1 and c.message_id in chunk.finished]
    if again:
        close_message_cases(message_ids=[claim.message_id for claim in again], as_of=clock.now())
    hold_lease(
        claims=chunk.claims,
        cursors={m: max((work.index + 1 for work in works), default=0) for m, works in by_message.items()},
        finished=chunk.finished,
    )


def write_outcomes(chunk: Chunk, by_message: dict[UUID, list[UnitWork]], *, cut_short: bool = False) -> None:
    """Add what this chunk used and found to each message's outcome. The mildest status stands."""
    rows = []
    for claim in chunk.claims:
        works = by_message.get(claim.message_id, [])
        if not works and claim.message_id not in chunk.finished:
            continue
        statuses = {work.status for work in works if work.weighs} or {_says_nothing(works)}
        rows.append(
            (
                claim.message_id,
                claim.translation,
                claim.company_id,
                next(s for s in ("processed", "held", "rejected") if s in statuses),
                sum(len(work.entries) for work in works),
                Jsonb(sorted({document_type(e.translated.document) for w in works for e in w.entries})),
                Jsonb(msgspec.to_builtins([p for w in works for p in w.problems][:MAX_PROBLEMS])),
                claim.message_id not in chunk.finished,
                cut_short,
            )
        )
    if not rows:
        return
    with server_cursor(database) as cursor:
        cursor.execute(
            "INSERT INTO inbox_outcome AS o "
            "(message_id, translation, company_id, status, entries, document_types, problems, partial, "
            "cut_short) "
            "SELECT * FROM unnest(%b::uuid[], %b::int[], %b::bigint[], %b::text[], %b::int[], %b::jsonb[], "
            "%b::jsonb[], %b::bool[], %b::bool[]) ON CONFLICT (message_id, translation) DO UPDATE SET "
            "entries = o.entries + EXCLUDED.entries, partial = EXCLUDED.partial, "
            "cut_short = EXCLUDED.cut_short, finished_at = now(), "
            "problems = CASE WHEN jsonb_array_length(o.problems) < %s THEN o.problems || EXCLUDED.problems "
            "ELSE o.problems END, "
            "document_types = (SELECT coalesce(jsonb_agg(DISTINCT t), '[]') FROM "
            "jsonb_array_elements(o.document_types || EXCLUDED.document_types) t), "
            "status = CASE WHEN 'processed' IN (o.status, EXCLUDED.status) THEN 'processed' "
            "WHEN 'held' IN (o.status, EXCLUDED.status) THEN 'held' ELSE 'rejected' END",
            [*(list(column) for column in zip(*rows, strict=True)), MAX_PROBLEMS],
        )


def _says_nothing(works: list[UnitWork]) -> str:
    """The status of units that only warn: what went before stands; with nothing before, all is well."""
    return "processed" if works and works[0].index == 0 else "rejected"


def _keep_replies(chunk: Chunk) -> None:
    """Functional acknowledgements are owed once for a message, with the last chunk of a translation."""
    again = [claim.message_id for claim in chunk.claims if claim.translation > 1]
    answered = set(
        Message.objects.filter(in_reply_to__in=again).values_list("in_reply_to", flat=True) if again else ()
    )
    companies = {work.claim.message_id: work.connection.company for work in chunk.units}
    for claim in chunk.claims:
        if claim.message_id not in chunk.finished or claim.message_id in answered:
            continue
        company = companies.get(claim.message_id)
        received = VerbatimMessage(
            body=claim.body,
            content_type=claim.content_type,
            profiles=reading_profiles(company=company) if company else {},
        )
        replies = translator_for(claim.content_type).replies(received)
        if replies:
            message = Message.objects.defer("body").get(pk=claim.message_id)
            for reply in replies:
                keep_reply(message=message, body=reply.body, content_type=reply.content_type, name=reply.name)


def open_message_cases(messages: list[tuple[Claim, list[Problem]]]) -> None:
    """What kept something of each message from being used: one finding a message and trouble.

    Findings of one cause are one case: an unreadable kind of document of a connection, an unknown code.
    """
    found = [
        (claim, _finding(kind, cause, claim, own))
        for claim, problems in messages
        for (kind, cause), own in sorted(_by_trouble(claim, problems).items())
    ]
    if not found:
        return
    with server_cursor(database) as cursor:
        marks = {_mark(claim.message_id, finding) for claim, finding in found if not is_gathered(finding)}
        known = marked_cases(cursor=cursor, marks=marks) if marks else {}
        changes: list[tuple[Owner, Changes]] = []
        for claim, finding in found:
            mark = _mark(claim.message_id, finding)
            if is_gathered(finding):
                change = Changes(opened=[(mark, finding)])
            else:
                own = [known[mark]] if mark in known else []
                of = f"message:{claim.message_id}"
                change = reconcile(owner=of, findings=[finding], known=own, sweeping=False)
            changes.append((Owner(company_id=claim.company_id, message_id=claim.message_id), change))
        write_changes(cursor=cursor, changes=changes, as_of=clock.now())


def _by_trouble(claim: Claim, problems: list[Problem]) -> dict[tuple[str, str], list[Problem]]:
    """Errors by the case they belong to: codes each by itself, what cannot be read by the first problem."""
    errors: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    unread = ""
    for problem in problems:
        if problem.severity != "error":
            continue
        kind = KIND_OF_PROBLEM.get(problem.code, UNREADABLE)
        if kind == UNREADABLE:
            unread = unread or cause_of_problem(claim.connection_id, problem.code)
            errors[kind, unread].append(problem)
        elif kind in CODE_KINDS:
            errors[kind, problem.text.split(" is not mapped", maxsplit=1)[0]].append(problem)
        else:
            errors[kind, ""].append(problem)
    return errors


def cause_of_problem(connection_id: int, code: str) -> str:
    """What unreadable documents have in common: where they came from, and what is wrong with them."""
    return f"connection:{connection_id}|{code}"


def _mark(message_id: UUID, finding: Finding) -> UUID:
    return mark_of(
        owner=f"message:{message_id}", kind=finding.kind, line=finding.cause, subject=finding.subject
    )


def _finding(kind: str, cause: str, claim: Claim, problems: list[Problem]) -> Finding:
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    place = f" at {first.where}" if first.where else ""
    words, action = "", "Read the message, mend the cause, replay it"
    if kind in CODE_KINDS:
        words, action = words_of_code(kind=kind, code=cause)
    elif cause:
        connection = Connection.objects.get(pk=claim.connection_id)
        words = f"Documents from {connection} cannot be used: {first.code.replace('_', ' ')}"
    return Finding(
        kind=kind,
        subject=str(claim.message_id),
        severity="medium",
        summary=f"{first.text[:1].upper()}{first.text[1:].rstrip('.')}{place}{more}",
        next_action=action,
        evidence=tuple((p.where or "message", p.code, p.text) for p in problems[:20]),
        cause=cause,
        cause_words=words,
    )


def close_message_cases(*, message_ids: list[UUID], as_of: dt.datetime) -> None:
    """Close what a replayed message had opened and whose trouble its last translation has not.

    Told by the whole translation's outcome, since other chunks may have found something.
    """
    last = Outcome.objects.filter(message_id__in=message_ids).order_by("translation")
    troubles = {
        outcome.message_id: [
            problem for problem in outcome.problems if problem.get("severity", "error") == "error"
        ]
        for outcome in last
    }
    with server_cursor(database) as cursor:
        _close_own(cursor, message_ids, troubles, as_of)
        _close_members(cursor, message_ids, troubles, as_of)


def _close_own(
    cursor: psycopg.Cursor, message_ids: list[UUID], troubles: Troubles, as_of: dt.datetime
) -> None:
    still = sorted(
        {
            (message, KIND_OF_PROBLEM.get(problem["code"], UNREADABLE))
            for message, own in troubles.items()
            for problem in own
        }
    )
    cursor.execute(
        "WITH closed AS (UPDATE triage_exceptioncase c SET state = 'closed', is_open = false, "
        "closed_at = %s, changed_at = %s, close_reason = %s "
        "WHERE message_id = ANY(%b) AND flow_id IS NULL AND subject = message_id::text "
        "AND state = ANY(%b) "
        "AND NOT EXISTS (SELECT 1 FROM unnest(%b::uuid[], %b::text[]) s(message_id, kind) "
        "WHERE s.message_id = c.message_id AND s.kind = c.kind) RETURNING id) "
        "INSERT INTO triage_caseevent (case_id, at, what, text, who) "
        "SELECT id, %s, 'closed', %s, '' FROM closed",
        [
            as_of,
            as_of,
            REPLAYED,
            message_ids,
            sorted(LIVE),
            [message for message, _ in still],
            [kind for _, kind in still],
            as_of,
            REPLAYED,
        ],
    )


def _close_members(
    cursor: psycopg.Cursor, message_ids: list[UUID], troubles: Troubles, as_of: dt.datetime
) -> None:
    """Members by what they show: the first row of their evidence is the problem they were opened for."""
    gathered = Gathered()
    for message_id, members in message_members(cursor=cursor, message_ids=message_ids).items():
        still = {(problem["code"], problem["text"]) for problem in troubles.get(message_id, ())}
        codes = {code for code, _ in still}
        for member in members:
            code, text = member.told[EVIDENCE][0][1:]  # type: ignore[index]  # rows of three words
            if (code, text) not in still and (code in KIND_OF_PROBLEM or code not in codes):
                gathered.closed.append(member)
    write_members(cursor=cursor, gathered=gathered, desk=Desk(as_of=as_of))
