"""`manage.py rebuild_flows [--check] [--json]`"""

import sys
from typing import Any

from django.core.management.base import CommandParser

from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.sweep import rebuild


class Command(AnsweringCommand):
    """Rebuild every order's read model from the ledger, or check that doing so would change nothing."""

    help = "Rebuild flows from the ledger; --check compares beside what is there and changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(rebuild(check=options["check"]))
        if options["as_json"]:
            answer_json(
                self.stdout,
                {
                    "differences": len(found),
                    "flows": [{"correlation_id": flow, "differs": what} for flow, what in found],
                },
            )
        else:
            for flow, what in found:
                self.stderr.write(f"{flow}: {what}")
            self.stdout.write(f"{len(found)} differences")
        if options["check"] and found:
            sys.exit(1)
