"""`manage.py issue_key --connection NAME [--scope ingest|read] [--json]`"""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from visibility.inbox.models import ApiKey, Connection
from visibility.inbox.services import issue_key
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json


class Command(AnsweringCommand):
    """Make an API key; it is shown once and stored hashed."""

    help = "Make an API key for a connection. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--connection", required=True)
        parser.add_argument("--scope", default="ingest", choices=ApiKey.Scope.values)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = Connection.objects.filter(name=options["connection"]).first()
        if connection is None:
            raise CommandError(f"There is no connection {options['connection']}.")
        key = issue_key(connection=connection, scope=ApiKey.Scope(options["scope"]))
        if options["as_json"]:
            answer_json(self.stdout, {"key": key, "connection": connection.name, "scope": options["scope"]})
        else:
            self.stdout.write(key)
