"""What several messages have in common: envelopes, parties, references, dates, items, prices, charges."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from integrations.formats.edifact.parts import Interchange, Message
from integrations.mappings.edi.texts import read_text
from integrations.mappings.edifact import codes
from integrations.mappings.edifact.reader import MessageReader, read_number
from integrations.mappings.edifact.times import Period, read_period
from integrations.mappings.x12.values import read_gtin
from visibility.canonical.documents import Allowance, Item, OrderRef, Party, Schedule
from visibility.inbox.ports import NO_PROFILE, ReadingProfile

Side = Literal["sender", "receiver"]
ONE = Decimal(1)
_ISBN_10 = 10


def envelope_party(message: Message, side: Side) -> str:
    """The raw id of one side of the interchange, "14:5790000000012"."""
    return _end_of(message.group.interchange, side)


def _end_of(interchange: Interchange, side: Side) -> str:
    if side == "sender":
        qualifier, value = interchange.sender_qualifier, interchange.sender
    else:
        qualifier, value = interchange.receiver_qualifier, interchange.receiver
    return f"{read_text(qualifier)}:{read_text(value)}"


def profile_of(interchange: Interchange, profiles: Mapping[str, ReadingProfile]) -> ReadingProfile:
    """What is agreed with the sender. An id without a qualifier is also found as "X" and "ZZ:X"."""
    if not profiles:
        return NO_PROFILE
    sender = _end_of(interchange, "sender").upper()
    keys = [sender] if not sender.startswith(":") else [sender, sender[1:], f"ZZ{sender}", f"ZZZ{sender}"]
    return next((profiles[key] for key in keys if key in profiles), NO_PROFILE)


def envelope_moment(message: Message, home: str = "") -> dt.datetime | None:
    """When the group was made, or the interchange where the group does not say. `home`: the sender's zone."""
    group = message.group
    return _moment(group.date, group.time, home) or interchange_moment(group.interchange, home)


def interchange_moment(interchange: Interchange, home: str = "") -> dt.datetime | None:
    """When the interchange was made, as its UNB says; None where it says no date."""
    return _moment(interchange.date, interchange.time, home)


def _moment(date: str, time: str, home: str) -> dt.datetime | None:
    """A date of six or eight figures with a time; one that is no time counts as not said."""
    day, clock = date.strip(), time.strip()[:4]
    period = read_period(day + clock, "", home) if len(clock) == 4 else None
    period = period or read_period(day, "", home)
    return period.moment if period else None


def control_numbers(message: Message) -> str:
    """Interchange, group (where there is one) and message reference, as one text."""
    group = message.group
    parts = (group.interchange.control, group.control, message.control)
    return "/".join(read_text(part) for part in parts)


class Reference(NamedTuple):
    """A number, and the line of that document."""

    number: str = ""
    line: str = ""


class Beginning:
    """The BGM: number, its version, function and response, in whatever directory's place."""

    def __init__(self, reader: MessageReader) -> None:
        self.place = reader.place
        self.name = reader.coded(1, "order_type")
        self.number = reader.identifier(2)
        self.revision = "|".join(part for part in (reader.text(2, 1), reader.text(2, 2)) if part)
        self.function = reader.coded(3, "purpose")
        self.response = reader.coded(4, "acknowledgement_type")


class Gathered:
    """What stands before, behind or inside the lines: the first of each kind."""

    def __init__(self) -> None:
        self.parties: dict[str, Party] = {}
        self.references: dict[str, Reference] = {}
        self.dates: dict[str, Period] = {}
        self.amounts: dict[str, Decimal] = {}
        self.allowances: list[Allowance] = []
        self.taxes: list[tuple[str, Decimal]] = []
        self.currency = ""
        self.carrier = ""
        self._context = ""
        self._tax = ""

    def take(self, reader: MessageReader, tag: str) -> bool:
        """Keep the present segment if it is of a kind that every part of a message may have."""
        if tag in {"MOA", "PCD", "RTE", "QTY"} and self._context in {"ALC", "NO_ALC"}:
            if self._context == "ALC":
                self._allow(reader, tag)
            return True
        keep = _KEEPERS.get(tag)
        if keep is None:
            self._context = ""
            return False
        keep(self, reader)
        if tag not in {"MOA", "CUX", "ALC"} and not (tag == "TAX" and self._context in {"ALC", "NO_ALC"}):
            self._context = tag
        return True

    def _party(self, reader: MessageReader) -> None:
        self.parties.setdefault(reader.raw(1), read_party(reader))

    def _reference(self, reader: MessageReader) -> None:
        number = reader.identifier(1, 1)
        if number:
            self.references.setdefault(reader.raw(1), Reference(number, reader.identifier(1, 2)))

    def _date(self, reader: MessageReader) -> None:
        period = reader.period() if reader.raw(1) not in self.dates else None
        if period is not None:
            self.dates[reader.raw(1)] = period

    def _amount(self, reader: MessageReader) -> None:
        amount = reader.number(1, 1, "amount") if reader.raw(1) in codes.READ_AMOUNTS else None
        if amount is None:
            return
        if self._context == "TAX" and reader.raw(1) == codes.TAX_AMOUNT:
            self.taxes.append((self._tax, amount))
        self.amounts.setdefault(reader.raw(1), amount)
        self.currency = self.currency or reader.text(1, 2)[:3]

    def _taxed(self, reader: MessageReader) -> None:
        self._tax = " ".join(part for part in (reader.text(2), reader.text(5, 3)) if part)

    def _money(self, reader: MessageReader) -> None:
        if reader.raw(1) in codes.DOCUMENT_CURRENCIES:
            self.currency = reader.text(1, 1)[:3] or self.currency

    def _allowance(self, reader: MessageReader) -> None:
        kind = codes.ALLOWANCE_KINDS.get(reader.raw(1))
        self._context = "ALC" if kind is not None else "NO_ALC"
        if kind is not None:
            # C214 follows two elements; some senders write its code right behind the indicator.
            code = reader.text(5) or reader.text(2, 1) or reader.text(2)
            words = reader.text(5, 3) or reader.text(5, 4)
            self.allowances.append(Allowance(kind=kind, code=code, description=words))

    def _transport(self, reader: MessageReader) -> None:
        self.carrier = self.carrier or reader.text(5) or reader.text(5, 3)

    def _allow(self, reader: MessageReader, tag: str) -> None:
        """What a MOA, PCD or RTE says of the allowance before it."""
        last = self.allowances[-1]
        amount, percent, rate = last.amount, last.percent, last.rate
        if tag == "MOA" and reader.raw(1) in codes.ALLOWANCE_AMOUNTS:
            amount = reader.number(1, 1, "amount") if amount is None else amount
        elif tag == "PCD":
            percent = reader.number(1, 1, "percentage") if percent is None else percent
        elif tag == "RTE":
            rate = reader.number(1, 1, "rate") if rate is None else rate
        self.allowances[-1] = Allowance(
            kind=last.kind,
            amount=amount,
            percent=percent,
            rate=rate,
            code=last.code,
            description=last.description,
        )

    def party(self, roles: Sequence[str], first_id: str = "") -> Party:
        """The party in the first of these roles, with `first_id` before its own ids."""
        named = next((self.parties[role] for role in roles if role in self.parties), Party())
        return Party(ids=(first_id, *named.ids), name=named.name) if first_id else named

    def reference(self, kinds: Sequence[str]) -> str:
        """The first reference of these kinds, or an empty text."""
        return next((self.references[kind].number for kind in kinds if kind in self.references), "")

    def referred(self, kinds: Sequence[str]) -> Reference:
        """The first reference of these kinds with its line."""
        return next((self.references[kind] for kind in kinds if kind in self.references), Reference())

    def period(self, kinds: Sequence[str]) -> Period | None:
        """The first date of these kinds."""
        return next((self.dates[kind] for kind in kinds if kind in self.dates), None)

    def moment(self, kinds: Sequence[str]) -> dt.datetime | None:
        """The first moment of these kinds."""
        period = self.period(kinds)
        return period.moment if period else None

    def day(self, kinds: Sequence[str]) -> dt.date | None:
        """The first day of these kinds."""
        period = self.period(kinds)
        return period.start if period else None

    def amount(self, kinds: Sequence[str]) -> Decimal | None:
        """The first amount of these kinds."""
        return next((self.amounts[kind] for kind in kinds if kind in self.amounts), None)


_KEEPERS = {
    "NAD": Gathered._party,
    "RFF": Gathered._reference,
    "DTM": Gathered._date,
    "MOA": Gathered._amount,
    "TAX": Gathered._taxed,
    "CUX": Gathered._money,
    "ALC": Gathered._allowance,
    "TDT": Gathered._transport,
}


def read_party(reader: MessageReader, element: int = 2) -> Party:
    """The party or place whose number is in the composite at `element` (C082, C517) of the present segment.

    The number is qualified by who issued it (3055; a code list, 1131, where that is all there is).
    """
    value = reader.identifier(element)
    agency = reader.raw(element, 2) or reader.raw(element, 1)
    qualifier = codes.AGENCIES.get(agency, read_text(agency))
    name = reader.text(4) or reader.text(3) if reader.row[0][0].strip() == "NAD" else reader.text(element, 3)
    return Party(ids=(f"{qualifier}:{value}",) if value else (), name=name)


def read_item_number(reader: MessageReader, element: int, into: dict[str, str]) -> None:
    """Keep the number in the C212 at `element` by its type, the first of each."""
    value, kind = reader.identifier(element), reader.coded(element, "item_id", 1)
    if value and not kind and reader.raw(element, 3) == "9":
        kind = "EN"
    if value and kind:
        into.setdefault(kind, value)
    elif value:
        text = f"{value[:40]!r} does not say whose number it is (7143); it was left out"
        reader.note("warning", "unknown_item_id", text, element)


def item_of(reader: MessageReader, numbers: Mapping[str, str], description: str = "") -> Item:
    """The item that these numbers name."""
    return Item(
        buyer=_first(numbers, codes.BUYER_ITEM_IDS),
        vendor=_first(numbers, codes.VENDOR_ITEM_IDS),
        gtin=_gtin(reader, numbers),
        description=description,
    )


def _first(numbers: Mapping[str, str], kinds: Sequence[str]) -> str:
    return next((numbers[kind] for kind in kinds if kind in numbers), "")


def lot_of(numbers: Mapping[str, str]) -> str:
    """The lot among an item's numbers."""
    return _first(numbers, codes.LOT_ITEM_IDS)


def _gtin(reader: MessageReader, numbers: Mapping[str, str]) -> str:
    for kind in codes.GTIN_ITEM_IDS:
        if kind in numbers:
            written = numbers[kind]
            gtin = read_gtin(isbn_13(written) if kind in codes.BOOK_ITEM_IDS else written)
            if gtin is not None:
                return gtin
            text = f"{kind} {written[:40]!r} is not a GTIN of 8 to 14 digits; it was left out"
            reader.note("warning", "not_a_gtin", text)
    return ""


def isbn_13(number: str) -> str:
    """An ISBN of ten figures as the GTIN it is since 2007 (prefix 978); others as they are."""
    digits = number.replace("-", "").replace(" ", "")
    if len(digits) != _ISBN_10 or not digits[:9].isdigit():
        return digits
    body = f"978{digits[:9]}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


class Price(NamedTuple):
    """A price for `per` of `unit` (empty: of the line's unit). `kind`: 5125; `retail`: not what we pay."""

    price: Decimal
    per: Decimal = ONE
    unit: str = ""
    kind: str = ""
    retail: bool = False


def read_price(reader: MessageReader) -> Price | None:
    """The PRI's C509; None where it has no amount, or one of no interest here."""
    price = reader.number(1, 1) if reader.raw(1) in codes.READ_PRICES else None
    if price is None:
        return None
    per = read_number(reader.raw(1, 4))
    return Price(
        price=price,
        per=per if per and per > 0 else ONE,
        unit=reader.unit(1, 5),
        kind=reader.raw(1),
        retail=reader.raw(1, 3) in codes.RETAIL_PRICES or reader.raw(1, 2) in codes.RETAIL_PRICES,
    )


def order_reference(number: str, issuer: str) -> OrderRef:
    """A purchase order in the buyer's own numbering."""
    return OrderRef(number=number, issuer=issuer)


def pick_schedules(
    dates: Mapping[str, Period], preference: Sequence[str], quantity: Decimal | None = None
) -> tuple[Schedule, ...]:
    """One schedule a basis: of several dates on one basis the first in the preference."""
    chosen: dict[str, Schedule] = {}
    for kind in preference:
        if kind in dates:
            basis = codes.DATE_BASES[kind]
            # Of a span it is the end: it is kept as long as that is.
            chosen.setdefault(basis, Schedule(quantity=quantity, date=dates[kind].end, basis=basis))
    return tuple(chosen.values())


def issued_at(gathered: Gathered) -> dt.datetime | None:
    """The document's own date-time."""
    return gathered.moment(codes.ISSUED_DATES)


def buyers_side(reader: MessageReader, gathered: Gathered, otherwise: Side) -> Side:
    """Which side of the envelope the buyer is, by its parties; else as the message is meant."""
    interchange = reader.message.group.interchange
    ends = {"sender": read_text(interchange.sender), "receiver": read_text(interchange.receiver)}
    sides: tuple[tuple[Sequence[str], Side, Side], ...] = (
        (codes.BUYER_PARTIES, "sender", "receiver"),
        (codes.SUPPLIER_PARTIES, "receiver", "sender"),
    )
    for roles, where_sender, where_receiver in sides:
        numbers = {number.partition(":")[2] for number in gathered.party(roles).ids}
        if ends["sender"] in numbers and ends["receiver"] not in numbers:
            return where_sender
        if ends["receiver"] in numbers and ends["sender"] not in numbers:
            return where_receiver
    return otherwise


def check_line_count(reader: MessageReader, lines: int) -> None:
    """Compare the number of lines in a CNT+2 with what was counted; a difference is a warning."""
    if reader.raw(1) != "2" or not reader.raw(1, 1):
        return
    stated = read_number(reader.raw(1, 1))
    if stated is None or stated != lines:
        text = f"CNT says {read_text(reader.raw(1, 1))[:20]!r} lines, the message has {lines}"
        reader.note("warning", "cnt_count", text, 1)
