"""The history of master data: who changed which field of what, from what to what, and why."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visibility.core import clock
from visibility.core.errors import InputError
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import AuditEntry

Values = Mapping[str, object]
"""Fields of a thing by their names; None and empty are "not set"."""


@dataclass(frozen=True)
class Word:
    """One line of a history."""

    at: dt.datetime
    who: str
    why: str
    entity: str
    subject: str
    field: str
    before: str
    after: str


def keep_changes(
    *,
    company_id: int,
    entity: str,
    entity_id: int,
    subject: str,
    before: Values,
    after: Values,
    speaker: Speaker,
) -> list[str]:
    """Keep what differs between `before` and `after`, in the caller's transaction; the fields that do."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    now = clock.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            company_id=company_id,
            entity=entity,
            entity_id=entity_id,
            subject=subject[:300],
            field=name,
            before=in_words(before.get(name)),
            after=in_words(after.get(name)),
            who=speaker.who[:120],
            why=speaker.reason[:500],
            at=now,
        )
        for name in changed
    )
    return changed


def in_words(value: object) -> str:
    """A value as the history keeps it: plain, without trailing zeros, empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(in_words(each) for each in value)
    text = str(value)
    number = text.removeprefix("-").replace(".", "", 1)
    return text.rstrip("0").rstrip(".") if "." in text and number.isdigit() else text


def need_reason(speaker: Speaker) -> None:
    """Whoever changes what was agreed says why; InputError where not."""
    if not speaker.reason.strip():
        raise InputError("reason_missing", "Say why, so that others can follow it later.", "/reason")


def history_of(
    *,
    companies: Sequence[int],
    limit: int,
    entities: Sequence[str] = (),
    entity_id: int | None = None,
    before: int | None = None,
) -> list[tuple[int, Word]]:
    """Changes with their ids, the newest first; `entities` and `entity_id` narrow, `before` goes on."""
    rows = AuditEntry.objects.filter(company_id__in=companies)
    if entities:
        rows = rows.filter(entity__in=entities)
    if entity_id is not None:
        rows = rows.filter(entity_id=entity_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        (
            row.pk,
            Word(row.at, row.who, row.why, row.entity, row.subject, row.field, row.before, row.after),
        )
        for row in rows.order_by("-id")[:limit]
    ]
