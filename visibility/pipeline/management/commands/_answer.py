"""How commands answer: stdout is the answer alone, everything else goes to stderr."""

import json
from typing import Any

from django.core.management.base import OutputWrapper


def answer_json(stdout: OutputWrapper, value: Any) -> None:
    """Pure JSON on stdout."""
    stdout.write(json.dumps(value, ensure_ascii=False, indent=2))
