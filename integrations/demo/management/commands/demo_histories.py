"""`manage.py demo_histories FOLDER [--only NAME]`: both real histories, to be looked at in the demo."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.demo.histories import HISTORIES, READER, RealHistory, enter_history, enter_reader
from integrations.demo.note import FILE, Note
from visibility.servers.places import find_state_directory


class Command(BaseCommand):
    """Bring the histories of a folder into the demo; run again, it goes on where it was."""

    help = "Bring the real histories of FOLDER into the demo, running or not (docs/cut-over.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--only", choices=[each.name for each in HISTORIES], help="one of them alone")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        wanted = [each for each in HISTORIES if options["only"] in (None, each.name)]
        there = [each for each in wanted if (folder / each.file).is_file()]
        for each in wanted:
            if each not in there:
                self.stderr.write(f"{each.file} is not in {folder}; it is left out.")
        if not there:
            raise CommandError(f"No history lies in {folder}: {', '.join(each.file for each in wanted)}.")
        call_command("migrate", verbosity=0)
        connections = [enter_history(history=each) for each in there]
        note = Note.read(find_state_directory() / FILE)
        note.passwords[READER[0]] = enter_reader(connections=connections, passwords=note.passwords)
        note.write()
        for each in there:
            self._bring_in(folder, each)
        username, first, last, role = READER
        self.stdout.write(
            f"\nSign in as {username}, password {note.passwords[username]} "
            f"({first} {last}, {role.label.lower()}), to see them."
        )

    def _bring_in(self, folder: Path, history: RealHistory) -> None:
        self.stdout.write(f"{history.company}, from {history.file}")
        call_command(
            "import_history",
            str(folder / history.file),
            mapping=str(history.mapping),
            connection=history.name,
            unusable=find_state_directory() / f"{history.name}.unusable.csv",
            stdout=self.stdout,
            stderr=self.stderr,
        )
