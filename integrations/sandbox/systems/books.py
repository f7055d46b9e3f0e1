"""What a system keeps: its lines, the commands it carried out, the changes it tells. One SQLite file each.

A command, its effect, its answer and the changes it makes are written in one transaction under the command's
id: the same command sent again is answered again, and done once.
"""

import datetime as dt
import json
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
KEPT = ("item", "unit", "ordered", "confirmed", "expected_on", "supplier", "place", "price")
"""What is kept of a line, beside its order's number and its own."""
TABLES = """
CREATE TABLE IF NOT EXISTS lines (
  number TEXT, line TEXT, item TEXT, unit TEXT, ordered TEXT, confirmed TEXT, expected_on TEXT, supplier TEXT,
  place TEXT, price TEXT, PRIMARY KEY (number, line));
CREATE TABLE IF NOT EXISTS commands (
  id TEXT PRIMARY KEY, type TEXT, data TEXT, state TEXT, answer TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS changes (n INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT);
CREATE TABLE IF NOT EXISTS notes (n INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT, text TEXT);
"""


class RefusedError(Exception):
    """The system understood and will not; the text says why, for the person who asked."""


@dataclass
class Done:
    """What carrying a command out came to: words for people, and the changes it made, as (type, data)."""

    words: str
    changes: list[tuple[str, Json]] = field(default_factory=list)
    answer: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the caller is told; `again`: the command had been answered before."""

    state: str
    body: Json
    again: bool = False


Handler = Callable[["Books", Json], Done]


class Books:
    """The books of one system. Safe to use from several threads: one at a time writes."""

    def __init__(self, path: Path, *, source: str) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + TABLES)
        self._lock = threading.Lock()
        self.source = source

    def enter(self, lines: Iterable[Json]) -> None:
        """Lines the system knows from the beginning; those it has are left as they are."""
        names = ("number", "line", *KEPT)
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                f"INSERT OR IGNORE INTO lines ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
                ([each.get(name) for name in names] for each in lines),
            )
            self._database.execute("COMMIT")

    def carry_out(self, *, command_id: str, kind: str, data: Json, handler: Handler | None) -> Answer:
        """Do what is asked, once. A refusal is an answer too, and stands."""
        with self._lock:
            known = self.answered(command_id)
            if known is not None:
                return Answer(known.state, known.body, again=True)
            self._database.execute("BEGIN IMMEDIATE")
            try:
                answer, changes = self._do(kind, data, handler)
                now = dt.datetime.now(dt.UTC).isoformat()
                self._database.execute(
                    "INSERT INTO commands VALUES (?, ?, ?, ?, ?, ?)",
                    (command_id, kind, json.dumps(data), answer.state, json.dumps(answer.body), now),
                )
                for number, (type_, told) in enumerate(changes):
                    self._database.execute(
                        "INSERT INTO changes (event) VALUES (?)",
                        (json.dumps(self._event(f"{command_id}-{number}", type_, told, now)),),
                    )
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
            return answer

    def _do(self, kind: str, data: Json, handler: Handler | None) -> tuple[Answer, list[tuple[str, Json]]]:
        if handler is None:
            return Answer("refused", {"text": f"{kind} is nothing this system does"}), []
        self._database.execute("SAVEPOINT effect")
        try:
            done = handler(self, data)
        except RefusedError as error:
            self._database.execute("ROLLBACK TO effect")
            return Answer("refused", {"text": str(error)}), []
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            self._database.execute("ROLLBACK TO effect")
            return Answer("refused", {"text": f"{kind} could not be read: {error!r}"}), []
        return Answer("done", {"text": done.words, **done.answer}), done.changes

    def _event(self, event_id: str, type_: str, data: Json, now: str) -> Json:
        """A change as a CloudEvent whose id stays the same however often it is read."""
        return {
            "specversion": "1.0",
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.source}/{event_id}")),
            "source": self.source,
            "type": type_,
            "time": now,
            "data": {**data, "issued_at": now},
        }

    def answered(self, command_id: str) -> Answer | None:
        """What a command was answered; None if it never came."""
        row = self._database.execute(
            "SELECT state, answer FROM commands WHERE id = ?", (command_id,)
        ).fetchone()
        return None if row is None else Answer(row[0], json.loads(row[1]))

    def changes(self, *, after: int, limit: int) -> tuple[list[Json], int, bool]:
        """Changes after a number, oldest first; the number to go on from, and whether there are more."""
        rows = self._database.execute(
            "SELECT n, event FROM changes WHERE n > ? ORDER BY n LIMIT ?", (after, limit + 1)
        ).fetchall()
        page = rows[:limit]
        return [json.loads(event) for _, event in page], page[-1][0] if page else after, len(rows) > limit

    def line(self, *, number: str, line: str) -> Json:
        """A line of the books. RefusedError if there is none."""
        known = self.known_line(number=number, line=line)
        if known is None:
            raise RefusedError(f"order {number} has no line {line} here")
        return known

    def known_line(self, *, number: str, line: str) -> Json | None:
        """A line of the books, if there is one."""
        row = self._database.execute(
            f"SELECT {', '.join(KEPT)} FROM lines WHERE number = ? AND line = ?", (number, line)
        ).fetchone()
        return None if row is None else dict(zip(KEPT, row, strict=True))

    def next_number(self) -> int:
        """A number that no line bears yet."""
        row = self._database.execute("SELECT count(*) FROM lines WHERE number LIKE 'D-%'").fetchone()
        return 1001 + int(row[0])

    def set_line(self, *, number: str, line: str, **values: str | None) -> None:
        """Change a line; called by handlers, within their command's transaction."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._database.execute(
            f"UPDATE lines SET {names} WHERE number = ? AND line = ?", (*values.values(), number, line)
        )

    def add_line(self, **values: str | None) -> None:
        """Enter a new line; called by handlers."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._database.execute(
            f"INSERT OR REPLACE INTO lines ({names}) VALUES ({marks})", (*values.values(),)
        )

    def count(self, *, kind: str = "") -> int:
        """How many commands were carried out, refused ones not counted."""
        row = self._database.execute(
            "SELECT count(*) FROM commands WHERE state = 'done' AND (type = ? OR ? = '')", (kind, kind)
        ).fetchone()
        return int(row[0])

    def commands(self) -> list[Json]:
        """All commands in the order they were answered, for whoever wants to look."""
        rows = self._database.execute(
            "SELECT id, type, data, state, answer, at FROM commands ORDER BY at, rowid"
        ).fetchall()
        return [
            {"id": i, "type": t, "data": json.loads(d), "state": s, "answer": json.loads(a), "at": at}
            for i, t, d, s, a, at in rows
        ]

    def lines(self) -> list[Json]:
        """All lines, for whoever wants to look."""
        cursor = self._database.execute("SELECT * FROM lines ORDER BY number, line")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
