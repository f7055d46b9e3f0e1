"""Tolerances for the rules: which one counts for each line of an order, and who agreed to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from visibility.access.scopes import Scope
from visibility.canonical.documents import Item, Party
from visibility.core.errors import NotFoundError
from visibility.flows.models import Flow
from visibility.flows.state import LineView, unpack_view
from visibility.masterdata.models import Company
from visibility.masterdata.models import Tolerance as Stored
from visibility.masterdata.resolve import ITEM, Code, Known, find, named_item
from visibility.masterdata.tolerances import Agreed, Measures, tolerances_of, tolerances_of_lines
from visibility.triage.rules import NO_TOLERANCES, Tolerance, Tolerances
from visibility.triage.rules.tolerances import Match

_M = Stored.Measure
MEASURES_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "confirmed_short": (_M.QUANTITY_UNDER,),
    "confirmed_over": (_M.QUANTITY_OVER,),
    "shipped_short": (_M.QUANTITY_UNDER,),
    "shipped_over": (_M.QUANTITY_OVER,),
    "received_short": (_M.QUANTITY_UNDER,),
    "received_over": (_M.QUANTITY_OVER,),
    "mirror_differs": (_M.QUANTITY_UNDER, _M.QUANTITY_OVER),
    "price_changed": (_M.PRICE,),
    "invoice_price": (_M.PRICE,),
    "invoice_quantity": (_M.QUANTITY_OVER,),
    "over_billed": (_M.QUANTITY_OVER,),
    "promised_late": (_M.DAYS_LATE,),
    "promised_early": (_M.DAYS_EARLY,),
    "shipment_delayed": (_M.DAYS_LATE,),
}
"""Which measures a kind of case is judged by; kinds that are not named know no tolerance."""


class ToleranceBook:
    """The tolerances of one company's orders, as a chunk of them needs."""

    def __init__(self, *, company: Company, orders: Callable[[], Iterable[str]]) -> None:
        self._agreed = tolerances_of(company=company)
        self._lines = (
            tolerances_of_lines(company_id=company.pk, orders=orders()) if self._agreed.has_lines else {}
        )
        self._made: dict[tuple[int | None, int | None], Tolerance] = {}

    def of_order(
        self, *, number: str, supplier_id: int | None, item_id: Callable[[LineView], int | None]
    ) -> Tolerances:
        """What counts for the lines of an order. `item_id`: the record of a line's item, if any."""
        if not self._agreed:
            return NO_TOLERANCES
        return _OfOrder(self, number, supplier_id, item_id)

    def measures(self, *, number: str, line: str, supplier_id: int | None, item_id: int | None) -> Measures:
        """What counts for a line, measure by measure, and who agreed to it."""
        found = self._agreed.of(partner_id=supplier_id, item_id=item_id)
        own = self._of_line(number, line, supplier_id)
        return {**found, **own} if own else found

    def tolerance(self, *, number: str, line: str, supplier_id: int | None, item_id: int | None) -> Tolerance:
        """The same as the rules take it."""
        if self._of_line(number, line, supplier_id):
            return as_tolerance(
                self.measures(number=number, line=line, supplier_id=supplier_id, item_id=item_id)
            )
        known = self._made.get((supplier_id, item_id))
        if known is None:
            known = as_tolerance(self._agreed.of(partner_id=supplier_id, item_id=item_id))
            self._made[supplier_id, item_id] = known
        return known

    def _of_line(self, number: str, line: str, supplier_id: int | None) -> dict[str, Agreed]:
        """What is agreed of the line itself: with its supplier, else with whoever has the order."""
        rows = self._lines.get((number, line), [])
        fitting = [(partner, each) for partner, each in rows if partner in (None, supplier_id)]
        return {each.measure: each for _, each in sorted(fitting, key=lambda row: row[0] is not None)}


@dataclass(frozen=True)
class _OfOrder:
    """The tolerances of one order's lines."""

    book: ToleranceBook
    number: str
    supplier_id: int | None
    item_id: Callable[[LineView], int | None]

    def for_line(self, line: LineView) -> Tolerance:
        return self.book.tolerance(
            number=self.number, line=line.line, supplier_id=self.supplier_id, item_id=self.item_id(line)
        )


def as_tolerance(measures: Measures) -> Tolerance:
    """What is agreed, measure by measure, as the rules take it."""
    under, over = measures.get(_M.QUANTITY_UNDER), measures.get(_M.QUANTITY_OVER)
    price = measures.get(_M.PRICE)
    return Tolerance(
        quantity_under_percent=under.percent if under else None,
        quantity_under_amount=under.amount if under else None,
        quantity_under_both=under.both if under else None,
        quantity_over_percent=over.percent if over else None,
        quantity_over_amount=over.amount if over else None,
        quantity_over_both=over.both if over else None,
        price_percent=price.percent if price else None,
        price_amount=price.amount if price else None,
        price_both=price.both if price else None,
        days_late=_days(measures.get(_M.DAYS_LATE)),
        days_early=_days(measures.get(_M.DAYS_EARLY)),
        match=_MATCHES.get(_days(measures.get(_M.MATCH)) or 0, "3-way"),
    )


_MATCHES: dict[int, Match] = {2: "2-way", 3: "3-way", 4: "4-way"}


def _days(agreed: Agreed | None) -> int | None:
    return None if agreed is None or agreed.amount is None else int(agreed.amount)


def item_record(meanings: Mapping[Code, Known], item: Item, supplier: Party) -> int | None:
    """The record that an item was resolved to: by its best code that somebody confirmed, else by any.

    Which provisional records there are depends on what was told first.
    """
    what = named_item(item, Party(ids=supplier.ids))
    known = [meanings[what.kind, code] for code in what.codes if (what.kind, code) in meanings]
    return min(known, key=lambda each: each.provisional).id if known else None


@dataclass(frozen=True)
class Source:
    """One tolerance that counts for a line, with whom it was agreed for. `whom` empty: the company's."""

    agreed: Agreed
    whom: str


def tolerance_sources(*, scope: Scope, flow_id: int, line: str, kind: str = "") -> list[Source]:
    """The tolerances that count for a line of an order: what was agreed, on which level, by whom and when.

    With `kind`, those that a case of that kind is judged by. Empty: none is set, every difference counts.
    Readers of one partner's part see none: it is between us. NotFoundError where the order is not theirs.
    """
    if scope.partners is not None:
        return []
    flow = Flow.objects.filter(pk=flow_id, company_id__in=scope.companies).select_related("company").first()
    if flow is None:
        raise NotFoundError("There is no such order.")
    if not tolerances_of(company=flow.company):
        return []
    view = unpack_view(bytes(flow.view))
    book = ToleranceBook(company=flow.company, orders=lambda: [view.number])
    item = next((each.item for each in view.lines if each.line == line), Item())
    codes = [(ITEM, code) for code in named_item(item, Party(ids=view.supplier.ids)).codes]
    meanings = find(company_id=flow.company_id, codes=codes)
    found = book.measures(
        number=view.number,
        line=line,
        supplier_id=flow.supplier_id,
        item_id=item_record(meanings, item, view.supplier),
    )
    wanted = MEASURES_OF_KIND.get(kind, ()) if kind else tuple(_M.values)
    whom = {
        "line": f"line {line} of order {view.number}",
        "item": f"{item.buyer or item.vendor or item.gtin} of {flow.supplier_name}",
        "partner": flow.supplier_name,
        "company": "",
    }
    return [Source(found[each], whom[found[each].level]) for each in wanted if each in found]
