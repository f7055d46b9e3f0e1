"""Who is believed where several systems tell of the same fact: lower ranks win.

Where a system is set as primary, only its facts count; the others are mirrors, kept apart to be compared
(mirrors.py). Where none is set the ranking holds. Witnesses of one rank add up (two shipments, one told by
EDI and one in the portal, are two shipments); a better rank silences the others *per line*.
"""

from collections.abc import Iterable
from typing import get_args

from msgspec import structs

from visibility.canonical.documents import (
    Document,
    GoodsReceived,
    InvoiceReceived,
    OpeningBalance,
    OrderAcknowledged,
    OrderChanged,
    OrderPlaced,
    Party,
    ShipmentNotified,
    TransportStatus,
)
from visibility.flows.moments import BALANCE, UNDER_WAY
from visibility.flows.ownership import FactKind, Ownership, Place, Setting
from visibility.flows.state import Fact, Witness

Ranking = dict[Witness, int]

STEP = 10


def _ranking(*classes: tuple[Witness, ...]) -> Ranking:
    """Classes of witnesses from the best on; those that no class names are the last."""
    ranking = dict.fromkeys(get_args(Witness), len(classes) * STEP)
    ranking.update({witness: index * STEP for index, best in enumerate(classes) for witness in best})
    return ranking


ORDERS = _ranking(("erp",), ("edi",))
ANSWERS = _ranking(("edi", "portal", "phone", "desk"))
"""The supplier's own words, and what a buyer was told, before what was entered elsewhere."""
SHIPMENTS = _ranking(("edi", "portal"))
STATUSES = _ranking(get_args(Witness))
RECEIPTS = _ranking(("erp",), ("wms",), ("edi",), ("portal",), ("phone",), ("desk",))
INVOICES = _ranking(("edi",), ("portal",), ("erp",))

RANKINGS: dict[FactKind, Ranking] = {
    "order": ORDERS,
    "change": ORDERS,
    "answer": ANSWERS,
    "shipment": SHIPMENTS,
    "status": STATUSES,
    "receipt": RECEIPTS,
    "invoice": INVOICES,
}
KINDS: dict[type[Document], FactKind] = {
    OrderPlaced: "order",
    OpeningBalance: "order",
    OrderChanged: "change",
    OrderAcknowledged: "answer",
    ShipmentNotified: "shipment",
    TransportStatus: "status",
    GoodsReceived: "receipt",
    InvoiceReceived: "invoice",
}

RETOLD = 5
"""Added where a witness as good tells a document that another one told under the same number."""
DEMOTED = {"primary": 0, "mirror": 100, "echo": 200}
"""Added where no primary is set, but this one is not to be believed before others."""
OPENED = -1
"""The rank of what an opening balance tells of goods and bills: as a place of its own, so that it adds up."""
APART = 1000
"""Ranks of places are this far apart: what is told of one place says nothing of another."""


_AT_A_PLACE: frozenset[FactKind] = frozenset({"shipment", "status", "receipt"})
"""Goods of one order may come to several places; the order itself, its answers and bills are of one."""

_BALANCES = (BALANCE, UNDER_WAY)
_CARRIED: frozenset[FactKind] = frozenset({"shipment", "receipt", "invoice"})

WORDS: dict[Witness, str] = {
    "erp": "ERP",
    "wms": "WMS",
    "tms": "TMS",
    "planning": "planning",
    "edi": "EDI",
    "portal": "the portal",
    "phone": "the phone",
    "desk": "the desk",
    "other": "another system",
}


def told_by(fact: Fact) -> str:
    """Who told a fact: its system where one is named, else the kind of witness."""
    return fact.system or fact.witness


def adopt(facts: list[Fact]) -> list[Fact]:
    """The facts, with those that name no system taken for the only one of their kind of witness that does.

    So what a connection told before anybody said which system it speaks for is not told by another one.
    """
    unnamed = [fact for fact in facts if not fact.system]
    if not unnamed or len(unnamed) == len(facts):
        return facts
    systems: dict[Witness, set[str]] = {}
    for fact in facts:
        if fact.system:
            systems.setdefault(fact.witness, set()).add(fact.system)
    only = {witness: next(iter(named)) for witness, named in systems.items() if len(named) == 1}
    return [
        fact if fact.system or fact.witness not in only else structs.replace(fact, system=only[fact.witness])
        for fact in facts
    ]


class Hearing:
    """Whose word counts among the facts of one flow."""

    def __init__(self, ownership: Ownership | None = None, facts: Iterable[Fact] = ()) -> None:
        used = ownership is not None and (ownership.company or ownership.places)
        self.ownership = ownership if used else None
        self.kinds: frozenset[FactKind] = frozenset()
        """The kinds of fact for which anything is set anywhere."""
        if ownership is not None and used:
            each = (ownership.company, *(place.settings for place in ownership.places.values()))
            self.kinds = frozenset(kind for settings in each for kind in settings)
        self.names = ownership.names if ownership is not None else {}
        self._place = _place_of(facts, ownership.places) if ownership and used else None

    def rank(self, kind: FactKind, fact: Fact) -> int:
        """The lower the better. What is told of several places never silences each other."""
        if fact.control in _BALANCES and kind in _CARRIED:
            return OPENED
        rank = RANKINGS[kind][fact.witness]
        if self.ownership is None:
            return rank
        place = self._place_of(kind, fact)
        settings = self._at(place, kind)
        if settings and settings[0].role == "primary":
            rank = 0
        elif (own := _setting(settings, fact)) is not None:
            rank += DEMOTED[own.role]
        return rank + (place.id * APART if place is not None and kind in _AT_A_PLACE else 0)

    def settings(self, kind: FactKind, fact: Fact) -> tuple[Setting, ...]:
        """What is set for a kind of fact at the place of this one, the primary first."""
        return () if self.ownership is None else self._at(self._place_of(kind, fact), kind)

    def setting(self, kind: FactKind, fact: Fact) -> Setting | None:
        """What the system that told a fact is there."""
        return _setting(self.settings(kind, fact), fact)

    def teller(self, kind: FactKind, fact: Fact) -> str:
        """Who told a fact: the system it is taken for, else the kind of witness."""
        own = self.setting(kind, fact)
        return told_by(fact) if own is None else own.system

    def is_silenced(self, kind: FactKind, fact: Fact) -> bool:
        """Whether another system is primary for this fact."""
        settings = self.settings(kind, fact)
        return bool(settings) and settings[0].role == "primary" and _setting(settings, fact) != settings[0]

    def name(self, fact: Fact) -> str:
        """What the teller of a fact is called."""
        return self.names.get(fact.system) or fact.system or WORDS[fact.witness]

    def _place_of(self, kind: FactKind, fact: Fact) -> Place | None:
        assert self.ownership is not None
        own = self.ownership.places.get(fact.document.ship_to) if kind in _AT_A_PLACE else None
        return own or self._place

    def _at(self, place: Place | None, kind: FactKind) -> tuple[Setting, ...]:
        assert self.ownership is not None
        settings = self.ownership.company if place is None else place.settings
        # A change goes with its order where nobody says otherwise.
        return settings.get(kind) or (settings.get("order", ()) if kind == "change" else ())


PLAIN = Hearing()
"""Nothing is set: the ranking holds."""


def _setting(settings: tuple[Setting, ...], fact: Fact) -> Setting | None:
    """The setting of the system that told a fact; of one that named no system, by its kind of witness."""
    if fact.system:
        return next((each for each in settings if each.system == fact.system), None)
    return next((each for each in settings if fact.witness in each.witnesses), None)


def _place_of(facts: Iterable[Fact], places: dict[Party, Place]) -> Place | None:
    """Where the flow's goods go, as the order says it, else whoever names a known place."""
    named = [fact for fact in facts if fact.document.ship_to in places]
    best = min(
        named,
        key=lambda fact: (
            not isinstance(fact.document, OrderPlaced),
            ORDERS[fact.witness],
            places[fact.document.ship_to].id,
        ),
        default=None,
    )
    return None if best is None else places[best.document.ship_to]
