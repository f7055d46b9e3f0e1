"""What the policies' pages say: limits in words, and the backtest's figures with the cases behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.desk.models import Policy
from visibility.masterdata.models import TradingPartner

SHOWN = 12


@dataclass(frozen=True)
class OutcomeRow:
    """One figure of a backtest: what it counts, and the first of its cases."""

    token: str
    shape: str
    label: str
    note: str
    count: int
    cases: list[int]
    more: int


def action_label(name: str) -> str:
    """What an action is called where no case stands beside it."""
    return {
        "accept_answer": _("Accept the answer, keep the rest on backorder"),
        "cancel_rest": _("Accept the answer, cancel the rest"),
        "accept_terms": _("Accept the day, price or item that was answered"),
        "push_back": _("Ask again for what was ordered"),
        "short_close": _("Close the line short"),
        "reopen_line": _("Open the line again"),
        "change_expected_date": _("Expect another day"),
        "expedite": _("Ask for an earlier day"),
        "ask_for_answer": _("Remind the supplier of the answer"),
        "ask_for_asn": _("Ask for the ship notice"),
        "request_997": _("Ask for the functional acknowledgement"),
        "ask_system": _("Ask the system to tell it again"),
        "accept_over_receipt": _("Keep what came over"),
        "return_excess": _("Send it back"),
        "claim": _("Claim it"),
        "dispute_invoice": _("Dispute the bill"),
        "request_credit": _("Ask for a credit memo"),
        "accept_variance": _("Pay the bill as it is"),
        "waive": _("Waive"),
    }.get(name, name.replace("_", " ").capitalize())


def in_words(policy: Policy) -> str:
    """The limits of a policy in one sentence."""
    limits = policy.limits
    words = {
        "gap": _("difference at most %(value)s"),
        "percent": _("at most %(value)s %% of what was expected"),
        "money": _("at most %(value)s in money"),
        "severity": _("severity %(value)s or milder"),
    }
    parts = [text % {"value": limits[name]} for name, text in words.items() if name in limits]
    if "suppliers" in limits:
        names = TradingPartner.objects.filter(pk__in=limits["suppliers"]).order_by("name")
        parts.append(_("of %(names)s") % {"names": ", ".join(str(each) for each in names)})
    if "not_items" in limits:
        parts.append(_("not of items %(items)s") % {"items": ", ".join(limits["not_items"])})
    return "; ".join(parts)


def outcome_rows(backtest: Mapping[str, Any] | None) -> list[OutcomeRow]:
    """The figures of a backtest in the order in which they matter."""
    if not backtest:
        return []
    told = (
        ("closed", "go", "progress", _("Would have closed"), _("within the limits")),
        ("agreed", "ok", "done", _("As people decided"), _("of those it would have closed")),
        ("wrong", "bad", "diamond", _("Wrongly closed"), _("people decided otherwise, or it came back")),
        ("by_itself", "na", "empty", _("Settled anyway"), _("evidence closed them without anybody")),
        ("undecided", "na", "empty", _("Nobody has decided yet"), _("so there is nothing to compare with")),
        ("missed", "warn", "triangle", _("Missed"), _("people decided just so, outside the limits")),
    )
    rows = []
    for name, token, shape, label, note in told:
        group = backtest[name]
        cases = group["cases"][:SHOWN]
        rows.append(OutcomeRow(token, shape, label, note, group["count"], cases, group["count"] - len(cases)))
    return rows


def seen_words(backtest: Mapping[str, Any]) -> str:
    """How many cases were looked through."""
    count = backtest["seen"]
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": f"{count:,}"}
