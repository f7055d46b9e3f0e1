"""`manage.py ingest PATH... --connection NAME [--wait] [--json]`"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from visibility.core import clock
from visibility.core.errors import InputError
from visibility.inbox.models import Connection
from visibility.inbox.selectors import status_of
from visibility.inbox.services import accept_message
from visibility.pipeline import wake
from visibility.pipeline.intake import content_type_of
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.sweep import sweep_due
from visibility.pipeline.worker import drain

PROGRESS_EVERY = 500


class Command(AnsweringCommand):
    """Bring in files as a sender's messages, and say what became of each."""

    help = "Bring in documents: files, folders, or - for standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--connection", required=True)
        parser.add_argument("--wait", action="store_true", help="run the pipeline in this process")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = Connection.objects.filter(name=options["connection"]).first()
        if connection is None:
            names = ", ".join(Connection.objects.order_by("name").values_list("name", flat=True))
            raise CommandError(f"There is no connection {options['connection']}. There are: {names}.")
        results = [self._take(connection, name, body) for name, body in self._read(options["paths"])]
        waiting = [r["message_id"] for r in results if r["message_id"]]
        if options["wait"]:
            self.stderr.write(f"Processing {len(waiting)} messages")
            drain(message_ids=waiting, announce=wake.announce)
            sweep_due(as_of=clock.now(), announce=wake.announce, unless_waiting=True, seconds=math.inf)
        elif waiting:
            wake.wake_workers(tier=connection.tier)
        self._fill_in(results)
        self._answer(results, as_json=options["as_json"])
        if any(result["status"] == "rejected" for result in results):
            sys.exit(1)

    def _read(self, paths: list[str]) -> Iterator[tuple[str, bytes]]:
        for number, path in enumerate(_files(paths), 1):
            if number % PROGRESS_EVERY == 0:
                self.stderr.write(f"{number} files")
            if path == "-":
                yield "-", sys.stdin.buffer.read()
                continue
            try:
                yield path, Path(path).read_bytes()
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _take(self, connection: Connection, path: str, body: bytes) -> dict[str, Any]:
        result: dict[str, Any] = {
            "path": path,
            "message_id": None,
            "status": "rejected",
            "duplicate": False,
            "entries": 0,
            "problems": [],
        }
        try:
            accepted = accept_message(
                connection=connection,
                body=body,
                content_type=content_type_of(body=body, name=path),
                name=Path(path).name if path != "-" else "",
            )
        except InputError as error:
            result["problems"] = [{"code": error.code, "where": error.where, "text": error.text}]
            return result
        return result | {
            "message_id": accepted.message_id,
            "status": "received",
            "duplicate": accepted.duplicate,
        }

    def _fill_in(self, results: list[dict[str, Any]]) -> None:
        outcomes = status_of(message_ids=[r["message_id"] for r in results if r["message_id"]])
        for result in results:
            outcome = outcomes.get(result["message_id"])
            if outcome is not None:
                result["status"] = outcome.status
                result["entries"] = outcome.entries
                result["problems"] = [
                    {"code": p["code"], "where": p.get("where", ""), "text": p["text"]}
                    for p in outcome.problems
                ]
            if result["message_id"]:
                result["message_id"] = str(result["message_id"])

    def _answer(self, results: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            answer_json(self.stdout, results)
            return
        for result in results:
            repeat = ", seen before" if result["duplicate"] else ""
            self.stdout.write(f"{result['status']:<10}{result['path']}: {result['entries']} entries{repeat}")
            for problem in result["problems"]:
                self.stdout.write(f"          {problem['where'] or 'message'}: {problem['text']}")


def _files(paths: list[str]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from sorted(str(file) for file in Path(path).rglob("*") if file.is_file())
        else:
            yield path
