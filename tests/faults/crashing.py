"""Translators that end their process at once when a message holds the magic words.

That is what running out of memory looks like from outside: no exception, no last words, no lease given back.
"""

import os
import signal
from collections.abc import Iterator

from integrations.mappings.cloudevents import CloudEventTranslator
from integrations.mappings.x12.translator import X12Translator
from visibility.inbox.ports import Unit, VerbatimMessage

MAGIC = b"this-message-kills-its-worker"


def _die_of(message: VerbatimMessage) -> None:
    if MAGIC in message.body:
        os.kill(os.getpid(), signal.SIGKILL)


class CrashingX12(X12Translator):
    """X12, but for the messages that kill."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        """The units of the message, or the end of this process."""
        _die_of(message)
        return super().translate(message)


class CrashingCloudEvents(CloudEventTranslator):
    """CloudEvents, but for the messages that kill."""

    def translate(self, message: VerbatimMessage) -> Iterator[Unit]:
        """The units of the message, or the end of this process."""
        _die_of(message)
        return super().translate(message)
