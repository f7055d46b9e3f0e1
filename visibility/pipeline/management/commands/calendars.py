"""`manage.py calendars FILE [--check] [--again] [--json]`"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from visibility.masterdata.calendar_file import CalendarFileError, read_calendar_file
from visibility.masterdata.services import set_up_calendars
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.switching import look_at_all_again


class Command(AnsweringCommand):
    """Set working calendars, go-live dates and what partners send, from a TOML file."""

    help = "Load working calendars, go-live dates and what partners send from a TOML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a TOML file")
        parser.add_argument("--check", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--again", action="store_true", help="look at all open orders again in any case")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        try:
            with transaction.atomic():
                company, changes = set_up_calendars(file=read_calendar_file(text))
                if options["check"]:
                    transaction.set_rollback(True)
        except CalendarFileError as error:
            lines = [f"{options['file']}: {where}: {text}" for where, text in error.problems]
            raise CommandError("\n".join([*lines, "Nothing was changed."])) from error
        orders = 0
        if not options["check"] and (changes or options["again"]):
            orders = look_at_all_again(company_id=company.pk)
        self._answer(changes, orders, check=options["check"], as_json=options["as_json"])

    def _answer(self, changes: list[str], orders: int, *, check: bool, as_json: bool) -> None:
        if as_json:
            answer_json(self.stdout, {"changed": changes, "orders": orders, "check": check})
            return
        for change in changes:
            self.stdout.write(f"{'would change' if check else 'changed':<14}{change}")
        if check:
            self.stdout.write(f"{len(changes)} changes; nothing was changed")
        else:
            self.stdout.write(f"{len(changes)} changes; the next sweeps look at {orders} orders again")
