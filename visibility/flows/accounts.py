"""What each system told of each line, gathered apart so that it can be compared. Pure."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec import Struct

from visibility.canonical.documents import (
    Document,
    InvoiceLine,
    Line,
    LineChange,
    OrderAcknowledged,
    OrderChanged,
    OrderPlaced,
    ReceiptLine,
    ShipLine,
)
from visibility.flows.answers import confirmed_by
from visibility.flows.carried import Opened, is_balance
from visibility.flows.comparing import Step
from visibility.flows.counters import is_counted
from visibility.flows.identity import Settled, later, takes_back
from visibility.flows.lines import Book, fill
from visibility.flows.matching import Draft, RankedTallies
from visibility.flows.movements import best, signed
from visibility.flows.ownership import FactKind
from visibility.flows.state import Fact
from visibility.flows.witnesses import KINDS, Hearing


class Account(Struct):
    """What one system told of one line."""

    facts: list[Fact]
    steps: list[Step]
    whole: bool = True
    """False: some quantity is not known, so that it cannot be compared."""

    def add(self, fact: Fact, quantity: Decimal | None) -> None:
        if not self.facts or self.facts[-1] is not fact:
            self.facts.append(fact)
        if quantity is None:
            self.whole = False
        else:
            self.steps.append((fact, quantity))


Accounts = dict[str, Account]


def counted(tallies: RankedTallies) -> Account:
    tally = best(tallies)
    account = Account([], [])
    if tally is not None:
        for fact, quantity in tally.steps:
            assert isinstance(fact, Fact)
            account.add(fact, quantity)
        account.whole = len(account.facts) >= tally.documents
    return account


def outranked(
    kind: FactKind, tallies: RankedTallies, own: Account, others: Accounts, hearing: Hearing
) -> None:
    """What was told of a line by witnesses that a better one silences."""
    counted = {id(fact) for fact in own.facts}
    for rank in sorted(tallies):
        for fact, quantity in tallies[rank].steps:
            assert isinstance(fact, Fact)
            if id(fact) not in counted:
                account = others.setdefault(hearing.teller(kind, fact), Account([], []))
                account.add(fact, quantity)
                told = len({id(each) for each, _ in tallies[rank].steps})
                account.whole = account.whole and told >= tallies[rank].documents


def together(accounts: Accounts) -> Account:
    """All that counts of a line, in its order."""
    whole = Account([], [])
    for account in accounts.values():
        whole.facts += account.facts
        whole.steps += account.steps
        whole.whole = whole.whole and account.whole
    whole.facts.sort(key=later)
    whole.steps.sort(key=lambda step: later(step[0]))
    return whole


def read_accounts(
    book: Book,
    facts: dict[type[Document], list[Fact]],
    types: tuple[type[Document], ...],
    hearing: Hearing,
) -> dict[int, Accounts]:
    """What each system told of each line, by the id of its draft."""
    found: dict[int, Accounts] = {}
    told = [fact for each in types for fact in facts.get(each, ())]
    if len(types) > 1:
        told.sort(key=later)
    for fact in told:
        teller = hearing.teller(KINDS[type(fact.document)], fact)

        def so_far(draft: Draft, teller: str = teller) -> Decimal:
            account = found.get(id(draft), {}).get(teller)
            return sum((quantity for _, quantity in account.steps), Decimal(0)) if account else Decimal(0)

        for draft, told_quantity in _quantities(book, fact, so_far):
            if draft.opened is not None and _is_carried(draft.opened, fact):
                continue
            account = found.setdefault(id(draft), {}).setdefault(teller, Account([], []))
            account.add(fact, _absolute(told_quantity, account))
    return found


def _is_carried(opened: Opened, fact: Fact) -> bool:
    """Whether an opening balance says it, or tells of a later day: systems are compared from then on."""
    document = fact.document
    if is_balance(fact):
        return True
    if isinstance(document, OrderPlaced | OrderChanged):
        return opened.holds("quantity", fact)
    return isinstance(document, OrderAcknowledged) and opened.holds("confirmed", fact)


def _absolute(told: Decimal | LineChange | None, account: Account) -> Decimal | None:
    """The quantity told; of a change that tells the difference, what it makes of the one told before."""
    if not isinstance(told, LineChange):
        return told
    if told.delta is None or not account.steps:
        return None
    return account.steps[-1][1] + told.delta


def _quantities(
    book: Book, fact: Fact, so_far: Callable[[Draft], Decimal]
) -> Iterator[tuple[Draft, Decimal | LineChange | None]]:
    """The quantities a document tells, line by line. What does not convert is unknown, and no case.

    A change that tells the difference is given as it is. `so_far`: what its teller had told of a line.
    """
    document = fact.document
    kept = {id(draft): dict(draft.unconvertible) for draft in book.lines}
    if isinstance(document, OrderAcknowledged):
        yield from confirmed_by(book, fact)
    else:
        used: set[int] = set()
        for line in getattr(document, "lines", ()):
            if not book.concerns(line, document.order) or not is_counted(line, document):
                continue
            if isinstance(line, ShipLine | ReceiptLine | InvoiceLine) and _is_shared(book, line):
                back = takes_back(document)
                yield from book.shares(line, used, document.units, "told", so_far, back=back)
                continue
            draft = book.index.find(line, used) if book.placed else book.match(line, used, document.units)
            if draft is None:
                continue
            if isinstance(line, LineChange) and line.op == "delete":
                yield draft, Decimal(0)
            elif isinstance(line, LineChange) and line.quantity is None:
                if line.delta is not None:
                    yield draft, line
            else:
                quantity = book.quantity(draft, line.quantity, line.unit, document.units, "told")
                yield draft, signed(document, quantity)
    for draft in book.lines:
        draft.unconvertible = kept.get(id(draft), draft.unconvertible)


def _is_shared(book: Book, line: Line) -> bool:
    return not line.line and len(book.index.alike(line.item)) > 1


def learn_codes(book: Book, settled: Settled) -> None:
    """The codes by which a silenced order calls the items of the lines there are: answers may use them."""
    for fact in settled.silenced.get(OrderPlaced, ()):
        assert isinstance(fact.document, OrderPlaced)
        used: set[int] = set()
        for line in fact.document.lines:
            found = book.index.find(line, used) if book.concerns(line, fact.document.order) else None
            if found is not None:
                found.item = fill(found.item, line.item)
                book.index.learn(found, found.item)
