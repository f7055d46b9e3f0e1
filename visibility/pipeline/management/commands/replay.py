"""`manage.py replay MESSAGE_ID...`"""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from visibility.inbox.models import Message
from visibility.inbox.selectors import status_of
from visibility.inbox.services import replay_message
from visibility.pipeline import wake
from visibility.pipeline.management.commands._answer import AnsweringCommand
from visibility.pipeline.worker import drain


class Command(AnsweringCommand):
    """Translate messages again; the new entries supersede those of the earlier translation."""

    help = "Translate messages again, as today's mappings and master data have it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("message_ids", nargs="+", type=UUID, metavar="MESSAGE_ID")

    def handle(self, *args: Any, **options: Any) -> None:
        ids: list[UUID] = options["message_ids"]
        for message_id in ids:
            try:
                replay_message(message_id=message_id)
            except Message.DoesNotExist as error:
                raise CommandError(f"There is no received message {message_id}.") from error
        drain(message_ids=ids, announce=wake.announce)
        outcomes = status_of(message_ids=ids)
        for message_id in ids:
            outcome = outcomes.get(message_id)
            told = f"{outcome.status}, {outcome.entries} entries" if outcome else "being worked on"
            self.stdout.write(f"{message_id}: {told}")
