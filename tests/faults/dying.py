"""A connector that ends its process at a moment of its choosing, once a mark, as `kill -9` would.

Settings beside those of http_json: `marks`, a folder. A file in it with the name of a moment ("before"
anything is sent, "after" the answer came) is taken away, and the process with it.
"""

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from integrations.connectors.http_json.connector import HttpJsonConnector
from visibility.sync.ports import Delivery, OutgoingCommand


class DyingConnector(HttpJsonConnector):
    """HTTP, but for the tries that it does not survive."""

    def __init__(self, *, options: Mapping[str, Any], secret: str) -> None:
        super().__init__(options=options, secret=secret)
        self._marks = Path(options["marks"])

    def send(self, command: OutgoingCommand) -> Delivery:
        """Ask, or end before or after it."""
        self._die("before")
        delivery = super().send(command)
        self._die("after")
        return delivery

    def _die(self, moment: str) -> None:
        with suppress(FileNotFoundError):
            (self._marks / moment).unlink()
            os.kill(os.getpid(), signal.SIGKILL)
