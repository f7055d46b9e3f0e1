"""`manage.py cases [--queue NAME] [--json]`"""

from typing import Any

from django.core.management.base import CommandParser

from visibility.access.scopes import everything
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.trace import case_dict
from visibility.triage.findings import QUEUES
from visibility.triage.lists import list_cases
from visibility.triage.selectors import CaseRow

PAGE = 1000


class Command(AnsweringCommand):
    """List what is wrong."""

    help = "List exception cases; open ones unless told otherwise."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", default="", choices=["", *QUEUES])
        parser.add_argument("--state", default="", choices=["", "open", "closed"], help="all if not given")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(self._all(options["queue"], options["state"]))
        if options["as_json"]:
            answer_json(self.stdout, [case_dict(row) for row in rows])
            return
        for row in rows:
            self.stdout.write(f"{row.id:<7}{row.state:<12}{row.queue:<26}{row.summary}")

    def _all(self, queue: str, state: str) -> list[CaseRow]:
        scope, cursor, rows = everything(), "", []
        while True:
            page = list_cases(scope=scope, queue=queue, state=state, cursor=cursor, limit=PAGE)
            rows += page.rows
            if not page.next_cursor:
                return rows
            cursor = page.next_cursor
