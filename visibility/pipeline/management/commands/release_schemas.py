"""Writes the JSON Schemas of today as those that were released: what later versions are compared with."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from visibility.canonical.compatibility import breaks
from visibility.canonical.released import RELEASED, read_released
from visibility.canonical.schemas import find_schema, schema_names


class Command(BaseCommand):
    """Refuses where someone who keeps to the last release would be broken; that needs a new version."""

    help = "Release the JSON Schemas as they are now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what would break")

    def handle(self, *args: Any, **options: Any) -> None:
        now = {name: find_schema(name) or {} for name in schema_names()}
        broken = breaks(released=read_released(), now=now)
        for line in broken:
            self.stderr.write(line)
        if broken:
            self.stderr.write("Nothing was written. A break needs a new version of the contract.")
            raise SystemExit(1)
        if not options["check"]:
            RELEASED.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")
            self.stdout.write(f"{len(now)} schemas released.")
