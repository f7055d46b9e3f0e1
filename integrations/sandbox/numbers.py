"""The numbers that suppliers, carriers and the warehouse give to their papers."""

from collections import Counter

from integrations.sandbox.company import Place, Supplier

CARRIERS: tuple[tuple[str, str], ...] = (
    ("RDLF", "Redline Freight"),
    ("NHLX", "Northern Haul"),
    ("BSTX", "Bluestem Transport"),
)


KEPT = {"order ACME": (88120,), "notice ACME": (7764, 7781), "invoice ACME": (30977,)}
"""Numbers of the order people meet first (headline.py), by series; nobody else gets them."""


class Numbers:
    """Hands out each party's next number; the same calls give the same numbers."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def _next(self, series: str, start: int) -> int:
        self._used[series] += 1
        while start + self._used[series] in KEPT.get(series, ()):
            self._used[series] += 1
        return start + self._used[series]

    def supplier_order(self, supplier: Supplier) -> str:
        return f"{supplier.code[0]}-{self._next('order ' + supplier.code, 88100)}"

    def ship_notice(self, supplier: Supplier) -> str:
        number = self._next("notice " + supplier.code, 7700)
        return str(number) if supplier.code == "ACME" else f"{supplier.code[:2]}S{number}"

    def invoice(self, supplier: Supplier) -> str:
        number = self._next("invoice " + supplier.code, 30940)
        return f"INV-{number}" if supplier.code == "ACME" else f"{supplier.code[:2]}{number}"

    def bill_of_lading(self) -> str:
        return f"BOL{self._next('bill of lading', 4410200)}"

    def pro(self) -> str:
        return f"220-{self._next('pro', 118800)}"

    def receipt(self, place: Place) -> str:
        return f"{place.code}{self._next('receipt ' + place.code, 55100)}"
