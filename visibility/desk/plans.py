"""What a decision will do: the same plan is previewed, approved and carried out. Pure.

An action makes a plan from what is seen of a case and from what was filled in. `services.py` carries it out.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

SystemRole = Literal["erp", "planning", "wms", "tms", "supplier"]
After = Literal["resolved", "waiting", "open"]
"""What becomes of the case: settled; parked until the effects and the facts they bring; as it was."""

Json = dict[str, Any]


class Command(Struct, frozen=True, kw_only=True):
    """What another system is asked. `type` and `data` are the canonical command (docs/commands.md)."""

    role: SystemRole
    type: str
    data: Json
    words: str
    """What it changes there: "PO 4500018277 line 10: 60 confirmed, 40 to be cancelled"."""


class Step(Struct, frozen=True, kw_only=True):
    """One command in its order. Steps count from 1; `after` are those that must be confirmed before.

    `confirmed_by`: the type of the ledger entry of the same order that confirms it ("order.acknowledged");
    empty: the system's own answer does. `undo` takes it back when a later step is refused.
    """

    number: int
    command: Command
    after: tuple[int, ...] = ()
    confirmed_by: str = ""
    undo: Command | None = None


class Told(Struct, frozen=True, kw_only=True):
    """A business fact that the decision itself records: the supplier's answer by telephone, a short-close.

    `undo`: data of a fact of the same type that takes it back, told where a step is refused or the decision
    is taken back; None where it stays true whatever the systems do.
    """

    type: str
    data: Json
    words: str
    undo: Json | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """All that a decision does. `worth` (in the order's currency) is what the approval limit is held against.

    `expects`: in words, what closes the case where it is parked ("Acme answers the change").
    """

    words: str
    case: After = "resolved"
    facts: tuple[Told, ...] = ()
    steps: tuple[Step, ...] = ()
    worth: Decimal | None = None
    currency: str = ""
    expects: str = ""
    snooze_until: dt.datetime | None = None


class Offer(Struct, frozen=True, kw_only=True):
    """An action as a choice on the case page. `rank`: the lowest one is recommended, for `why`."""

    label: str
    """The deed, with its numbers: "Accept 60, keep 40 on backorder"."""
    outcome: str = ""
    """What it leads to, as far as it is known: "Acme gives no date"."""
    cost: str = ""
    rank: int = 50
    why: str = ""
    initial: Json = {}
    """What the form starts with."""
