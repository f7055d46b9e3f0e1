"""What the pages of documents without an order show."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from visibility.accounts.models import Role
from visibility.canonical.documents import AnyDocument, Line
from visibility.flows.selectors import FlowRow
from visibility.ledger.selectors import Entry
from visibility.ledger.uncorrelated import scopes_of
from visibility.pipeline.candidates import Suggestion
from visibility.web import words
from visibility.web.drawings import status
from visibility.web.drawings.status import Status
from visibility.web.pages import Desk
from visibility.web.uncorrelated import told

LINES_SHOWN = 40
SURE = 70
"""From this score on the best suggestion is offered as the thing to do."""


def may_link(request: HttpRequest, desk: Desk) -> bool:
    """Everybody who works on orders says whose a document is; who only reads figures does not."""
    return desk.scope.partners is None and getattr(request.user, "role", Role.EXECUTIVE) != Role.EXECUTIVE


@dataclass(frozen=True)
class Fitting:
    """An order that a document may belong to, as a person weighs it."""

    order: FlowRow
    status: Status
    """How the order stands."""
    score: int
    strength: Status
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    reason: str
    """What a link would give as its reason, to be changed by whoever links."""
    common: tuple[str, ...]
    """The items that both name."""
    whose: str = ""
    """Whose number it is, where several orders bear it."""


@dataclass(frozen=True)
class Row:
    """A document in the list."""

    message_id: UUID
    place: int
    sentence: str
    keys: str
    connection: str
    recorded_at: dt.datetime
    age: str
    case_id: int | None
    best: Fitting | None
    others: tuple[Fitting, ...]


def row(
    *,
    entry: Entry,
    connection: str,
    as_of: dt.datetime,
    fitting: Sequence[Fitting],
    case_id: int | None,
) -> Row:
    """A row of the list; `case_id`: the case that asks whose the document is."""
    return Row(
        message_id=entry.message_id,
        place=entry.ordinal,
        sentence=told.describe(entry.document),
        keys=" · ".join(told.keys_in_words(entry.document)),
        connection=connection,
        recorded_at=entry.recorded_at,
        age=words.late(as_of - entry.recorded_at),
        case_id=case_id,
        best=fitting[0] if fitting else None,
        others=tuple(fitting[1:]),
    )


def fitting_of(suggestion: Suggestion) -> Fitting:
    """A suggestion in words."""
    found = suggestion.fit
    return Fitting(
        order=suggestion.order,
        status=status.of_flow(suggestion.order.state),
        score=found.score,
        strength=strength(found.score),
        reasons=found.reasons,
        against=found.against,
        reason=reason_of(found.reasons),
        common=found.common,
    )


def whose(scope: str) -> str:
    """A key's scope in words: "of ZZ:NORTHGATE, system SAP1"."""
    issuer, _bar, system = scope.partition("|")
    if not issuer:
        return _("nobody said whose number it is")
    if not system:
        return _("number of %(issuer)s") % {"issuer": issuer}
    return _("number of %(issuer)s, system %(system)s") % {"issuer": issuer, "system": system}


def tell_apart(groups: Sequence[list[Fitting]]) -> None:
    """Say whose number it is where orders that are shown together bear the same one."""
    twice = {
        each.order.id
        for group in groups
        for each in group
        if sum(other.order.number == each.order.number for other in group) > 1
    }
    scopes = scopes_of(flow_ids=twice)
    for group in groups:
        group[:] = [
            replace(each, whose=whose(scopes[each.order.id])) if each.order.id in scopes else each
            for each in group
        ]


def strength(score: int) -> Status:
    """How well an order fits, in a word; the figure stands beside it."""
    if score >= SURE:
        return Status("ok", "done", _("Fits well"))
    if score >= 50:
        return Status("go", "progress", _("May fit"))
    return Status("na", "empty", _("Fits little"))


def reason_of(reasons: Iterable[str]) -> str:
    """ "Same supplier, same items, 2 days before it is wanted" """
    text = ", ".join(reasons)
    return text[:1].upper() + text[1:]


def lines_of(document: AnyDocument) -> tuple[list[tuple[Line, str]], int]:
    """The first lines with their items' codes, and how many more there are."""
    lines: Sequence[Line] = getattr(document, "lines", ())
    return [(line, told.item_of(line)) for line in lines[:LINES_SHOWN]], max(len(lines) - LINES_SHOWN, 0)
