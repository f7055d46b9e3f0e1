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
from visibility.triage.rules import (
    advised,
    answers,
    dates,
    invoicing,
    mapping,
    mirrors,
    missing,
    receiving,
    shipping,
)
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
    dates.promised_early,
    shipping.shipped_short,
    shipping.shipped_over,
    shipping.shipped_closed,
    receiving.received_short,
    receiving.received_over,
    receiving.received_damaged,
    receiving.received_wrong_item,
    invoicing.invoice_duplicate,
    invoicing.invoice_quantity,
    invoicing.over_billed,
    invoicing.invoice_price,
    invoicing.invoice_extra_charge,
    mirrors.mirror_differs,
    mirrors.mirror_late,
    mirrors.primary_late,
    mapping.unknown_line,
    mapping.unit_not_convertible,
)
"""Rules that have nothing to find where all that is told of each line says the same (agreeing.py).

They are not asked about such orders, and most are. A rule that stands in `RULES` alone is always asked.
"""

AWAITING: tuple[Rule, ...] = (
    missing.soft_accept_expired,
    missing.asn_overdue,
    missing.receipt_overdue,
    missing.received_without_asn,
    missing.invoice_without_receipt,
    missing.milestone_missing,
)
"""Rules that have nothing to find while the time for all that an order awaits is not over."""

RULES: tuple[Rule, ...] = (
    dates.acknowledgement_overdue,
    *COMPARING,
    shipping.shipment_delayed,
    advised.document_refused,
    advised.tender_declined,
    *AWAITING,
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
    rules = _asked(RULES, is_all_one(view), not any(each.due_at < as_of for each in view.awaited))
    return [finding for rule in rules for finding in rule(seen)]


@lru_cache(maxsize=8)
def _asked(rules: tuple[Rule, ...], agrees: bool, early: bool) -> tuple[Rule, ...]:
    """The rules that may find something in an order whose documents agree, or that misses nothing yet."""
    idle = {*(COMPARING if agrees else ()), *(AWAITING if early else ())}
    return tuple(rule for rule in rules if rule not in idle)


__all__ = [
    "AWAITING",
    "COMPARING",
    "NO_TOLERANCES",
    "RULES",
    "Everywhere",
    "Rule",
    "Tolerance",
    "Tolerances",
    "detect",
]
