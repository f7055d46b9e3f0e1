"""Which line of an order a line of another document means.

By line number where one is given and the item does not contradict it; else by item: the buyer's code,
then the supplier's, then the GTIN; else, where nothing at all is said, the only line there is.
"""

from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from visibility.canonical.documents import Item, Line, OrderRef
from visibility.canonical.keys import normalise
from visibility.canonical.quantities import UnitScheme
from visibility.flows.amounts import ZERO
from visibility.flows.carried import Opened
from visibility.flows.state import Count, CountKind, Dated, Fact

NO_ITEM = Item()
RankedTallies = dict[int, "Tally"]


class Tally(Struct, gc=False):
    """What the witnesses of one rank say came, went or was billed of a line."""

    quantity: Decimal | None = None
    damaged: Decimal | None = None
    documents: int = 0
    last: object = None
    """The document counted last, so that a line repeated inside one counts as one document."""
    numbers: dict[str, Decimal | None] = {}
    steps: list[tuple[object, Decimal]] = []
    """(the fact, how much): when the quantity was reached is found from these."""
    prices: dict[Decimal, Decimal] = {}
    taken: bool = False
    """Some of it, or all, was taken back: who said so is a witness also of there being nothing."""
    untold: bool = False
    """Something of it was told without saying how much, so that the quantity is not known."""


class Answer(Struct, gc=False):
    """The answer to a line that counts now, in the line's unit. None: said, but not how much."""

    confirmed: Decimal | None = ZERO
    backordered: Decimal | None = ZERO
    held: Decimal | None = ZERO
    rejected: Decimal | None = ZERO
    deleted: Decimal | None = ZERO
    named: bool = False
    """The line was named, not just passed over in silence."""
    classes: list[str] = []
    codes: list[str] = []
    promises: list[Dated] = []
    backorders: list[Dated] = []
    soft: bool = False
    substitute: Item | None = None
    reason: str = ""
    price: Decimal | None = None


class Draft(Struct, eq=False, gc=False):
    """A line while it is being gathered from the documents."""

    line: str
    item: Item
    unit: str
    units: UnitScheme
    known: bool
    ordered_by: Fact | None = None
    """Of an order told line by line: the document that this line was ordered with."""
    kind: str = ""
    """Of such a line: what kind of order it is."""
    worth: Decimal | None = None
    blocked: bool = False
    counts: dict[CountKind, dict[int, Count]] = {}
    """What happened that nobody said the extent of, by the rank of the witness."""
    ordered: Decimal | None = None
    original_ordered: Decimal | None = None
    unit_price: Decimal | None = None
    requests: tuple[Dated, ...] = ()
    closed: bool = False
    cancelled: bool = False
    told: list[tuple[Fact | None, Decimal | None]] = []
    """What was ordered and since which change, where that ever changed; the first as it was at first."""
    opened: Opened | None = None
    """The line as an opening balance tells it."""
    came_by_then: Decimal | None = None
    """What of it came in by the balance's date."""
    added: Fact | None = None
    """The change that the line came with."""
    asked: Fact | None = None
    """The last change to the line that no answer has spoken of yet."""
    changes: tuple[str, ...] = ()
    """The versions of the changes that touched the line."""
    answer: Answer | None = None
    answer_by: Fact | None = None
    """The document that answered last."""
    first_answer: object = None
    closed_by: Fact | None = None
    """The word that closed it."""
    shipped: RankedTallies = {}
    received: RankedTallies = {}
    invoiced: RankedTallies = {}
    unconvertible: dict[str, None] = {}


@lru_cache(maxsize=4096)
def bare(number: str) -> str:
    """A line number as it is compared: "0010" and "10" are the same line."""
    number = number.strip()
    return number.lstrip("0") or number[-1:]


def concerns(*, own: OrderRef | None, named: OrderRef | None) -> bool:
    """Whether a line that names an order speaks of this one; one that names none does.

    Numbers are the same where their keys are: "po-7" answers "PO-7".
    """
    if own is None or named is None or named is own:
        return True
    if named.number != own.number and normalise(named.number) != normalise(own.number):
        return False
    return not (named.release and own.release) or normalise(named.release) == normalise(own.release)


class LineIndex:
    """The lines of one flow, found by number and by item."""

    def __init__(self) -> None:
        self.lines: list[Draft] = []
        self._numbers: dict[str, list[Draft]] = {}
        self._learnt: list[tuple[Draft, Item]] = []
        """Codes that are not in the tables yet: most orders never need those."""
        self._buyer: dict[str, list[Draft]] = {}
        self._vendor: dict[str, list[Draft]] = {}
        self._gtin: dict[str, list[Draft]] = {}

    def add(self, draft: Draft) -> None:
        self.lines.append(draft)
        self._numbers.setdefault(bare(draft.line), []).append(draft)
        self.learn(draft, draft.item)

    def learn(self, draft: Draft, item: Item) -> None:
        """Find this line by these codes too: an answer told the supplier's own, or a substitute's."""
        self._learnt.append((draft, item))

    def _tables(self, item: Item) -> tuple[tuple[dict[str, list[Draft]], str], ...]:
        """Where to look for an item, by which code, the best first."""
        for draft, known in self._learnt:
            if known.buyer:
                _note(self._buyer, known.buyer, draft)
            if known.vendor:
                _note(self._vendor, known.vendor, draft)
            if known.gtin:
                _note(self._gtin, known.gtin, draft)
        self._learnt.clear()
        return (self._buyer, item.buyer), (self._vendor, item.vendor), (self._gtin, item.gtin)

    def find(self, line: Line, used: set[int]) -> Draft | None:
        """The line that is meant, or None. `used`: ids of the lines this document has named already."""
        found = self._by_number(line, used) or self._by_item(line.item, used)
        if found is None and not line.line.strip() and len(self.lines) == 1 and _is_empty(line.item):
            found = self.lines[0]
        if found is not None:
            used.add(id(found))
        return found

    def same(self, line: Line) -> Draft | None:
        """The only line of this number, where it is of this very item."""
        if not line.line:
            return None
        candidates = self._numbers.get(bare(line.line))
        if candidates is not None and len(candidates) == 1 and candidates[0].item == line.item:
            return candidates[0]
        return None

    def alike(self, item: Item) -> list[Draft]:
        """The lines of this item that are wanted."""
        for table, code in self._tables(item):
            if code and (candidates := table.get(code)):
                return [draft for draft in candidates if draft.known and not draft.cancelled]
        return []

    def _by_number(self, line: Line, used: set[int]) -> Draft | None:
        if not line.line:
            return None
        candidates = self._numbers.get(bare(line.line))
        if not candidates:
            return None
        if len(candidates) == 1:
            return None if self._contradicts(candidates[0], line.item) else candidates[0]
        return _first_unused([draft for draft in candidates if not self._contradicts(draft, line.item)], used)

    def _by_item(self, item: Item, used: set[int]) -> Draft | None:
        for table, code in self._tables(item):
            if code and (candidates := table.get(code)):
                return _first_unused(candidates, used)
        return None

    def _contradicts(self, draft: Draft, item: Item) -> bool:
        """Whether these codes say it is another item. Another GTIN alone may be another packaging of it."""
        own = draft.item
        if own.buyer and item.buyer:
            return own.buyer != item.buyer
        if own.vendor and item.vendor:
            return own.vendor != item.vendor
        if own.gtin and item.gtin and own.gtin != item.gtin:
            (_, _, (table, _)) = self._tables(item)
            return draft not in table.get(item.gtin, [draft])
        return False


def _is_empty(item: Item) -> bool:
    return not (item.buyer or item.vendor or item.gtin)


def _note(table: dict[str, list[Draft]], code: str, draft: Draft) -> None:
    lines = table.get(code)
    if lines is None:
        table[code] = [draft]
    elif draft not in lines:
        lines.append(draft)


def _first_unused(candidates: list[Draft], used: set[int]) -> Draft | None:
    for draft in candidates:
        if id(draft) not in used:
            return draft
    return candidates[0] if candidates else None
