"""`manage.py import_history FILE --mapping FILE.toml --connection NAME [--as-of DATE] [--json]`"""

import datetime as dt
import json
import math
import time
from functools import partial
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.module_loading import import_string

from visibility.core import clock
from visibility.core.errors import InputError
from visibility.inbox.history import begin_reading, end_reading, rows_waiting
from visibility.inbox.models import Connection, History
from visibility.inbox.ports import HistoryPlan, HistoryReader
from visibility.pipeline import wake
from visibility.pipeline.history.digests import digest_of
from visibility.pipeline.history.figures import Figures, figures_of, unusable_parts
from visibility.pipeline.history.importing import bring_in
from visibility.pipeline.history.progress import Teller
from visibility.pipeline.history.trial import Trial, try_out
from visibility.pipeline.management.commands._answer import AnsweringCommand
from visibility.pipeline.sweep import sweep_due


class Command(AnsweringCommand):
    """Bring in years of rows from a file, as a mapping says; run again, it goes on where it was."""

    help = "Bring in a history: a CSV or JSON Lines file, plain or .gz (docs/import-history.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--mapping", required=True, type=Path, metavar="FILE.toml")
        parser.add_argument("--connection", required=True, metavar="NAME")
        parser.add_argument("--as-of", metavar="DATE")
        parser.add_argument("--unusable", type=Path, metavar="FILE", help="where rows that cannot be used go")
        parser.add_argument(
            "--check",
            nargs="?",
            type=int,
            const=-1,
            metavar="ROWS",
            help="read all rows, or so many, say what they would become, and change nothing",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        path, mapping = Path(options["file"]), Path(options["mapping"])
        connection = _connection(options["connection"])
        as_of = _day(options["as_of"])
        plan = _plan(path, mapping)
        for note in plan.notes:
            self.stderr.write(note)
        today = clock.now().astimezone(ZoneInfo(connection.company.time_zone)).date()
        if options["check"] is not None:
            self._check(plan, options["check"], as_of=as_of or today, as_json=options["as_json"])
            return
        unusable = _unusable_path(path, options["unusable"], plan)
        found = begin_reading(
            connection=connection,
            mapping_name=plan.name,
            file_name=path.name,
            file_digest=digest_of(path),
            mapping=mapping.read_text(encoding="utf-8"),
            fingerprint=plan.fingerprint,
            as_of=as_of,
            today=today,
        )
        broken = None
        if not found.ended:
            teller = Teller(
                out=self.stderr,
                size=path.stat().st_size,
                waiting=partial(rows_waiting, history=found.reading.history),
            )
            broken = bring_in(reading=found.reading, connection=connection, plan=plan, tell=teller)
            sweep_due(as_of=clock.now(), announce=wake.announce, unless_waiting=True, seconds=math.inf)
            if broken is None:
                end_reading(reading=found.reading)
        history = found.reading.history
        figures = figures_of(history=history, again=found.ended)
        if figures.unusable:
            self._keep_unusable(plan, history, unusable, figures)
        self._answer(figures, seconds=time.monotonic() - begun, as_json=options["as_json"])
        if broken is not None:
            raise CommandError(f"{broken.where}: {broken.text}.")

    def _keep_unusable(self, plan: HistoryPlan, history: History, path: Path, figures: Figures) -> None:
        with plan.keep_unusable(path) as out:
            for body, rows in unusable_parts(history=history):
                out.write(body, rows)
        self.stderr.write(
            f"{figures.unusable:,} rows could not be used; they are in {path.name} with the reasons. "
            "Correct them there and import that file with the same mapping."
        )

    def _answer(self, figures: Figures, *, seconds: float, as_json: bool) -> None:
        told: dict[str, int | float] = {
            "rows": figures.rows,
            "entries": figures.entries,
            "duplicates": figures.duplicates,
            "unusable": figures.unusable,
            "orders": figures.orders,
            "lines": figures.lines,
            "seconds": round(seconds, 1),
        }
        if figures.skipped:
            told["skipped"] = figures.skipped
        if as_json:
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(", ".join(f"{name} {value:,}" for name, value in told.items()))

    def _check(self, plan: HistoryPlan, most: int, *, as_of: dt.date, as_json: bool) -> None:
        try:
            trial = try_out(plan=plan, as_of=as_of, most=most if most >= 0 else None)
        except InputError as error:
            raise CommandError(f"{error.where}: {error.text}.") from error
        if as_json:
            self.stdout.write(json.dumps(msgspec.to_builtins(trial), ensure_ascii=False))
            return
        self._say(trial)

    def _say(self, trial: Trial) -> None:
        for sample in trial.samples:
            self.stdout.write(f"{sample.where} becomes:")
            for document in sample.documents:
                self.stdout.write("    " + json.dumps(document, ensure_ascii=False))
        for reason in trial.reasons:
            self.stdout.write(f"{reason.rows:,} × {reason.text} (first: {reason.where})")
        said = ", ".join(f"{count:,} {name}" for name, count in sorted(trial.documents.items()))
        self.stdout.write(
            f"{trial.rows:,} rows: {trial.used:,} usable, {trial.unusable:,} unusable, "
            f"{trial.skipped:,} left out; they become {said or 'nothing'}. Nothing was written."
        )


def _connection(name: str) -> Connection:
    connection = Connection.objects.select_related("company").filter(name=name).first()
    if connection is None:
        names = ", ".join(Connection.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(f"There is no connection {name}. There are: {names}.")
    return connection


def _plan(path: Path, mapping: Path) -> HistoryPlan:
    reader = cast(HistoryReader, import_string(settings.HISTORY_READER)())
    try:
        text = mapping.read_text(encoding="utf-8")
        return reader.plan(path=path, mapping=text, mapping_name=mapping.name)
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{mapping} is not UTF-8: {error.reason}.") from error
    except InputError as error:
        raise CommandError(f"{error.where}: {error.text}.") from error


def _day(told: str | dt.date | None) -> dt.date | None:
    if told is None or isinstance(told, dt.date):
        return told
    try:
        return dt.datetime.fromisoformat(told).date()
    except ValueError as error:
        raise CommandError(f"--as-of {told} is no date; write it like 2024-06-30.") from error


def _unusable_path(path: Path, asked: str | Path | None, plan: HistoryPlan) -> Path:
    stem = path.name.removesuffix(".gz").removesuffix(path.suffix if path.suffix != ".gz" else "")
    stem = stem.removesuffix(plan.suffix)
    found = Path(asked) if asked else Path(f"{stem}.unusable{plan.suffix}")
    if found.exists() and found.samefile(path):
        raise CommandError(f"{found} is the file that is imported; name another for the unusable rows.")
    return found
