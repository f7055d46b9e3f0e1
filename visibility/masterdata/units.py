"""Unit factors of a company: the item's own first, then the company's, then the standard."""

from decimal import Decimal

from visibility.canonical.documents import Item, Party
from visibility.canonical.quantities import UnitScheme, standard_factor
from visibility.masterdata.models import UnitConversion
from visibility.masterdata.resolve import ITEM, find, item_codes

Pair = tuple[str, str]
NOBODY = Party()


class CompanyUnits:
    """Factors read on demand and kept for as long as this object lives: one chunk of work.

    Most quantities are already in the order's unit, so most chunks read nothing.
    """

    def __init__(
        self, *, company_id: int, supplier: Party = NOBODY, cache: "UnitCache | None" = None
    ) -> None:
        self._company_id = company_id
        self._supplier = supplier
        self._cache = cache or UnitCache(company_id=company_id)

    def factor(
        self, *, item: Item, scheme: UnitScheme, unit: str, to_scheme: UnitScheme, to_unit: str
    ) -> Decimal | None:
        """How many `to_unit` one `unit` of the item is; None where no factor is known."""
        if (scheme, unit) == (to_scheme, to_unit):
            return Decimal(1)
        pair = (f"{scheme}:{unit}", f"{to_scheme}:{to_unit}")
        return self._cache.own(item_codes(item, supplier=self._supplier), pair) or standard_factor(
            scheme=scheme, unit=unit, to_scheme=to_scheme, to_unit=to_unit
        )


class UnitCache:
    """The company's conversions, read once when first asked for."""

    def __init__(self, *, company_id: int) -> None:
        self._company_id = company_id
        self._factors: dict[tuple[int | None, Pair], Decimal] | None = None
        self._items: dict[str, int | None] = {}

    def own(self, codes: tuple[str, ...], pair: Pair) -> Decimal | None:
        """The item's own factor or the company's, straight or the other way round."""
        if self._factors is None:
            self._factors = {
                (item, (a, b)): factor
                for item, a, b, factor in UnitConversion.objects.filter(
                    company_id=self._company_id
                ).values_list("item_id", "from_unit", "to_unit", "factor")
            }
        for item in (self._item(codes), None) if self._factors else ():
            if (straight := self._factors.get((item, pair))) is not None:
                return straight
            if (inverse := self._factors.get((item, (pair[1], pair[0])))) is not None:
                return 1 / inverse
        return None

    def _item(self, codes: tuple[str, ...]) -> int | None:
        unread = [code for code in codes if code not in self._items]
        if unread:
            known = find(company_id=self._company_id, codes=[(ITEM, code) for code in unread])
            for code in unread:
                hit = known.get((ITEM, code))
                self._items[code] = hit.id if hit else None
        return next((self._items[code] for code in codes if self._items[code] is not None), None)
