"""`manage.py ownership [FILE] [--company CODE] [--check] [--json]`"""

from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from visibility.inbox.models import Connection
from visibility.inbox.systems import set_connections
from visibility.masterdata.models import Company, System
from visibility.masterdata.ownership_file import (
    CompanyEntry,
    OwnershipFile,
    OwnershipFileError,
    SystemEntry,
    as_toml,
    read_ownership_file,
)
from visibility.masterdata.ownership_setting import set_up_ownership, stored_entries
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.switching import look_at_all_again


class Command(AnsweringCommand):
    """Set whose word counts from a TOML file; without a file print the settings as one."""

    help = "Load systems and ownership from a TOML file; without a file print what is set, as such a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="a TOML file; without it the settings are printed")
        parser.add_argument("--company", help="whose settings to print; needed where there are several")
        parser.add_argument("--check", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is None:
            self._print(options["company"], as_json=options["as_json"])
            return
        try:
            text = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        try:
            company, changes = _set(read_ownership_file(text), check=options["check"])
        except OwnershipFileError as error:
            lines = [f"{options['file']}: {where}: {text}" for where, text in error.problems]
            raise CommandError("\n".join([*lines, "Nothing was changed."])) from error
        orders = look_at_all_again(company_id=company.pk) if changes and not options["check"] else 0
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
            self.stdout.write(
                f"{len(changes)} changes; the next sweeps look at {orders} open orders again, "
                "rebuild_flows at all of them"
            )

    def _print(self, code: str | None, *, as_json: bool) -> None:
        companies = list(Company.objects.filter(code=code) if code else Company.objects.all()[:2])
        if len(companies) != 1:
            raise CommandError(f"There is no company {code}." if code else "Say which company: --company.")
        (company,) = companies
        file = OwnershipFile(
            company=CompanyEntry(company.code),
            systems={
                system.code: SystemEntry(system.name, _connections(system))
                for system in System.objects.filter(company=company).order_by("code")
            },
            ownership=tuple(stored_entries(company=company)),
        )
        if as_json:
            answer_json(self.stdout, msgspec.to_builtins(file))
        else:
            self.stdout.write(as_toml(file))


def _set(file: OwnershipFile, *, check: bool) -> tuple[Company, list[str]]:
    with transaction.atomic():
        company, changes = set_up_ownership(file=file)
        problems = []
        for code, system in file.systems.items():
            if system.connections is None:
                continue
            changed, missing = set_connections(company=company, system=code, names=system.connections)
            changes += [f"connections.{name}" for name in changed]
            where = f"systems.{code}.connections"
            problems += [(where, f'there is no connection "{name}"') for name in missing]
        if problems:
            raise OwnershipFileError(problems)
        if check:
            transaction.set_rollback(True)
    return company, changes


def _connections(system: System) -> tuple[str, ...]:
    names = Connection.objects.filter(system=system).order_by("name").values_list("name", flat=True)
    return tuple(names)
