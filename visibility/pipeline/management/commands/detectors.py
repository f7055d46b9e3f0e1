"""`manage.py detectors silent|live|as-company [--company CODE] [--partner CODE] [--kind KIND] [--json]`"""

import getpass
from typing import Any

from django.core.management.base import CommandError, CommandParser

from visibility.core.errors import InputError
from visibility.masterdata.golive import Mode, Speaker
from visibility.pipeline import wake
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.management.commands._whom import add_whom, whom
from visibility.pipeline.switching import open_what_is_live, switch_detectors
from visibility.triage.watching import KINDS

MODES: dict[str, Mode] = {"silent": "silent", "live": "live", "as-company": "inherit"}


class Command(AnsweringCommand):
    """Switch detectors off and on: of a company or of one partner, all of them or one kind."""

    help = "Make detectors silent, or live; what was found silently and is true still becomes cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mode", choices=list(MODES))
        add_whom(parser)
        parser.add_argument("--kind", default="", choices=["", *KINDS], help="one kind only; else all")
        parser.add_argument("--reason", default="", help="kept with who said it and when")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        company, partner = whom(company=options["company"], partner=options["partner"])
        try:
            switch_detectors(
                company=company,
                partner=partner,
                kind=options["kind"],
                mode=MODES[options["mode"]],
                speaker=Speaker(getpass.getuser(), options["reason"]),
            )
        except InputError as error:
            raise CommandError(error.text) from error
        company.refresh_from_db()
        orders = open_what_is_live(company=company, announce=wake.announce)
        if options["as_json"]:
            answer_json(self.stdout, {"mode": options["mode"], "orders": orders})
            return
        what = options["kind"] or "all detectors"
        self.stdout.write(f"{what} of {partner or company}: {options['mode']}; {orders} orders looked at")
