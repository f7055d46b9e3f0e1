"""`manage.py sweep [--as-of ISO_TIME] [--json]`"""

import datetime as dt
import math
from typing import Any

from django.core.management.base import CommandError, CommandParser

from visibility.core import clock
from visibility.pipeline import wake
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.sweep import sweep_due


class Command(AnsweringCommand):
    """Look again at orders whose deadline has passed."""

    help = "Re-evaluate orders whose deadline has passed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", default="", help="as if it were this time (ISO 8601, UTC if no zone)")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = clock.now()
        if options["as_of"]:
            try:
                as_of = dt.datetime.fromisoformat(options["as_of"])
            except ValueError as error:
                raise CommandError(f"{options['as_of']} is no ISO 8601 time.") from error
            as_of = as_of if as_of.tzinfo else as_of.replace(tzinfo=dt.UTC)
        flows = sweep_due(as_of=as_of, announce=wake.announce, seconds=math.inf)
        if options["as_json"]:
            answer_json(self.stdout, {"as_of": as_of.isoformat(), "flows": flows})
        else:
            self.stdout.write(f"{flows} orders looked at as of {as_of.isoformat()}")
