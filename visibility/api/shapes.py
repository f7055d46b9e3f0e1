"""What the API answers, for its description. Answers are plain values; tests hold them against these."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from visibility.api import examples

Status = Literal["received", "processed", "held", "rejected", "sent"]
DecimalText = Field(None, pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="A decimal, as a string.")


class Shape(Schema):
    """A shape that has its own fields only."""

    model_config = ConfigDict(extra="forbid")


class Fault(Shape):
    """One located fault of a request or a message."""

    code: str
    where: str = Field(description="Segment and element, JSON pointer, header or parameter; or empty.")
    text: str


class ProblemDetails(Schema):
    """RFC 9457 problem details."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"example": examples.CONFLICT})

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault]


class Receipt(Shape):
    """The message is committed. `duplicate`: it had been before, under the same id."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": examples.RECEIPT})

    message_id: UUID
    status: Status
    duplicate: bool
    status_url: str


class MessageStatus(Shape):
    """What became of a message. `received` until its work is done."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": examples.MESSAGE})

    message_id: UUID
    connection: str
    direction: Literal["in", "out"]
    content_type: str
    name: str
    size: int = Field(description="Bytes.")
    received_at: dt.datetime
    status: Status
    duplicate: bool = Field(description="False: what is kept came first.")
    entries: int = Field(description="Ledger entries it became.")
    document_types: list[str]
    problems: list[Fault]
    status_url: str


class Order(Shape):
    """The order's own head."""

    number: str
    release: str
    type: str
    supplier: str
    ship_to: str
    ordered_on: dt.date | None


class DatedQuantity(Shape):
    """A quantity asked for or promised for a date. `basis` says what the date is of."""

    quantity: str | None = DecimalText
    date: dt.date | None
    basis: str


class Count(Shape):
    """What happened, and nobody told how much: how often, and how often an earlier one was taken back."""

    what: str
    times: int
    taken_back: int
    first_at: dt.datetime | None
    last_at: dt.datetime | None


class FlowLine(Shape):
    """A line: ordered, confirmed, shipped, received, invoiced, in its unit. Null: nobody said."""

    line: str
    item: str
    unit: str
    ordered: str | None = DecimalText
    confirmed: str | None = DecimalText
    backordered: str | None = DecimalText
    rejected: str | None = DecimalText
    shipped: str | None = DecimalText
    received: str | None = DecimalText
    invoiced: str | None = DecimalText
    unit_price: str | None = DecimalText
    worth: str | None = DecimalText
    counts: list[Count]
    requests: list[DatedQuantity]
    promises: list[DatedQuantity]


class Milestone(Shape):
    """A step of the order's life."""

    name: str
    state: Literal["done", "not_due", "due", "overdue", "not_applicable", "unknown"]
    planned_at: dt.datetime | None
    due_at: dt.datetime | None
    estimated_at: dt.datetime | None
    first_at: dt.datetime | None
    actual_at: dt.datetime | None


class Entry(Shape):
    """One recorded fact."""

    position: int
    type: str
    occurred_at: dt.datetime | None
    recorded_at: dt.datetime
    source: str
    message_id: UUID
    summary: str


class CaseOfFlow(Shape):
    """A case on an order."""

    id: int
    kind: str
    queue: str
    state: str
    line: str | None
    summary: str


class Flow(Shape):
    """One order, end to end."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": examples.FLOW})

    correlation_id: UUID
    aliases: list[UUID]
    workflow: str
    order: Order
    state: str
    sentence: str
    counts: list[Count]
    lines: list[FlowLine]
    milestones: list[Milestone]
    entries: list[Entry]
    cases: list[CaseOfFlow]


class Case(Shape):
    """Something wrong that people work on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": examples.CASE})

    id: int
    kind: str
    queue: str
    state: Literal["new", "in_progress", "waiting", "resolved", "closed", "reopened"]
    severity: str
    correlation_id: UUID | None
    line: str | None
    summary: str
    opened_at: dt.datetime


class LedgerEntry(Shape):
    """One recorded fact, as the feed gives it."""

    position: int = Field(description="Its number, once and for all. Entries do not come in this order.")
    type: str
    recorded_at: dt.datetime
    occurred_at: dt.datetime | None
    correlation_ids: list[UUID] = Field(description="The orders it is about, as far as known now.")
    source: str = Field(description="The connection it came by.")
    message_id: UUID
    translation: int = Field(description="A later one of the same message supersedes the earlier.")
    superseded: bool = Field(description="A later translation said something instead.")
    document: dict[str, Any] = Field(description="The canonical document; its schema is named by `type`.")


class LedgerPage(Shape):
    """A page of the feed. Keep `cursor`, also of an empty page: it is where to go on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": examples.LEDGER})

    entries: list[LedgerEntry]
    cursor: str
    more: bool = Field(description="There is more to be had at once.")


class SchemaEntry(Shape):
    """A published JSON Schema."""

    name: str
    title: str
    description: str
    url: str


class SchemaList(Shape):
    """All published JSON Schemas."""

    version: str
    schemas: list[SchemaEntry]


class Alive(Shape):
    """The process answers."""

    status: Literal["live"]


class Ready(Shape):
    """Whether requests can be served. Degraded: messages are taken, but workers are woken late."""

    status: Literal["ready", "degraded"]
    checks: dict[str, str]


class ProblemKind(Shape):
    """A kind of refusal."""

    type: str
    title: str
    status: int
    remedy: str
