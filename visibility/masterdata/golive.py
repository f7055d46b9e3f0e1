"""Going live, company by company and partner by partner: the day, and which detectors are silent until then.

What is said is kept with who said it and when; what counts now stands with the company and the partner.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import models, transaction

from visibility.core import clock
from visibility.core.errors import InputError
from visibility.masterdata.models import Company, GoLiveWord, TradingPartner

ALL = "*"
Mode = Literal["silent", "live", "inherit"]


@dataclass(frozen=True)
class Speaker:
    """Who says it, and why."""

    who: str = ""
    reason: str = ""


def say_live_from(
    *, company: Company, partner: TradingPartner | None, live_from: dt.date | None, speaker: Speaker
) -> bool:
    """Set the day of go-live; None: no day (of a partner: as the company). Whether that changed anything."""
    with transaction.atomic():
        record = _locked(company, partner)
        if record.live_from == live_from:
            return False
        record.live_from = live_from
        record.save(update_fields=["live_from"])
        _keep(company, partner, speaker, what=GoLiveWord.What.LIVE_FROM, live_from=live_from)
    return True


def say_detectors(
    *, company: Company, partner: TradingPartner | None, kind: str, mode: Mode, speaker: Speaker
) -> bool:
    """Make detectors silent or live; `kind` empty: all, whatever was said of one alone. Whether that changed
    anything. "inherit" takes back what was said of a partner.
    """
    if mode == "inherit" and partner is None:
        raise InputError("no_company_above", "A company has nobody above it: say silent or live.", "/mode")
    with transaction.atomic():
        record = _locked(company, partner)
        words: dict[str, str] = dict(record.detectors) if kind else {}
        words.pop(kind, None)
        if mode != "inherit":
            words[kind or ALL] = mode
        if words == record.detectors:
            return False
        record.detectors = words
        record.save(update_fields=["detectors"])
        _keep(company, partner, speaker, what=GoLiveWord.What.DETECTORS, kind=kind, mode=mode)
    return True


def _locked(company: Company, partner: TradingPartner | None) -> Company | TradingPartner:
    if partner is None:
        return Company.objects.select_for_update().get(pk=company.pk)
    return TradingPartner.objects.select_for_update().get(pk=partner.pk, company=company)


def _keep(
    company: Company, partner: TradingPartner | None, speaker: Speaker, **said: str | dt.date | None
) -> None:
    GoLiveWord.objects.create(
        company=company,
        partner=partner,
        who=speaker.who[:120],
        reason=speaker.reason[:500],
        said_at=clock.now(),
        **said,
    )


def partners_with_words(*, companies: Sequence[int], limit: int) -> list[TradingPartner]:
    """Partners of which a go-live day or detectors of their own were said."""
    said = models.Q(live_from__isnull=False) | ~models.Q(detectors={})
    found = TradingPartner.objects.filter(said, company_id__in=companies).select_related("company")
    return list(found.order_by("company__name", "name", "pk")[:limit])


def words_said(*, companies: Sequence[int], limit: int) -> list[GoLiveWord]:
    """The last words on going live, the newest first."""
    words = GoLiveWord.objects.filter(company_id__in=companies).select_related("company", "partner")
    return list(words.order_by("-id")[:limit])
