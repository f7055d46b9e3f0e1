"""Commands as files in a folder, answers and changes as files in others.

Settings: `out` (commands), `done` (where the system puts them, or its answers, when it took them; optional)
and `in` (files of events; optional), or `folder`, which has these three in it. A file is written whole or not
at all: under a name no reader looks at, synced, then renamed to `<id>.json`; a command that leaves as a
document (850, ORDCHG) is that document, under its own name, which has the id in it. The name is the
idempotency key: the same command can lie there only once.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from visibility.core.errors import InputError
from visibility.sync.ports import ChangePage, Delivery, OutgoingCommand, encode_command

MOST_BYTES = 4 * 1024 * 1024
SUFFIX = ".json"


class FolderConnector:
    """The way to a system that reads and writes files."""

    def __init__(self, *, options: Mapping[str, Any], secret: str) -> None:
        if "folder" in options:
            options = {name: os.fspath(_folder(options, "folder") / name) for name in ("out", "done", "in")}
            for name in options.values():
                _make(Path(name))
        self._out = _folder(options, "out")
        self._done = _folder(options, "done") if options.get("done") else None
        self._in = _folder(options, "in") if options.get("in") else None

    def send(self, command: OutgoingCommand) -> Delivery:
        """Put the file there, unless it is or was there already."""
        known = self.read_back(command)
        if known.result != "retry":
            return known
        name = _name(command)
        try:
            _write_whole(self._out / name, _content(command))
        except OSError as error:
            return _away(error)
        return Delivery(result="delivered", text=f"Written as {name}.", answer={"file": name})

    def read_back(self, command: OutgoingCommand) -> Delivery:
        """By its name: it lies there, or was taken and perhaps answered."""
        name = _name(command)
        try:
            # Before the other folder: a file that is moved meanwhile is found in one of them.
            if (self._out / name).exists():
                return Delivery(result="delivered", text=f"{name} lies there.", answer={"file": name})
            if self._done is not None and (self._done / name).exists():
                return _answer_of(self._done / name)
            if not self._out.is_dir():
                return _away(FileNotFoundError(f"there is no folder {self._out.name}"))
        except OSError as error:
            return _away(error)
        return Delivery(result="retry", failure="not_found", text=f"{name} is not there.")

    def read_changes(self, *, cursor: str, limit: int) -> ChangePage | Delivery:
        """Files of `in` after the one the cursor names, by their names; files stay where they are."""
        if self._in is None:
            return ChangePage(events=(), cursor=cursor)
        try:
            names = sorted(each.name for each in self._in.iterdir() if _counts(each))
            later = [name for name in names if name > cursor]
            events = [_event(self._in / name) for name in later[:limit]]
        except OSError as error:
            return _away(error)
        except ValueError as error:
            return Delivery(result="unknown", failure="invalid", text=str(error))
        last = later[:limit][-1] if later else cursor
        return ChangePage(events=tuple(events), cursor=last, more=len(later) > limit)


def _folder(options: Mapping[str, Any], name: str) -> Path:
    value = options.get(name)
    if not isinstance(value, str) or not Path(value).is_absolute():
        raise InputError("bad_setting", f'"{name}" is to be the absolute path of a folder.', name)
    return Path(value)


def _make(path: Path) -> None:
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError("bad_setting", f"{path.name} cannot be made: {error.strerror}.", "folder") from error


def _write_whole(path: Path, body: bytes) -> None:
    """Another reader sees all of it under its name or nothing; a power cut changes nothing of that."""
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    with half.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _counts(path: Path) -> bool:
    return path.suffix == SUFFIX and not path.name.startswith(".") and path.is_file()


def _event(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path.name} has more than {MOST_BYTES} bytes.")
    body = path.read_bytes()
    try:
        msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path.name} is no event: {error}") from error
    return body


def _name(command: OutgoingCommand) -> str:
    return command.document.name if command.document else f"{command.id}{SUFFIX}"


def _content(command: OutgoingCommand) -> bytes:
    return command.document.body if command.document else encode_command(command)


def _answer_of(path: Path) -> Delivery:
    """What the system wrote: its own answer with a `state`, or the command as it took it."""
    if path.suffix != SUFFIX:
        return Delivery(result="delivered", text=f"{path.name} was taken.", answer={"file": path.name})
    try:
        told = msgspec.json.decode(path.read_bytes()[:MOST_BYTES], type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Delivery(result="unknown", failure="invalid", text=f"{path.name} cannot be read.")
    text = str(told.get("text", ""))
    if told.get("state") == "refused":
        return Delivery(result="refused", failure="refused", text=text or "Refused.", answer=told)
    own_answer = "state" in told
    answer = told if own_answer else {"file": path.name}
    return Delivery(result="delivered", text=text or f"{path.name} was taken.", answer=answer)


def _away(error: OSError) -> Delivery:
    return Delivery(result="retry", failure="unavailable", text=f"The folder: {error.strerror or error}.")
