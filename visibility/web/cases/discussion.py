"""What is said about a case: comments with mentions and files, who watches, and the files themselves."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core.errors import InputError, NotFoundError
from visibility.triage import working
from visibility.triage.discussing import get_attachment
from visibility.triage.models import CaseAttachment
from visibility.triage.selectors import Attachment, CaseDetail, scoped_cases
from visibility.web.cases.asked import user_of
from visibility.web.cases.place import list_of, with_list
from visibility.web.pages import Desk, page

SHOWN = 200
"""So many of the newest comments are shown."""
_MENTION = re.compile(r"(?<![\w@])@[\w.+-]{1,150}")


@dataclass(frozen=True)
class Said:
    """A comment with its files."""

    who: str
    initials: str
    at: dt.datetime
    text: SafeString
    files: tuple[Attachment, ...]


@dataclass(frozen=True)
class Discussion:
    """All that was said, the oldest first, and who watches. `people` may be mentioned."""

    said: list[Said]
    watchers: list[str]
    watching: bool


def discussion_of(*, detail: CaseDetail, user: User) -> Discussion:
    """What was said about a case that the reader may see, without the files' contents."""
    return Discussion(
        said=[
            Said(each.author, each.initials, each.at, mark_mentions(each.text), tuple(each.attachments))
            for each in detail.comments[-SHOWN:]
        ],
        watchers=[name for _id, name in detail.watchers],
        watching=any(watcher == user.pk for watcher, _name in detail.watchers),
    )


def mark_mentions(text: str) -> SafeString:
    """The text with names that were called set off; everything else is escaped."""
    return mark_safe("".join(_parts(text)))  # each part is escaped below


def _parts(text: str) -> Iterator[str]:
    at = 0
    for found in _MENTION.finditer(text):
        yield conditional_escape(text[at : found.start()])
        yield format_html('<b class="mention">{}</b>', found.group())
        at = found.end()
    yield conditional_escape(text[at:])


@require_POST
@page
def comment(request: HttpRequest, desk: Desk, *, case_id: int) -> HttpResponse:
    """Say something about a case, with files."""
    _must_see(desk.scope, case_id)
    try:
        failed = working.comment_cases(
            scope=desk.scope,
            user=user_of(request),
            case_ids=[case_id],
            text=request.POST.get("text", ""),
            files=request.FILES.getlist("files"),
        )
    except InputError as error:
        notes.error(request, error.text)
    else:
        notes.info(request, failed[0].why if failed else _("Said, and kept."))
    return redirect(with_list(reverse("case", args=[case_id]), list_of(request)) + "#discussion")


@page
def attachment(request: HttpRequest, desk: Desk, *, attachment_id: int) -> HttpResponse:  # noqa: ARG001
    """A file that somebody attached. What a browser may not show safely is a download."""
    case_id = CaseAttachment.objects.filter(pk=attachment_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFoundError("No such attachment.")
    file = get_attachment(scope=desk.scope, case_id=case_id, attachment_id=attachment_id)
    response = HttpResponse(file.body, content_type=file.content_type)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", file.name)[-100:]
    response["Content-Disposition"] = f'{"inline" if file.inline else "attachment"}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _must_see(scope: Scope, case_id: int) -> None:
    if not scoped_cases(scope).filter(pk=case_id).exists():
        raise NotFoundError("No such case.")
