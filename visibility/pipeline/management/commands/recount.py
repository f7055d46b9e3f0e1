"""`manage.py recount [--check] [--json]`"""

import sys
from typing import Any

from django.core.management.base import CommandParser

from visibility.pipeline.counters import find_differences, mend
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json


class Command(AnsweringCommand):
    """Compare the counters of the pages with the rows, and put them right."""

    help = "Compare the counters with what they count, and mend them unless --check is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if any is wrong")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = find_differences() if options["check"] else []
        count = len(wrong) if options["check"] else mend()
        if options["as_json"]:
            answer_json(self.stdout, {"wrong": count, "figures": [list(figure) for figure in wrong]})
        else:
            for figure in wrong:
                self.stdout.write(" ".join(str(part) for part in figure))
            done = "wrong" if options["check"] else "mended"
            self.stdout.write(f"{count} counters {done}")
        if wrong:
            sys.exit(1)
