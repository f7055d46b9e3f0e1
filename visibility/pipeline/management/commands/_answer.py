"""How commands answer: stdout is the answer alone, everything else goes to stderr."""

import json
import os
import sys
from typing import Any, TextIO

from django.core.management.base import BaseCommand, OutputWrapper

_SIGPIPE = 141
"""What a shell reports of a program whose reader left, as of `cat big | head`."""


class ReaderGoneError(Exception):
    """Nobody reads stdout any more."""


class _Told:
    """Standard output that says apart its own broken pipe from that of any other connection."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> None:
        try:
            self._out.write(text)
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def flush(self) -> None:
        try:
            self._out.flush()
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def isatty(self) -> bool:
        return self._out.isatty()


class AnsweringCommand(BaseCommand):
    """A command that can be read by `head`: when the reader has enough it ends without complaint."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        told = _Told(options.get("stdout") or sys.stdout)
        try:
            answer: str | None = super().execute(*args, **{**options, "stdout": told})
            told.flush()
        except ReaderGoneError:
            # What is still buffered goes nowhere, so that the interpreter's last flush does not complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_SIGPIPE)
        return answer


def answer_json(stdout: OutputWrapper, value: Any) -> None:
    """Pure JSON on stdout."""
    stdout.write(json.dumps(value, ensure_ascii=False, indent=2))
