"""What can be wrong with an order: pure detectors, one file a family.

A rule is a function of what is seen; it yields findings and says in its docstring what it sees, from what
evidence, and what closes it. To add one: write it in its family's file, name it in `RULES`, give its kind
a queue in `findings.QUEUE_OF_KIND`.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import lru_cache

from visibility.flows.state import FlowView
from visibility.triage.findings import Finding, Names
from visibility.triage.rules import answers, dates, invoicing, mapping, mirrors, receiving, shipping
from visibility.triage.rules.agreeing import is_all_one
from visibility.triage.rules.seen import Seen
from visibility.triage.rules.tolerances import NO_TOLERANCES, Everywhere, Tolerance, Tolerances

Rule = Callable[[Seen], Iterator[Finding]]

COMPARING: tuple[Rule, ...] = (
    dates.change_unanswered,
    answers.line_rejected,
    answers.confirmed_short,
    answers.confirmed_over,
    answers.line_unanswered,
    answers.item_substituted,
    answers.price_changed,
    dates.promised_late,
    shipping.shipped_over,
    receiving.received_short,
    receiving.received_over,
    receiving.received_damaged,
    invoicing.invoice_quantity,
    invoicing.invoice_price,
    mirrors.mirror_differs,
    mirrors.mirror_late,
    mirrors.primary_late,
    mapping.unknown_line,
    mapping.unit_not_convertible,
)
"""Rules that have nothing to find where all that is told of each line says the same (agreeing.py).

They are not asked about such orders, and most are. A rule that stands in `RULES` alone is always asked.
"""

RULES: tuple[Rule, ...] = (
    dates.acknowledgement_overdue,
    *COMPARING,
    mapping.conflicting_duplicate,
)


def detect(*, view: FlowView, as_of: dt.datetime, names: Names, tolerances: Tolerances) -> list[Finding]:
    """Everything the rules see wrong with a flow at `as_of`, in the order of the rules and of the lines."""
    seen = Seen(
        view=view,
        as_of=as_of,
        names=names,
        tolerances=tolerances,
        ordered=[line for line in view.lines if line.known and not line.cancelled] if view.placed else [],
        mirrored=[line for line in view.lines if line.mirrors],
    )
    rules = _always(RULES) if is_all_one(view) else RULES
    return [finding for rule in rules for finding in rule(seen)]


@lru_cache(maxsize=2)
def _always(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule not in COMPARING)


__all__ = ["COMPARING", "NO_TOLERANCES", "RULES", "Everywhere", "Rule", "Tolerance", "Tolerances", "detect"]
