"""`manage.py go_live [DATE|none] [--company CODE] [--partner CODE] [--reason TEXT] [--json]`"""

import datetime as dt
import getpass
from typing import Any

from django.core.management.base import CommandError, CommandParser

from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import GoLiveWord
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.management.commands._whom import add_whom, whom
from visibility.pipeline.switching import set_live_from

SHOWN = 50


class Command(AnsweringCommand):
    """Set the day from which orders are watched, of a company or a partner; or tell what was said of it."""

    help = "Set the go-live day of a company or a partner; without a day, print what was said of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "day", nargs="?", help='like 2026-11-01, or "none"; without it the history is told'
        )
        add_whom(parser)
        parser.add_argument("--reason", default="", help="kept with who said it and when")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        company, partner = whom(company=options["company"], partner=options["partner"])
        if options["day"] is None:
            words = GoLiveWord.objects.filter(company=company, partner=partner).order_by("-id")[:SHOWN]
            self._tell([_word(word) for word in words], as_json=options["as_json"])
            return
        orders = set_live_from(
            company=company,
            partner=partner,
            live_from=_day(options["day"]),
            speaker=Speaker(getpass.getuser(), options["reason"]),
        )
        if options["as_json"]:
            answer_json(self.stdout, {"live_from": options["day"], "orders": orders})
            return
        self.stdout.write(
            f"{partner or company}: live from {options['day']}; the next sweeps look at {orders} orders again"
        )

    def _tell(self, words: list[dict[str, str]], *, as_json: bool) -> None:
        if as_json:
            answer_json(self.stdout, words)
            return
        for word in words:
            self.stdout.write("  ".join(value for value in word.values() if value))


def _day(text: str) -> dt.date | None:
    if text == "none":
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f'"{text}" is no day; write it like 2026-11-01, or "none".') from error


def _word(word: GoLiveWord) -> dict[str, str]:
    said = str(word.live_from or "none") if word.what == GoLiveWord.What.LIVE_FROM else word.mode
    return {
        "said_at": f"{word.said_at:%Y-%m-%d %H:%M}Z",
        "what": word.what,
        "kind": word.kind,
        "said": said,
        "who": word.who,
        "reason": word.reason,
    }
