"""Where documents belong that do not say so by themselves. Decides; `knowledge.py` reads what it needs.

One rule for all of them, whatever came first: their order's number where it leaves no doubt, else the order
of that number that fits by supplier and place; without any number the orders that their other keys speak
of; and above all, what a person said.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from visibility.canonical.keys import WIDTH, Key, Keys
from visibility.ledger.contest import Told, choose, is_wider
from visibility.ledger.correlate import Known, Number
from visibility.ledger.remembered import CompanyKey

OWN = -2
"""The width of what needs no key to lead there: the order's own number, or a person's word."""
MANY = 2
GIVEN = -1
"""The width of a correlation ID that a trusted system gave."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A recorded entry that is to be placed. `live`: no later translation of its message stands."""

    position: int
    company_id: int
    type: str
    message_id: UUID
    ordinal: int
    live: bool
    keys: Keys
    told: Told

    @property
    def place(self) -> tuple[UUID, int]:
        """Where its message has it, in whichever translation: people speak of it so."""
        return (self.message_id, self.ordinal)

    def own(self, key: Key) -> CompanyKey:
        """The key within the entry's company."""
        return (self.company_id, key.value, key.scheme, key.scope)


@dataclass
class Knowledge:
    """What is known of the keys of some entries."""

    rows: Known = field(default_factory=lambda: defaultdict(dict))
    """Every scope known of each number."""
    ids: dict[CompanyKey, int] = field(default_factory=dict)
    """Of linking keys and given correlation IDs."""
    links: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Key id -> the flows it speaks of."""
    crowded: set[CompanyKey] = field(default_factory=set)
    """Ship notice numbers that several suppliers use: without whose it is, such a number says nothing."""
    pins: dict[tuple[UUID, int], list[tuple[CompanyKey, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """(message, ordinal) -> orders, by their keys, and whether a person said it belongs there; the last word
    comes last."""
    members: set[tuple[int, int]] = field(default_factory=set)
    """(flow id, position) of where the entries stand, as it was before anything else of this was read.

    Others may tie the same keys at this instant and place the same entries: what they add meanwhile is
    never taken for something to take back.
    """
    renamed: set[int] = field(default_factory=set)
    """Flows that got or lost a given correlation ID as their name."""
    told: dict[int, Told] = field(default_factory=dict)
    """Flow id -> the parties of its order, where several bear its number."""


@dataclass(slots=True)
class Place:
    """Where an entry belongs: flow id -> the width of the narrowest key that led there.

    `doubts`: keys whose number fits several orders, with the flows of these.
    """

    flows: dict[int, int] = field(default_factory=dict)
    doubts: dict[CompanyKey, list[int]] = field(default_factory=dict)

    def add(self, flow: int, width: int) -> None:
        self.flows[flow] = min(width, self.flows.get(flow, width))

    def passes_on(self, entry: Waiting) -> Iterable[tuple[Key, int]]:
        """The keys of an entry in this place that speak of its flows: all where it is the order's own, else
        those wider than the key that led there. A given ID that came with several orders says nothing."""
        for flow, width in self.flows.items():
            for key in entry.keys.linking:
                if width <= GIVEN or WIDTH.get(key.scheme, OWN) > width:
                    yield key, flow
            if width == OWN and len(entry.keys.identifying) < MANY:
                for key in entry.keys.given:
                    yield key, flow


def place(entry: Waiting, known: Knowledge) -> Place:
    """Where the entry belongs, as far as is known now."""
    found = Place()
    if not entry.live:
        return found
    alone = () if entry.keys.identifying else entry.keys.given
    for key in (*entry.keys.identifying, *alone):
        flow, meant = _named(entry, entry.own(key), known)
        if flow is not None:
            found.add(flow, GIVEN if alone else OWN)
        elif meant:
            found.doubts[entry.own(key)] = meant
    if not entry.keys.identifying and not alone:
        for key in entry.keys.joining:
            own = entry.own(key)
            if own in known.ids and own not in known.crowded:
                for flow in known.links.get(known.ids[own], ()):
                    found.add(flow, WIDTH[key.scheme])
    words, unclear = words_on(entry, known)
    found.doubts |= unclear
    for flow, linked in words.items():
        if linked:
            found.add(flow, OWN)
            found.doubts = {key: meant for key, meant in found.doubts.items() if flow not in meant}
        else:
            found.flows.pop(flow, None)
    return found


def words_on(entry: Waiting, known: Knowledge) -> tuple[dict[int, bool], dict[CompanyKey, list[int]]]:
    """What people said of the entry: flow id -> whether it belongs there.

    And the orders they put it into whose number fits several by now, with the flows of these. What was said
    not to be of such a number is of none of them.
    """
    words: dict[int, bool] = {}
    unclear: dict[CompanyKey, list[int]] = {}
    for key, linked in known.pins.get(entry.place, ()):
        unclear.pop(key, None)
        if not linked:
            own = known.rows[key[:3]][key[3]].flow
            words |= dict.fromkeys(candidates(key, known) if own is None else [own], False)
            continue
        flow, meant = _named(entry, key, known)
        if flow is not None:
            words[flow] = True
        elif meant:
            unclear[key] = meant
    return words, unclear


def candidates(key: CompanyKey, known: Knowledge) -> list[int]:
    """The flows that a contested key may mean."""
    if key in known.ids:
        return sorted(known.links.get(known.ids[key], ()))
    own = known.rows[key[:3]]
    return sorted(
        {row.flow for scope, row in own.items() if row.flow is not None and is_wider(key[3], scope)}
    )


def _named(entry: Waiting, key: CompanyKey, known: Knowledge) -> tuple[int | None, list[int]]:
    """The flow that the entry's number means; else those it may mean."""
    row = known.rows[key[:3]].get(key[3])
    if row is None or row.flow is not None:
        return (row.flow if row else None), []
    meant = candidates(key, known)
    # An order that no document speaks of any more is none.
    spoken = {flow: known.told[flow] for flow in meant if flow in known.told}
    return choose(told=entry.told, orders=spoken), sorted(spoken)


def numbers_of(entries: Iterable[Waiting]) -> set[Number]:
    """The numbers of orders that these entries name, and the correlation IDs they were given."""
    return {entry.own(key)[:3] for entry in entries for key in (*entry.keys.identifying, *entry.keys.given)}
