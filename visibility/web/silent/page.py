"""What the page of the silent run shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from visibility.masterdata.golive import ALL
from visibility.masterdata.models import Company, GoLiveWord, TradingPartner
from visibility.triage.findings import QUEUE_OF_KIND
from visibility.triage.silent import Tally
from visibility.triage.watching import KINDS, Watch
from visibility.web import words
from visibility.web.cases.kinds import kind_label, queue_label

Watches = Mapping[tuple[int, int], Watch | None]
"""By company and partner (0: the company's own)."""
PARTNERS_SHOWN = 10
"""So many partners of a kind are shown by themselves, those with the most."""

NOT_KNOWN = -1
"""Stands for a supplier that nobody knows in addresses."""


@dataclass(frozen=True)
class Figure:
    """A number and the list it was counted from."""

    number: int
    address: str


@dataclass(frozen=True)
class Row:
    """What was found of one kind at one partner, or at all of them."""

    label: str
    would_have: Figure
    still: Figure
    whom: str
    """The company or partner for whom it is switched on, as the form names it."""
    silent: bool
    waits: bool
    """Its go-live day is to come: until then switching changes nothing."""


@dataclass(frozen=True)
class KindRows:
    """A kind with its partners."""

    kind: str
    queue: str
    whole: Row
    partners: tuple[Row, ...]
    more: int
    """Partners that are not shown by themselves."""


@dataclass(frozen=True)
class Setting:
    """How a company or a partner stands."""

    name: str
    live_from: str
    detectors: str


def found_address(**narrowed: object) -> str:
    """The list behind a figure."""
    asked = {name: value for name, value in narrowed.items() if value not in ("", None)}
    return f"{reverse('silent-found')}?{urlencode(asked)}" if asked else reverse("silent-found")


def rows_by_kind(tallies: Sequence[Tally], watches: Watches) -> list[KindRows]:
    """By company and kind, the most first; within a kind by partner."""
    ordered = sorted(tallies, key=lambda each: (each.company_id, each.kind, -each.would_have))
    groups = [list(own) for _, own in groupby(ordered, key=lambda each: (each.company_id, each.kind))]
    groups.sort(key=lambda own: -sum(each.would_have for each in own))
    return [_kind(own, watches) for own in groups]


def _kind(own: list[Tally], watches: Watches) -> KindRows:
    first = own[0]
    return KindRows(
        kind=first.kind,
        queue=queue_label(QUEUE_OF_KIND.get(first.kind, "")),
        whole=_row(
            own,
            label=kind_label(first.kind),
            whom=f"c{first.company_id}",
            supplier=None,
            watch=watches.get((first.company_id, 0)),
        ),
        partners=tuple(_partner(each, watches) for each in own[:PARTNERS_SHOWN]),
        more=max(len(own) - PARTNERS_SHOWN, 0),
    )


def _partner(each: Tally, watches: Watches) -> Row:
    return _row(
        [each],
        label=each.supplier or _("supplier not known"),
        whom=f"p{each.supplier_id}" if each.supplier_id else "",
        supplier=each.supplier_id or NOT_KNOWN,
        watch=watches.get((each.company_id, each.supplier_id or 0)),
    )


def _row(own: Sequence[Tally], *, label: str, whom: str, supplier: int | None, watch: Watch | None) -> Row:
    narrowed = {"kind": own[0].kind, "supplier": supplier}
    return Row(
        label=label,
        would_have=Figure(sum(each.would_have for each in own), found_address(**narrowed)),
        still=Figure(sum(each.still for each in own), found_address(**narrowed, state="still")),
        whom=whom,
        silent=watch is not None and watch.is_silent(own[0].kind),
        waits=watch is not None and watch.not_live,
    )


def settings_of(companies: Iterable[Company], partners: Iterable[TradingPartner]) -> list[Setting]:
    """The companies, and the partners with words of their own."""
    otherwise = _("as the company")
    found = [
        Setting(str(each), _live(each.live_from), _detectors(each.detectors, _("all live")))
        for each in companies
    ]
    found += [
        Setting(
            f"{each}, {each.company}",
            _live(each.live_from) if each.live_from else otherwise,
            _detectors(each.detectors, otherwise),
        )
        for each in partners
    ]
    return found


def _live(day: object) -> str:
    return _("from %(day)s") % {"day": day} if day else _("no day set: from the first order on")


def _detectors(said: Mapping[str, str], otherwise: str) -> str:
    """ "Confirmed short live; else as the company" """
    parts = [
        f"{', '.join(kind_label(kind) for kind in own)} {word}"
        for mode, word in (("silent", _("silent")), ("live", _("live")))
        if (own := [kind for kind in KINDS if said.get(kind) == mode])
    ]
    whole = {"silent": _("all silent"), "live": _("all live")}.get(said.get(ALL, ""), otherwise)
    return _("%(kinds)s; else %(all)s") % {"kinds": "; ".join(parts), "all": whole} if parts else whole


def in_words(word: GoLiveWord) -> dict[str, str]:
    """A word on going live as a row."""
    if word.what == GoLiveWord.What.LIVE_FROM:
        said = _("live from %(day)s") % {"day": word.live_from} if word.live_from else _("no go-live day")
    else:
        what = kind_label(word.kind) if word.kind else _("all detectors")
        mode = {"silent": _("silent"), "live": _("live"), "inherit": _("as the company")}[word.mode]
        said = _("%(what)s: %(mode)s") % {"what": what, "mode": mode}
    return {
        "whom": str(word.partner or word.company),
        "said": said,
        "who": word.who,
        "when": words.moment(word.said_at),
        "reason": word.reason,
    }
