"""Read a message again, or put a corrected one in its place."""

from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core.errors import InputError
from visibility.desk.actions import reading, who
from visibility.desk.actions.base import ActionForm, CaseSeen, Performing
from visibility.desk.plans import Offer, Plan
from visibility.flows import words
from visibility.inbox.models import Message
from visibility.inbox.services import accept_message, replay_message
from visibility.pipeline import wake
from visibility.pipeline.mapping_runs import start_run
from visibility.triage.models import ExceptionCase

SHOWN = 200_000
_READ_KINDS = frozenset({"unreadable_document", "conflicting_duplicate"})


class ReplayMessage(Performing):
    """The message is translated once more; what it says now takes the place of what it said."""

    name = "replay_message"
    kinds = _READ_KINDS | {"unknown_item", "unknown_partner", "unknown_place", "unit_not_convertible"}
    roles = who.STEWARDS

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.case.message_id is None and not seen.case.members:
            return None
        return Offer(
            label="Read it again" if seen.case.message_id else "Read them again",
            outcome="Closes by itself where nothing is wrong any more",
            rank=20,
        )

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        what = "the message" if seen.case.message_id else "the messages of this cause"
        return Plan(words=f"Read {what} again", case="open")

    def perform(self, *, scope: Scope, user: User, seen: CaseSeen, values: dict[str, Any]) -> str:
        """Queue it; workers are woken after the commit. Of a cause that holds up many, a run reads them."""
        if seen.case.message_id is None and seen.case.members:
            return _begin_run(scope, user, seen)
        messages = _messages(scope, seen)
        if not messages:
            raise InputError("no_message", "There is no message to read again.")
        for message in messages:
            replay_message(message_id=message.pk)
        for tier in sorted({message.connection.tier for message in messages}):
            transaction.on_commit(partial(wake.wake_workers, tier=tier))
        return "Read again"


class CorrectedForm(ActionForm):
    """The whole message as it should have been."""

    body = forms.CharField(
        label=_("Corrected message"), strip=False, widget=forms.Textarea(attrs={"rows": 12, "class": "raw"})
    )

    field_order = ("body", "reason")


class ReplaceMessage(Performing):
    """A corrected version is kept as a message of its own, by the same way in; the one that came stays."""

    name = "edit_and_replay"
    kinds = _READ_KINDS
    roles = who.STEWARDS
    form = CorrectedForm
    needs_reason = True
    in_bulk = False

    def offer(self, *, seen: CaseSeen) -> Offer | None:
        if seen.case.message_id is None:
            return None
        return Offer(
            label="Correct it and read that",
            outcome="What came is kept as it was",
            rank=30,
        )

    def choices(self, *, scope: Scope, seen: CaseSeen) -> dict[str, list[tuple[str, str]]]:
        """The message as it came, to begin with, where it is text."""
        message = next(iter(_messages(scope, seen)), None)
        text = _text(message) if message else None
        return {"body": [(text, str(_("as it came")))]} if text else {}

    def look(self, *, scope: Scope, seen: CaseSeen, values: dict[str, Any]) -> dict[str, Any]:
        """The corrected text, its line ends as they came. InputError where nothing is changed."""
        message = next(iter(_messages(scope, seen)), None)
        if message is None:
            raise InputError("no_message", "There is no message to correct.")
        came, body = _text(message), str(values.get("body") or "")
        if came is not None and "\r" not in came:
            body = body.replace("\r\n", "\n")
        if not body.strip():
            raise InputError("missing", "Say what it should have been.", "body")
        if body == came:
            raise InputError(
                "unchanged", "Nothing is changed; to read it again is an action of its own.", "body"
            )
        return {**values, "body": body}

    def plan(self, *, seen: CaseSeen, values: dict[str, Any]) -> Plan:
        reading.need_reason(values)
        return Plan(words="Put a corrected message in its place")

    def perform(self, *, scope: Scope, user: User, seen: CaseSeen, values: dict[str, Any]) -> str:
        """Keep the corrected message beside the one that came."""
        message = next(iter(_messages(scope, seen)), None)
        if message is None:
            raise InputError("no_message", "There is no message to correct.")
        accepted = accept_message(
            connection=message.connection,
            body=str(values["body"]).encode(),
            content_type=message.content_type,
            name=f"corrected by {user}"[:120],
        )
        transaction.on_commit(partial(wake.wake_workers, tier=message.connection.tier))
        return f"Kept as message {accepted.message_id}"


def _begin_run(scope: Scope, user: User, seen: CaseSeen) -> str:
    """Everything that waits for the cause is looked at again, batch by batch, with progress."""
    companies = ExceptionCase.objects.filter(pk=seen.case.id, company_id__in=scope.companies)
    company_id = companies.values_list("company_id", flat=True).first()
    if company_id is None or scope.partners is not None:
        raise InputError("no_message", "There is no message to read again.")
    run = start_run(case_id=seen.case.id, company_id=company_id, who=str(user))
    return f"{words.number(run.total)} looked at again"


def _messages(scope: Scope, seen: CaseSeen) -> list[Message]:
    """The message that the case is about, where this reader may see it."""
    if seen.case.message_id is None or scope.partners is not None:
        return []
    found = Message.objects.filter(
        pk=seen.case.message_id, company_id__in=scope.companies, direction=Message.Direction.IN
    )
    return list(found.select_related("connection"))


def _text(message: Message) -> str | None:
    body = bytes(message.body)
    if len(body) > SHOWN:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
