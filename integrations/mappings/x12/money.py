"""Money in bills: amounts with implied decimals, allowances, charges and taxes, terms, the grand total."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from integrations.mappings.x12 import codes_money as codes
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import read_cents
from visibility.canonical.documents import Charge, InvoiceLine, PaymentTerms

TAX = "tax"
ZERO = Decimal(0)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
_MOST_DAYS = 3650


class Written(NamedTuple):
    """An allowance, charge or tax as written: an amount, or so many percent of what it stands under.

    Both bear their sign. `line` is the line it stands under, None: the whole bill.
    """

    position: int
    line: int | None
    code: str
    description: str
    amount: Decimal | None = None
    percent: Decimal | None = None

    @property
    def name(self) -> tuple[str, str]:
        """What it is for; taxes differ by their kind."""
        return (self.code, self.description if self.code == TAX else "")


def read_amount(reader: SetReader, element: int) -> Decimal | None:
    """An amount with two implied decimals; an error where it is no number."""
    raw = reader.raw(element)
    amount = read_cents(raw) if raw else None
    if raw and amount is None:
        reader.note("error", "not_a_number", f"{raw[:40]!r} is not a number; an amount must be one", element)
    elif "." in raw:
        text = f"{raw[:40]} has a decimal point where two decimals are implied; it was read as written"
        reader.note("warning", "decimal_point", text, element)
    return amount


def read_sac(reader: SetReader, line: int | None) -> Written | None:
    """The present SAC: its amount, else rate times quantity, else its percentage."""
    sign = codes.SIGNS.get(reader.raw(1))
    amount, percent = read_amount(reader, 5), reader.price(7)
    rate, quantity = reader.price(8), reader.quantity(10, signed=True)
    if sign is None:
        return None
    if amount is None and rate is not None and quantity is not None:
        amount = rate * quantity
    return Written(
        position=reader.position,
        line=line,
        code=reader.text(2),
        description=reader.text(15),
        amount=None if amount is None else sign * amount,
        percent=None if percent is None else sign * percent,
    )


def read_txi(reader: SetReader, line: int | None) -> Written:
    """The present TXI: its amount, else its percentage of the taxed amount it names, else of the goods."""
    amount, percent, taxed = reader.price(2), reader.price(3), reader.price(8)
    if amount is None and percent is not None and taxed is not None:
        amount = taxed * percent / HUNDRED
    return Written(reader.position, line, TAX, reader.text(1), amount, percent)


def line_worth(line: InvoiceLine) -> Decimal | None:
    """What the line comes to; None where it does not say, or the price is for another unit."""
    if line.quantity is None or line.price is None or line.price_unit not in {"", line.unit}:
        return None
    return line.quantity * line.price / line.price_per


def settle_charges(
    reader: SetReader, written: Sequence[Written], lines: Sequence[InvoiceLine], *, told_twice: bool = True
) -> tuple[Charge, ...]:
    """The charges of the bill. What stands under lines is summed by what it is for.

    `told_twice`: a charge that the whole bill names too is told there as the sum of its lines'.
    """
    of_whole = {each.name for each in written if each.line is None}
    sums: dict[tuple[str, str], Charge] = {}
    charges: list[Charge] = []
    for each in written:
        amount = _amount(reader, each, lines)
        if not amount or (each.line is not None and told_twice and each.name in of_whole):
            continue
        charge = Charge(amount=amount, code=each.code, description=each.description)
        if each.line is None:
            charges.append(charge)
        elif each.name in sums:
            first = sums[each.name]
            sums[each.name] = msgspec.structs.replace(first, amount=first.amount + amount)
        else:
            sums[each.name] = charge
    return (*charges, *(charge for charge in sums.values() if charge.amount))


def _amount(reader: SetReader, each: Written, lines: Sequence[InvoiceLine]) -> Decimal | None:
    """The amount; of a percentage alone, as reckoned from the goods, with a warning."""
    if each.amount is not None or not each.percent:
        return each.amount
    worth = line_worth(lines[each.line]) if each.line is not None else sum_of(lines)
    stand_at(reader, each.position)
    if worth is None:
        text = f"{each.percent:f} % without an amount, of goods without a price: it was left out"
        reader.note("warning", "charge_unknown", text)
        return None
    amount = (worth * each.percent / HUNDRED).quantize(CENT)
    text = f"{each.percent:f} % without an amount: reckoned as {amount} of the goods' {worth:f}"
    reader.note("warning", "charge_reckoned", text)
    return amount


def sum_of(lines: Sequence[InvoiceLine]) -> Decimal | None:
    """What the lines come to together; None where one of them does not say, or there is none."""
    worths = [line_worth(line) for line in lines]
    known = [worth for worth in worths if worth is not None]
    return sum(known, ZERO) if known and len(known) == len(worths) else None


def check_total(
    reader: SetReader,
    position: int,
    total: Decimal | None,
    lines: Sequence[InvoiceLine],
    charges: Sequence[Charge],
    *,
    credit: bool = False,
) -> None:
    """Compare the total (which stands at `position`) with lines and charges; a difference is a warning.

    A cent a line is left for rounding. Of a credit the signs are anybody's guess: sizes are compared.
    """
    goods = sum_of(lines)
    if total is None or goods is None:
        return
    extra = sum((charge.amount for charge in charges), ZERO)
    right = [goods + extra] + ([abs(goods) + extra, abs(goods) - extra] if credit else [])
    near = CENT * (len(lines) + len(charges))
    if any(abs(abs(total) - abs(sum_)) <= near if credit else abs(total - sum_) <= near for sum_ in right):
        return
    stand_at(reader, position)
    text = f"the total is {total:f}, lines and charges come to {right[0].quantize(CENT):f}"
    reader.note("warning", "total_differs", text, 1)


def read_terms(reader: SetReader, invoiced_on: dt.date | None) -> PaymentTerms:
    """The present ITD."""
    from_invoice = invoiced_on if reader.raw(2) in codes.FROM_INVOICE_DATE else None
    discount = read_amount(reader, 8)
    return PaymentTerms(
        due_on=reader.date(6) or _days_after(reader, from_invoice, 7),
        discount_until=reader.date(4) or _days_after(reader, from_invoice, 5),
        discount_percent=reader.price(3),
        discount=discount,
        text=reader.text(12),
    )


def read_grocery_terms(reader: SetReader, invoiced_on: dt.date | None) -> PaymentTerms:
    """The present G23."""
    from_invoice = invoiced_on if reader.raw(2) in codes.FROM_INVOICE_DATE else reader.date(3)
    return PaymentTerms(
        due_on=reader.date(8) or _days_after(reader, from_invoice, 9),
        discount_until=reader.date(6) or _days_after(reader, from_invoice, 7),
        discount_percent=reader.price(5),
        discount=read_amount(reader, 10),
    )


def _days_after(reader: SetReader, day: dt.date | None, element: int) -> dt.date | None:
    raw = reader.raw(element)
    if day is None or not (raw.isascii() and raw.isdigit() and int(raw[:9]) <= _MOST_DAYS):
        return None
    try:
        return day + dt.timedelta(days=int(raw))
    except OverflowError:
        return None


def stand_at(reader: SetReader, position: int) -> None:
    """Make `position` the place that notes speak of."""
    reader.position, reader.row = position, reader.transaction.row(position)
