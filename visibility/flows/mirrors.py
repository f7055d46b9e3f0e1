"""What mirrors told of each line beside what counts: the same, later, something else, or nothing yet.

A mirror is a system that tells again what another one is believed for: the ERP that posts what the
warehouse received. It never changes a quantity; here it is put beside it.
"""

import datetime as dt
from decimal import Decimal

from visibility.canonical.documents import (
    Document,
    GoodsReceived,
    InvoiceReceived,
    OrderAcknowledged,
    OrderChanged,
    OrderPlaced,
    ShipmentNotified,
)
from visibility.flows.accounts import Account, Accounts, counted, outranked, read_accounts, together
from visibility.flows.comparing import compare
from visibility.flows.identity import Settled
from visibility.flows.lines import Book
from visibility.flows.matching import Draft, RankedTallies
from visibility.flows.moments import UNTOLD, Moment, add_hours, moment, told_at
from visibility.flows.ownership import FactKind, Setting
from visibility.flows.state import Fact, Mirror, Terms
from visibility.flows.witnesses import KINDS, OPENED, Hearing, told_by

PRIMARY_HOURS = 9
"""Working hours that the primary has after a mirror told, where nothing is set: a day."""
_ADDING: tuple[FactKind, ...] = ("shipment", "receipt", "invoice")
_TELLING: tuple[tuple[FactKind, tuple[type[Document], ...]], ...] = (
    ("order", (OrderPlaced, OrderChanged)),
    ("answer", (OrderAcknowledged,)),
    ("shipment", (ShipmentNotified,)),
    ("receipt", (GoodsReceived,)),
    ("invoice", (InvoiceReceived,)),
)


def read_mirrors(book: Book, settled: Settled, terms: Terms) -> dict[int, list[Mirror]]:
    """What mirrors told, by the id of the line's draft."""
    hearing = settled.hearing
    if hearing.ownership is None:
        told = [d for d in book.lines if len(d.received) > 1 or len(d.shipped) > 1 or len(d.invoiced) > 1]
        return {id(d): found for d in told if (found := _of_line(d, {}, {}, hearing, terms))} if told else {}
    silenced: dict[FactKind, dict[int, Accounts]] = {}
    heard: dict[FactKind, dict[int, Accounts]] = {}
    for kind, types in _TELLING:
        if settled.silenced:
            silenced[kind] = read_accounts(book, settled.silenced, types, hearing)
        if kind not in _ADDING and hearing.kinds & {KINDS[each] for each in types}:
            heard[kind] = read_accounts(book, settled.standing, types, hearing)
    return {id(draft): _of_line(draft, silenced, heard, hearing, terms) for draft in book.lines}


def _of_line(
    draft: Draft,
    silenced: dict[FactKind, dict[int, Accounts]],
    heard: dict[FactKind, dict[int, Accounts]],
    hearing: Hearing,
    terms: Terms,
) -> list[Mirror]:
    found: list[Mirror] = []
    tallied: tuple[tuple[FactKind, RankedTallies | None], ...] = (
        ("order", None),
        ("answer", None),
        ("shipment", draft.shipped),
        ("receipt", draft.received),
        ("invoice", draft.invoiced),
    )
    for kind, tallies in tallied:
        if tallies and draft.opened is not None:  # what a balance tells has no other side to it
            tallies = {rank: tally for rank, tally in tallies.items() if rank != OPENED}  # noqa: PLW2901
        if kind in _ADDING and kind not in hearing.kinds and len(tallies or ()) < 2:
            continue
        others = dict(silenced.get(kind, {}).get(id(draft), {}))
        if tallies is None:
            own = together(heard.get(kind, {}).get(id(draft), {}))
        else:
            own = counted(tallies)
            if len(tallies) > 1:
                outranked(kind, tallies, own, others, hearing)
        if others or (own.facts and hearing.ownership is not None):
            found += _Side(kind, own, hearing, terms).mirrors(others)
    return found


class _Side:
    """What counts of a line for one kind of fact, and what to expect of the others."""

    def __init__(self, kind: FactKind, own: Account, hearing: Hearing, terms: Terms) -> None:
        self.kind = kind
        self.own = own
        self.hearing = hearing
        self.terms = terms

    def mirrors(self, others: Accounts) -> list[Mirror]:
        """One for each system that told, or that ought to tell in time."""
        about = self.own.facts or [fact for each in others.values() for fact in each.facts]
        settings = {each.system: each for each in self.hearing.settings(self.kind, about[-1])}
        primary = next((each for each in settings.values() if each.role == "primary"), None)
        found = [self._told(account, settings, primary) for _, account in sorted(others.items())]
        told = {each.system for each in found if each}
        told |= {self.hearing.teller(self.kind, fact) for fact in self.own.facts}
        found += [
            self._awaited(setting)
            for setting in settings.values()
            if setting.role == "mirror" and setting.hours is not None and setting.system not in told
        ]
        return [each for each in found if each is not None]

    def _told(self, account: Account, settings: dict[str, Setting], primary: Setting | None) -> Mirror | None:
        last = account.facts[-1]
        setting = self.hearing.setting(self.kind, last)
        role = setting.role if setting is not None and setting.role == "echo" else "mirror"
        silent = primary is not None and not self.own.facts
        if role == "echo" and not silent:
            return None
        when = moment_of(last)
        mirror = Mirror(
            fact=self.kind,
            system=setting.system if setting is not None else told_by(last),
            name=self.hearing.name(last),
            role=role,
            told=True,
            quantity=self._total(account),
            at=when.at,
            date_only=when.date_only,
            counted=self._counted_name(primary),
            silent=silent,
        )
        return mirror if role == "echo" else self._compared(mirror, account, setting, primary)

    def _compared(
        self, mirror: Mirror, account: Account, setting: Setting | None, primary: Setting | None
    ) -> Mirror:
        if not (account.whole and self.own.whole):
            return mirror
        found = compare(self.own.steps, account.steps, adds_up=self._adds_up())
        hours = setting.hours if setting is not None and setting.role == "mirror" else None
        patience = None
        if primary is not None:
            patience = next((each for each in (primary.hours, hours) if each is not None), PRIMARY_HOURS)
        return Mirror(
            **{name: getattr(mirror, name) for name in mirror.__struct_fields__[:_TOLD_FIELDS]},
            differs=found.differs,
            due_at=self._due(found.behind, hours),
            counted_due_at=self._due(found.ahead, patience),
        )

    def _awaited(self, setting: Setting) -> Mirror | None:
        due = self._due(self.own.facts[:1], setting.hours)
        if due is None or not any(quantity for _, quantity in self.own.steps):
            return None
        return Mirror(
            fact=self.kind,
            system=setting.system,
            name=self.hearing.names.get(setting.system) or setting.system,
            role="mirror",
            told=False,
            counted=self.hearing.name(self.own.facts[-1]),
            due_at=due,
        )

    def _due(self, untold: list[Fact], hours: int | None) -> dt.datetime | None:
        """By when the first of the documents ought to have been told by the other side, too."""
        starts = [at for fact in untold if (at := moment_of(fact).at) is not None]
        if hours is None or not starts:
            return None
        return add_hours(self.terms.calendar, min(starts), hours)

    def _total(self, account: Account) -> Decimal | None:
        if not account.steps or not account.whole:
            return None
        if self._adds_up():
            return sum((quantity for _, quantity in account.steps), Decimal(0))
        return account.steps[-1][1]

    def _adds_up(self) -> bool:
        return self.kind in _ADDING or (self.kind == "answer" and self.terms.answers_add)

    def _counted_name(self, primary: Setting | None) -> str:
        if self.own.facts:
            return self.hearing.name(self.own.facts[-1])
        return "" if primary is None else self.hearing.names.get(primary.system) or primary.system


_TOLD_FIELDS = Mirror.__struct_fields__.index("differs")


def moment_of(fact: Fact) -> Moment:
    """When a fact was told; where its document and envelope do not say, when it happened."""
    told = told_at(fact)
    if told.at is not None:
        return told
    happened = getattr(fact.document, "received_at", None) or getattr(fact.document, "shipped_at", None)
    return moment(happened) if happened is not None else UNTOLD
