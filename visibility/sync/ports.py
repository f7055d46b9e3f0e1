"""What a connector is: how commands reach a system, and how its changes are read.

`settings.CONNECTORS` names one implementation a name by dotted string; integrations plug in without being
imported. Every connector passes `tests/contracts/`.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

Json = dict[str, Any]
Result = Literal["delivered", "refused", "retry", "unknown"]
FailureKind = Literal[
    "",
    "refused",  # it understood and will not: for a person
    "invalid",  # it could not read it, or its answer could not be read
    "denied",  # credentials
    "not_found",
    "conflict",
    "throttled",  # 429
    "unavailable",  # 5xx, connection refused: nothing was done
    "timeout",  # sent, no answer: unknown
    "dropped",  # the answer was cut off: unknown
]


class OutgoingDocument(Struct, frozen=True, kw_only=True):
    """A command as its partner reads it: an 850, an ORDCHG. The same bytes and name on every try."""

    body: bytes
    content_type: str
    name: str


class OutgoingCommand(Struct, frozen=True, kw_only=True):
    """A command as a connector sends it. `id` is the idempotency key, the same on every try.

    With a `document` it leaves as that document, else as JSON (`encode_command`).
    """

    id: UUID
    type: str
    data: Json
    correlation_id: UUID | None = None
    created_at: dt.datetime
    document: OutgoingDocument | None = None


def encode_command(command: OutgoingCommand) -> bytes:
    """The command as JSON, whatever document it may leave as elsewhere."""
    told = {name: getattr(command, name) for name in ("id", "type", "data", "correlation_id", "created_at")}
    return msgspec.json.encode(told)


class Delivery(Struct, frozen=True, kw_only=True):
    """What became of one try. `unknown`: it may have been done; it must be read back before another try."""

    result: Result
    failure: FailureKind = ""
    text: str = ""
    status: int | None = None
    answer: Json | None = None
    retry_after: dt.timedelta | None = None


class ChangePage(Struct, frozen=True, kw_only=True):
    """Changes a system tells of, as messages for the inbox; `cursor` is where to read on. Safe to re-read."""

    events: tuple[bytes, ...]
    content_type: str = "application/cloudevents-batch+json"
    cursor: str = ""
    more: bool = False


class Connector(Protocol):
    """One configured way to a system: made of an endpoint's settings and secret. Raises nothing: every
    trouble is a Delivery with its failure kind."""

    def send(self, command: OutgoingCommand) -> Delivery:
        """Ask the system. Only what is sure not to have been done may be `retry`."""

    def read_back(self, command: OutgoingCommand) -> Delivery:
        """What became of a command whose answer was lost: delivered, refused, retry (it is not there) or
        unknown (cannot be found out now)."""

    def read_changes(self, *, cursor: str, limit: int) -> ChangePage | Delivery:
        """What happened since `cursor`, oldest first; a Delivery says why it could not be read.

        Pages may overlap, repeat and come out of order: events bear their identity. An empty cursor is the
        beginning; a page that brings nothing keeps the cursor.
        """


class ConnectorFactory(Protocol):
    """What an entry of settings.CONNECTORS names."""

    def __call__(self, *, options: Mapping[str, Any], secret: str) -> Connector:
        """A connector of an endpoint's settings and its secret in the clear. InputError, with the setting's
        name in `where`, for what makes no sense."""
