"""What the demo remembers from one run to the next."""

import datetime as dt
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from visibility.core import clock

FILE = "demo.json"


class Note:
    """What the demo remembers from one run to the next, in the state directory."""

    def __init__(self, path: Path, values: dict[str, Any]) -> None:
        self.path = path
        self.anchor = dt.datetime.fromisoformat(values.get("anchor") or clock.now().isoformat())
        self.secret_key: str = values.get("secret_key") or secrets.token_urlsafe(50)
        self.passwords: dict[str, str] = values.get("passwords") or {}
        self.secrets: dict[str, str] = values.get("secrets") or {}
        self.sync_key: str = values.get("sync_key") or Fernet.generate_key().decode()
        self.complete: bool = values.get("complete", False)

    @classmethod
    def read(cls, path: Path) -> "Note":
        """What an earlier run left, or a new note."""
        return cls(path, json.loads(path.read_text()) if path.exists() else {})

    def write(self) -> None:
        """Keep it, readable by its owner alone."""
        known = Note.read(self.path).passwords  # another command may have made people meanwhile
        values = {
            "anchor": self.anchor.isoformat(),
            "secret_key": self.secret_key,
            "passwords": known | self.passwords,
            "secrets": self.secrets,
            "sync_key": self.sync_key,
            "complete": self.complete,
        }
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(values, file)
