"""What no longer stands, in words: why an entry does not count, and how a line came to be what it is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from visibility.canonical.documents import InvoiceReceived, OrderAcknowledged, OrderPlaced
from visibility.flows.history import Fate, Field, Step, Value
from visibility.flows.identity import name_of
from visibility.flows.moments import Moment, told_at
from visibility.flows.state import Fact
from visibility.web import words


@dataclass(frozen=True)
class Past:
    """Why an entry is of the past; `gone`: what it says does not hold any more."""

    text: str
    gone: bool = True


def of_fate(fate: Fate) -> Past | None:
    """What became of a fact; None where it stands as it was told."""
    if fate.how == "mirrored":
        return Past(_("a mirror's word; another system's counts"), gone=False)
    if fate.how is None or fate.by is None:
        return None
    said = {"document": name_of(fate.by.document), "day": _day(fate.until)}
    if fate.how == "lessened":
        if isinstance(fate.fact.document, InvoiceReceived):
            return Past(_("credited by %(document)s of %(day)s") % said, gone=False)
        return Past(_("in part reversed by %(document)s of %(day)s") % said, gone=False)
    if fate.how == "repeated":
        return Past(_("told before; it counts once"), gone=False)
    if fate.how == "waiting":
        return Past(_waits(fate.fact))
    if fate.how == "carried":
        return Past(_("in the opening balance of %(day)s") % {"day": _day(fate.until)}, gone=False)
    text = {
        "replaced": _("replaced by %(document)s of %(day)s"),
        "cancelled": _("cancelled on %(day)s"),
        "reversed": _("reversed by %(document)s of %(day)s"),
        "outdated": _("of the past: %(document)s was told anew on %(day)s"),
        "overruled": _("answered again since, last on %(day)s"),
    }[fate.how]
    return Past(text % said)


def _waits(fact: Fact) -> str:
    document = fact.document
    named = getattr(document, "reverses", "") or getattr(document, "corrects", "")
    kind = _("invoice") if isinstance(document, InvoiceReceived) else _("receipt")
    return _("not counted: the %(kind)s %(number)s it speaks of does not stand") % {
        "kind": kind,
        "number": named,
    }


def of_replay(read_again_at: dt.datetime | None) -> Past:
    """What an earlier reading of a message said."""
    if read_again_at is None:
        return Past(_("the message was read again and no longer says this"))
    return Past(
        _("superseded: the message was read again on %(when)s") % {"when": words.moment(read_again_at)}
    )


def _day(when: Moment) -> str:
    """The day of a moment: a date told without time is that date in every zone."""
    if when.at is None:
        return _("an unknown day")
    return words.day(when.at.date() if when.date_only else words.local(when.at).date())


def of_line(steps: Sequence[Step]) -> tuple[str, ...]:
    """The values of a line that changed: "Ordered 100 → 80 by order change 1 on 5 Nov"."""
    told = []
    for field in _labels():
        own = [step for step in steps if step.field == field]
        if field in ("deleted", "closed"):
            told += [_switched(step, steps) for step in own]
        elif sum(step.before is not None for step in own):
            told.append(_changes(field, own))
    return tuple(told)


def _labels() -> dict[Field, str]:
    return {
        "deleted": "",
        "ordered": _("Ordered"),
        "price": _("Price"),
        "wanted": _("Wanted"),
        "confirmed": _("Confirmed"),
        "promised": _("Promised"),
        "shipped": _("Shipped"),
        "received": _("Received"),
        "billed": _("Billed"),
        "closed": "",
    }


def _changes(field: Field, steps: Sequence[Step]) -> str:
    first, later = steps[0], steps[1:]
    if first.before is not None:
        first, later = Step(field, None, first.before, first.fact), steps
        text = _value(field, first.after)
    else:
        text = _value(field, first.after)
        if field not in ("ordered", "price", "wanted"):
            text += " " + _("on %(day)s") % {"day": _day(told_at(first.fact))}
    for step in later:
        text += f" → {_value(field, step.after)} {_by(step.fact)}"
    return f"{_labels()[field]} {text}"


def _by(fact: Fact) -> str:
    """ "by order change 1 on 5 Nov"; an answer is named by its day alone."""
    day = _day(told_at(fact))
    if isinstance(fact.document, OrderAcknowledged):
        return _("on %(day)s") % {"day": day}
    return _("by %(document)s on %(day)s") % {"document": name_of(fact.document), "day": day}


def _switched(step: Step, steps: Sequence[Step]) -> str:
    """A line deleted, closed, or taken up again."""
    if not step.after:
        return _("Taken up again %(by)s") % {"by": _by(step.fact)}
    if step.field == "closed":
        return _("The open rest given up on %(day)s") % {"day": _day(told_at(step.fact))}
    whole = isinstance(step.fact.document, OrderPlaced)
    by = _("on %(day)s with the order") % {"day": _day(told_at(step.fact))} if whole else _by(step.fact)
    before = [
        each.before if each.fact is step.fact else each.after
        for each in steps[: steps.index(step) + 1]
        if each.field == "ordered"
    ]
    if before and isinstance(before[-1], Decimal):
        return _("Was %(quantity)s, deleted %(by)s") % {"quantity": words.quantity(before[-1]), "by": by}
    return _("Deleted %(by)s") % {"by": by}


def _value(field: Field, value: Value) -> str:
    if value is None:
        return _("nothing")
    if isinstance(value, dt.date):
        return words.day(value)
    if isinstance(value, Decimal):
        return words.price(value) if field == "price" else words.quantity(value)
    return ""
