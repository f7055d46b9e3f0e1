"""Sending notices: by e-mail, gathered or at once, and through the notifiers that settings name.

Each is claimed before it is sent, so that no two senders send one; one that was sent and not written down
for a crash is sent again after CLAIM: rather twice than never.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.module_loading import import_string
from msgspec import Struct

from visibility.core import clock
from visibility.core.errors import InputError
from visibility.desk.models import Notification, NotificationChoice
from visibility.sync.sealing import open_secret

BATCH = 200
CLAIM = dt.timedelta(minutes=5)
MOST_ATTEMPTS = 8
Way = NotificationChoice.Way


class Note(Struct, frozen=True, kw_only=True):
    """A notice as a notifier sends it. `id` stays the same on every try."""

    id: str
    case_id: int
    why: str
    text: str
    url: str
    at: dt.datetime


class NotSentError(Exception):
    """It did not go out; the text says why, for who set it up."""


class Notifier(Protocol):
    """A way out: `settings.NOTIFIERS` names one for webhooks and one for chats by dotted string."""

    def send(self, *, target: str, secret: str, note: Note) -> None:
        """Send it. NotSentError where it did not go out."""


def send_due(*, limit: int = BATCH) -> int:
    """Send what is due; how many went out."""
    claimed = _claim(limit)
    gathered: dict[int, list[Notification]] = defaultdict(list)
    sent = 0
    for notice in claimed:
        if notice.way == Way.DIGEST:
            gathered[notice.user_id].append(notice)
        else:
            sent += _try([notice])
    return sent + sum(_try(notices) for notices in gathered.values())


def _claim(limit: int) -> list[Notification]:
    now = clock.now()
    with transaction.atomic():
        due = (
            Notification.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(sent_at=None, due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
            .select_related("user", "choice", "case")
            .order_by("due_at")
        )
        claimed = list(due[:limit])
        for notice in claimed:
            notice.attempts += 1
            notice.due_at = now + CLAIM * 2 ** (notice.attempts - 1)
        Notification.objects.bulk_update(claimed, ["attempts", "due_at"])
    return claimed


def _try(notices: Sequence[Notification]) -> int:
    """Send these together: one, or a digest. How many went out."""
    try:
        _send(notices)
    except (NotSentError, InputError, OSError) as error:
        Notification.objects.filter(pk__in=[each.pk for each in notices]).update(failure=str(error)[:500])
        return 0
    for each in notices:
        # One that changed since it was read is due again with what it says now.
        Notification.objects.filter(pk=each.pk, changed_at=each.changed_at).update(
            sent_at=clock.now(), failure=""
        )
    return len(notices)


def _send(notices: Sequence[Notification]) -> None:
    first = notices[0]
    if first.way in (Way.EMAIL, Way.DIGEST):
        if not first.user.email:
            raise NotSentError(f"{first.user} has no e-mail address")
        send_mail(_subject(notices), _body(notices), None, [first.user.email])
        return
    if first.choice is None or first.way not in settings.NOTIFIERS:
        raise NotSentError("nobody says where to send it")
    notifier: Notifier = import_string(settings.NOTIFIERS[first.way])()
    notifier.send(
        target=first.choice.target, secret=open_secret(bytes(first.choice.secret)), note=note_of(first)
    )


def note_of(notice: Notification) -> Note:
    """A notice as it goes out."""
    return Note(
        id=f"{notice.pk}-{int(notice.changed_at.timestamp())}",
        case_id=notice.case_id,
        why=notice.why,
        text=notice.text,
        url=f"{settings.SITE_URL}/cases/{notice.case_id}/",
        at=notice.changed_at,
    )


def _subject(notices: Sequence[Notification]) -> str:
    if len(notices) == 1:
        return f"Case {notices[0].case_id}: {' '.join(notices[0].text.split())}"[:150]
    return f"{len(notices)} exceptions"


def _body(notices: Sequence[Notification]) -> str:
    parts = []
    for notice in notices:
        note = note_of(notice)
        next_action = f"\nNext: {notice.case.next_action}" if notice.case.next_action else ""
        parts.append(f"{note.text}{next_action}\n{note.url}")
    return "\n\n".join(parts) + "\n"
