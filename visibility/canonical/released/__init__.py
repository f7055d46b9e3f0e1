"""The JSON Schemas as they were last released, kept so that a break is seen before a partner sees it."""

import json
from pathlib import Path
from typing import Any

RELEASED = Path(__file__).with_name("v1.json")


def read_released() -> dict[str, dict[str, Any]]:
    """The schemas of the last release by name; none before the first."""
    if not RELEASED.exists():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(RELEASED.read_text())
    return found
