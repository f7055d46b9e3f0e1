"""What is said about cases, inside the company: comments with @mentions and attachments, and who watches."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from django.db import connection as database

from visibility.access.models import Grant
from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.db import server_cursor
from visibility.core.errors import InputError, NotFoundError, TooLargeError
from visibility.triage.deskwork import (
    Failed,
    lock_worked,
    may_work,
    save_worked,
    seen_ids,
    tell_events,
)
from visibility.triage.models import CaseAttachment, CaseComment, CaseMention, CaseWatcher
from visibility.triage.retrying import in_one_transaction

MOST_TEXT = 4_000
MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Content types a browser may show itself, if the bytes say the same; all others are downloads."""
_BEGINNINGS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,40}/[a-z0-9][a-z0-9.+-]{0,50}")
_MENTION = re.compile(r"(?<![\w@])@([\w.+-]{1,150})")


class UploadedLike(Protocol):
    """A file as a browser sent it."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def read(self) -> bytes: ...


@dataclass(frozen=True)
class Attached:
    """A file that was attached, to be served. `inline`: a browser may show it instead of keeping it."""

    name: str
    content_type: str
    inline: bool
    body: bytes
    digest: str


def watch_cases(*, scope: Scope, user: User, case_ids: Sequence[int], watching: bool) -> list[Failed]:
    """Hear of these cases from now on, or no longer."""
    may_work(scope=scope)
    ids, failed = seen_ids(scope=scope, case_ids=case_ids)
    if watching:
        now = clock.now()
        CaseWatcher.objects.bulk_create(
            [CaseWatcher(case_id=each, user=user, since=now) for each in ids], ignore_conflicts=True
        )
    else:
        CaseWatcher.objects.filter(user=user, case_id__in=ids).delete()
    return failed


def comment_cases(
    *,
    scope: Scope,
    user: User,
    case_ids: Sequence[int],
    text: str,
    files: Sequence[UploadedLike] = (),
) -> list[Failed]:
    """Say something about cases, with files. Who is named (@maria) and may see the case is told.

    InputError for what is too long or empty, TooLargeError for a file over MOST_BYTES.
    """
    may_work(scope=scope)
    text = text.strip()
    kept = [_kept(file) for file in files]
    if not text and not kept:
        raise InputError("comment_empty", "Write something, or attach a file.", "/text")
    if len(text) > MOST_TEXT:
        raise InputError("comment_long", f"A comment has up to {MOST_TEXT} characters.", "/text")
    if len(kept) > MOST_FILES:
        raise InputError("files_many", f"Attach up to {MOST_FILES} files at once.", "/files")
    ids, failed = seen_ids(scope=scope, case_ids=case_ids)
    in_one_transaction(partial(_comment, user, ids, text, kept))
    return failed


def _comment(user: User, ids: list[int], text: str, kept: "list[_Kept]") -> None:
    now = clock.now()
    with server_cursor(database) as cursor:
        cases = lock_worked(cursor=cursor, case_ids=ids)
        comments = CaseComment.objects.bulk_create(
            [CaseComment(case_id=each, author=user, at=now, text=text) for each in sorted(cases)]
        )
        people = mentioned(text=text, companies={case.company_id for case in cases.values()})
        CaseMention.objects.bulk_create(
            CaseMention(comment=comment, user_id=person)
            for comment in comments
            for person in sorted(people.get(cases[comment.case_id].company_id, ()))
            if person != user.pk
        )
        for comment in comments:
            _attach(comment, kept)
        for case in cases.values():
            case.touched_at = case.touched_at or now
        save_worked(cursor=cursor, rows=list(cases.values()), as_of=now)
        events = [(case_id, "commented", text[:200] or kept[0].name) for case_id in sorted(cases)]
        tell_events(cursor=cursor, events=events, who=str(user), as_of=now)


def mentioned(*, text: str, companies: Iterable[int]) -> dict[int, set[int]]:
    """Of each company the people named in a text who may see all of it, by their ids."""
    names = {name.rstrip(".-+").lower() for name in _MENTION.findall(text)}
    if not names:
        return {}
    found: dict[int, set[int]] = {}
    grants = Grant.objects.filter(company_id__in=set(companies), partner__isnull=True, user__is_active=True)
    for company_id, person, username in grants.values_list("company_id", "user_id", "user__username"):
        if username.lower() in names:
            found.setdefault(company_id, set()).add(person)
    return found


def see_mentions(*, user: User, case_id: int) -> int:
    """What this person was named in on a case has been seen; how many times."""
    unseen = CaseMention.objects.filter(user=user, comment__case_id=case_id, seen_at__isnull=True)
    return unseen.update(seen_at=clock.now())


def get_attachment(*, scope: Scope, case_id: int, attachment_id: int) -> Attached:
    """A file that was attached to a case. NotFoundError for who works not inside the company."""
    if scope.partners is not None:
        raise NotFoundError("No such attachment.")
    found = CaseAttachment.objects.filter(
        pk=attachment_id, case_id=case_id, case__company_id__in=scope.companies
    ).first()
    if found is None:
        raise NotFoundError("No such attachment.")
    body = bytes(found.body)
    inline = found.content_type in INLINE and body.startswith(_BEGINNINGS[found.content_type])
    return Attached(
        name=found.name,
        content_type=found.content_type if inline else "application/octet-stream",
        inline=inline,
        body=body,
        digest=bytes(found.digest).hex(),
    )


@dataclass(frozen=True)
class _Kept:
    name: str
    content_type: str
    body: bytes


def clean_name(name: str) -> str:
    """A file's name without folders, control characters and what file systems mind; never empty."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*;')
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, end = kept.rpartition(".")
    if dot and len(kept) > 120:
        kept = f"{stem[: 119 - len(end[:20])]}.{end[:20]}"
    return kept[:120] or "attachment"


def _kept(file: UploadedLike) -> _Kept:
    if (file.size or 0) > MOST_BYTES:
        raise TooLargeError("file_large", f"{clean_name(file.name or '')} is larger than 10 MB.", "/files")
    body = file.read()
    if len(body) > MOST_BYTES:
        raise TooLargeError("file_large", f"{clean_name(file.name or '')} is larger than 10 MB.", "/files")
    said = str(getattr(file, "content_type", "") or "").split(";")[0].strip().lower()
    content_type = said if _TYPE.fullmatch(said) else "application/octet-stream"
    return _Kept(clean_name(file.name or ""), content_type, body)


def _attach(comment: CaseComment, files: Sequence[_Kept]) -> None:
    CaseAttachment.objects.bulk_create(
        CaseAttachment(
            case_id=comment.case_id,
            comment=comment,
            author_id=comment.author_id,
            at=comment.at,
            name=file.name,
            content_type=file.content_type,
            size=len(file.body),
            digest=hashlib.sha256(file.body).digest(),
            body=file.body,
        )
        for file in files
    )
