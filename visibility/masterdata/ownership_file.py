"""A file that says whose word counts: systems, the connections they speak through, ownership (TOML).

Each `[[ownership]]` is all that is set for one kind of fact at one place, and replaces what was; what the
file does not name stays as it is. Loading it again changes nothing. docs/witnesses.md describes it.
"""

import json
import re
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from visibility.masterdata.models import Ownership

Problem = tuple[str, str]
"""Where, and what is wrong."""
FACTS = tuple(str(fact) for fact in Ownership.Fact.values)
MOST_HOURS = 2000
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")


class OwnershipFileError(Exception):
    """A file that cannot be taken: all that is wrong with it. Nothing of it was set."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{where}: {text}" for where, text in problems))
        self.problems = list(problems)


class CompanyEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose file it is."""

    code: str


class SystemEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A system, and the names of the connections through which it speaks."""

    name: str = ""
    connections: tuple[str, ...] | None = None


class OwnershipEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is what for one kind of fact; without a place, everywhere. Hours by system, false: no deadline."""

    fact: str
    place: str = ""
    primary: str = ""
    primary_hours: int | None = None
    mirrors: dict[str, int | bool] = {}
    echoes: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[str, str, int | None]]:
        """(system, role, hours) of each."""
        if self.primary:
            yield self.primary, Ownership.Role.PRIMARY.value, self.primary_hours
        for system, hours in self.mirrors.items():
            yield system, Ownership.Role.MIRROR.value, None if hours is False else hours
        for system in self.echoes:
            yield system, Ownership.Role.ECHO.value, None


class OwnershipFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What the whole file says."""

    company: CompanyEntry
    systems: dict[str, SystemEntry] = {}
    ownership: tuple[OwnershipEntry, ...] = ()


def read_ownership_file(text: bytes) -> OwnershipFile:
    """What the file says; OwnershipFileError with every place where it cannot be meant."""
    try:
        file = msgspec.toml.decode(text, type=OwnershipFile)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise OwnershipFileError([(where.strip("`").removeprefix("$.") or "file", what)]) from error
    except (msgspec.DecodeError, ValueError) as error:
        raise OwnershipFileError([("file", f"this is no TOML: {error}")]) from error
    problems = [*_wrong_systems(file), *_wrong_ownership(file)]
    if problems:
        raise OwnershipFileError(problems)
    return file


def as_toml(file: OwnershipFile) -> str:
    """The file as text that reads back as the same."""
    lines = ["[company]", f"code = {_quoted(file.company.code)}"]
    for code, system in file.systems.items():
        lines += ["", f"[systems.{_quoted(code)}]", f"name = {_quoted(system.name)}"]
        if system.connections is not None:
            lines.append(f"connections = {_quoted(system.connections)}")
    for own in file.ownership:
        lines += ["", "[[ownership]]", f"fact = {_quoted(own.fact)}"]
        if own.place:
            lines.append(f"place = {_quoted(own.place)}")
        if own.primary:
            lines.append(f"primary = {_quoted(own.primary)}")
        if own.primary_hours is not None:
            lines.append(f"primary_hours = {own.primary_hours}")
        if own.mirrors:
            pairs = ", ".join(f"{_quoted(name)} = {_quoted(hours)}" for name, hours in own.mirrors.items())
            lines.append(f"mirrors = {{ {pairs} }}")
        if own.echoes:
            lines.append(f"echoes = {_quoted(own.echoes)}")
    return "\n".join(lines)


def _quoted(value: str | int | tuple[str, ...]) -> str:
    """JSON writes strings, numbers, booleans and lists of strings as TOML does."""
    return json.dumps(value, ensure_ascii=False)


def _wrong_systems(file: OwnershipFile) -> Iterator[Problem]:
    spoken: dict[str, str] = {}
    for code, system in file.systems.items():
        where = f"systems.{code}"
        if not _CODE.fullmatch(code):
            yield where, "a code has letters, digits, - and _, at most 40"
        if len(system.name) > 120:
            yield f"{where}.name", "a name has at most 120 characters"
        for name in system.connections or ():
            other = spoken.setdefault(name, code)
            if other != code:
                yield f"{where}.connections", f'connection "{name}" speaks for {other} already'


def _wrong_ownership(file: OwnershipFile) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(file.ownership):
        where = f"ownership[{number}]"
        if entry.fact not in FACTS:
            yield f"{where}.fact", f'"{entry.fact}" is none of {", ".join(FACTS)}'
        if (entry.fact, entry.place) in seen:
            yield where, f"{entry.fact} at {entry.place or 'every place'} is there twice"
        seen.add((entry.fact, entry.place))
        if entry.primary_hours is not None and not entry.primary:
            yield f"{where}.primary_hours", "there is no primary"
        systems: set[str] = set()
        for system, _role, hours in entry.rows():
            if system in systems:
                yield where, f'"{system}" has more than one role'
            systems.add(system)
            if hours is True or not (hours is None or 0 <= hours <= MOST_HOURS):
                yield where, f'hours of "{system}": write 0 to {MOST_HOURS}, or false for no deadline'
