"""A counterpart in memory: it does each command once, tells its changes in pages, and fails when told to.

Systems are known by their name (the setting `system`), so that connectors made anew reach the same one.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from visibility.core.errors import InputError
from visibility.sync.ports import ChangePage, Delivery, OutgoingCommand

Answer = Callable[[OutgoingCommand], Delivery]


@dataclass
class MemorySystem:
    """The books of one system. `faults`: what the next tries come to instead; True: after the effect."""

    done: dict[UUID, OutgoingCommand] = field(default_factory=dict)
    refusals: dict[UUID, str] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    """Types of commands it will not do, and why."""
    asked: list[UUID] = field(default_factory=list)
    """Every try, in the order they came."""
    changes: list[bytes] = field(default_factory=list)
    faults: deque[tuple[Delivery, bool]] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, command: OutgoingCommand) -> Delivery:
        """One try: done once, answered again under the same id."""
        with self.lock:
            self.asked.append(command.id)
            fault, after = self.faults.popleft() if self.faults else (None, True)
            if fault is not None and not after:
                return fault
            if command.type in self.refuses:
                self.refusals[command.id] = self.refuses[command.type]
            else:
                self.done.setdefault(command.id, command)
            return fault or self.answered(command.id)

    def answered(self, command_id: UUID) -> Delivery:
        """What became of a command; `retry`: it never came."""
        if command_id in self.refusals:
            return Delivery(result="refused", failure="refused", text=self.refusals[command_id])
        if command_id in self.done:
            return Delivery(result="delivered", text="Done.", answer={"state": "done"})
        return Delivery(result="retry", failure="not_found", text="No such command came.")


class MemoryConnector:
    """The way to a system in memory."""

    systems: ClassVar[dict[str, MemorySystem]] = {}

    def __init__(self, *, options: Mapping[str, Any], secret: str) -> None:
        name = options.get("system")
        if not isinstance(name, str) or not name:
            raise InputError("bad_setting", "Name the system.", "system")
        self.system = self.systems.setdefault(name, MemorySystem())

    def send(self, command: OutgoingCommand) -> Delivery:
        """Ask the system."""
        return self.system.take(command)

    def read_back(self, command: OutgoingCommand) -> Delivery:
        """What became of it."""
        with self.system.lock:
            return self.system.answered(command.id)

    def read_changes(self, *, cursor: str, limit: int) -> ChangePage | Delivery:
        """Changes after a number."""
        if cursor and not cursor.isdigit():
            return Delivery(result="refused", failure="invalid", text=f"{cursor} is no cursor.")
        start = int(cursor or 0)
        found = self.system.changes[start : start + limit]
        return ChangePage(
            events=tuple(found),
            cursor=str(start + len(found)),
            more=len(self.system.changes) > start + len(found),
        )
