"""Which detectors raise cases, and which only note what they would have raised. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from visibility.triage.findings import CONNECTION_KINDS, QUEUE_OF_KIND

Mode = Literal["silent", "live"]
ALL = "*"
OF_MESSAGES = CONNECTION_KINDS | {"unreadable_document", "ambiguous_order"}
"""Kinds that no detector finds on an order: a message cannot be used, and somebody has to look at it."""
KINDS = tuple(kind for kind in QUEUE_OF_KIND if kind not in OF_MESSAGES)


@dataclass(frozen=True, slots=True)
class Watch:
    """What was set for the orders of one partner. The nearest word counts: the partner's for the kind, the
    partner's for all, then the company's for the kind, then for all; where nobody said, a detector is live.

    `not_live`: the day of go-live is to come, until when every detector is silent.
    """

    company: Mapping[str, str]
    partner: Mapping[str, str]
    not_live: bool = False

    def is_silent(self, kind: str) -> bool:
        """Whether what a detector of this kind finds becomes no case."""
        return self.not_live or self.mode(kind) == "silent"

    def mode(self, kind: str) -> str:
        """What was said of the kind, whatever the day."""
        for words in (self.partner, self.company):
            for name in (kind, ALL):
                if words.get(name):
                    return words[name]
        return "live"


def watch_of(
    *,
    company: Mapping[str, str],
    partner: Mapping[str, str],
    live_from: dt.date | None,
    today: dt.date,
) -> Watch | None:
    """The watch of a partner's orders; None, as nearly always, where every detector is live."""
    not_live = live_from is not None and today < live_from
    if not not_live and "silent" not in company.values() and "silent" not in partner.values():
        return None
    return Watch(company, partner, not_live)
