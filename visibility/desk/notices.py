"""Somebody's own notices, and what they chose to be told of. Everybody reads and writes only their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core import clock
from visibility.core.errors import InputError, NotFoundError
from visibility.desk.audience import SEVERITIES
from visibility.desk.models import Notification, NotificationChoice
from visibility.sync.sealing import seal_secret
from visibility.sync.signatures import read_secrets
from visibility.triage.selectors import scoped_cases

SHOWN = 100
Way = NotificationChoice.Way
MOST_CHOICES = 20


@dataclass(frozen=True)
class NoticeRow:
    """A notice on its page."""

    id: int
    case_id: int
    why: str
    text: str
    at: datetime
    seen: bool


def list_notices(*, scope: Scope, user: User) -> list[NoticeRow]:
    """The newest notices of this person, of cases they may still see."""
    found = Notification.objects.filter(user=user, way=Way.APP).order_by("-changed_at")[:SHOWN]
    rows = [
        NoticeRow(each.pk, each.case_id, each.why, each.text, each.changed_at, each.seen_at is not None)
        for each in found
    ]
    visible = set(
        scoped_cases(scope).filter(pk__in=[row.case_id for row in rows]).values_list("pk", flat=True)
    )
    return [row for row in rows if row.case_id in visible]


def count_unseen(*, user: User) -> int:
    """How many notices this person has not seen; counted up to SHOWN."""
    return Notification.objects.filter(user=user, way=Way.APP, seen_at=None)[:SHOWN].count()


def mark_seen(*, user: User, notice_id: int | None = None, case_id: int | None = None) -> None:
    """This person has seen one, those of a case, or all of their notices."""
    found = Notification.objects.filter(user=user, way=Way.APP, seen_at=None)
    if notice_id is not None:
        found = found.filter(pk=notice_id)
    if case_id is not None:
        found = found.filter(case_id=case_id)
    found.update(seen_at=clock.now())


def list_choices(*, user: User) -> list[NotificationChoice]:
    """What this person chose."""
    return list(NotificationChoice.objects.filter(user=user).order_by("pk"))


def add_choice(*, user: User, given: Mapping[str, str]) -> NotificationChoice:
    """One more way to be told. InputError naming the field that makes no sense."""
    way = given.get("way", "")
    if way not in Way.values:
        raise InputError("no_way", "Say by which way.", "way")
    if len(list_choices(user=user)) >= MOST_CHOICES:
        raise InputError("too_many", f"{MOST_CHOICES} are enough; take one away first.", "way")
    if way in (Way.EMAIL, Way.DIGEST) and not user.email:
        raise InputError("no_address", "No e-mail address of yours is known here.", "way")
    severity = given.get("severity", "")
    if severity and severity not in SEVERITIES:
        raise InputError("no_severity", f"{severity} is none of {', '.join(SEVERITIES)}.", "severity")
    choice = NotificationChoice(
        user=user,
        way=way,
        queue=given.get("queue", "")[:40],
        severity=severity,
        mine_only=given.get("mine_only", "") == "1",
        hours=_hours(given) if way == Way.DIGEST else {},
    )
    if way in (Way.WEBHOOK, Way.CHAT):
        _aim(choice, given)
    choice.save()
    return choice


def _aim(choice: NotificationChoice, given: Mapping[str, str]) -> None:
    """Addresses of chats bear their password: they are kept sealed, and never shown again."""
    target = given.get("target", "").strip()
    if not target:
        raise InputError("no_target", "Say where to.", "target")
    if choice.way == Way.WEBHOOK:
        if not target.startswith("https://"):
            raise InputError("no_https", "A webhook's address begins with https://", "target")
        if not read_secrets(given.get("secret", "")):
            raise InputError("no_secret", "A webhook is signed; it needs a secret.", "secret")
        choice.target = target
        choice.secret = seal_secret(given["secret"].strip())
    else:
        if target.partition("://")[0] not in settings.CHATS:
            chats = ", ".join(f"{each}://" for each in settings.CHATS)
            raise InputError("no_chat", f"An Apprise address begins with one of {chats}", "target")
        choice.target = target.partition("://")[0] + "://…"
        choice.secret = seal_secret(target)


def _hours(given: Mapping[str, str]) -> dict[str, Any]:
    hours = given.get("at", "").replace(",", " ").split() or ["08:00"]
    try:
        return {"at": sorted({time.fromisoformat(hour).strftime("%H:%M") for hour in hours})}
    except ValueError as error:
        raise InputError("no_hour", "Hours are written 08:00, 13:30.", "at") from error


def remove_choice(*, user: User, choice_id: int) -> None:
    """Take a way away. NotFoundError for somebody else's."""
    gone, _rows = NotificationChoice.objects.filter(user=user, pk=choice_id).delete()
    if not gone:
        raise NotFoundError("No such choice.")
