"""What the sets of shipping, warehousing and carrying have in common."""

import datetime as dt
from collections.abc import Sequence

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import Header, envelope_party, order_reference
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.values import start_of_day
from visibility.canonical.documents import OrderRef


class LogisticHeader(Header):
    """A Header that takes G62 dates too."""

    def take(self, reader: SetReader) -> None:
        """Keep the present segment if it is an N1, REF, N9, DTM or G62."""
        if reader.row[0] == "G62":
            self.take_g62(reader)
        else:
            super().take(reader)

    def take_g62(self, reader: SetReader) -> None:
        """G62: a date by its qualifier of element 432, with its time where it has one."""
        qualifier = reader.raw(1)
        day = reader.date(2)
        if day is None or not qualifier or qualifier in self.dates:
            return
        self.dates[qualifier] = day
        moment = reader.moment(2, 4, 5)
        if moment is not None:
            self.moments[qualifier] = moment

    def date(self, qualifiers: Sequence[str]) -> dt.date | None:
        """The first date of these kinds."""
        return next((self.dates[kind] for kind in qualifiers if kind in self.dates), None)


class TransportHeader(LogisticHeader):
    """A LogisticHeader that takes L11 references too."""

    def take(self, reader: SetReader) -> None:
        """Keep the present segment if it is an N1, REF, N9, L11, DTM or G62."""
        if reader.row[0] == "L11":
            self.references.setdefault(reader.raw(2), reader.identifier(1))
        else:
            super().take(reader)


def warn_at(reader: SetReader, position: int, code: str, text: str) -> None:
    """A warning at the segment of that position in the set."""
    reader.position, reader.row = position, reader.transaction.row(position)
    reader.note("warning", code, text)


def shipped_order(own: str, *, customers: str, depositor: str, header: Header) -> OrderRef | None:
    """The order that a warehouse ships for (940, 945): the depositor's own, a sales order of its numbering.

    The customer's purchase order is of the customer's numbering: in the depositor's it could be one of the
    depositor's own purchase orders, or another customer's. It names the order only where there is no other
    number, scoped by the customer where the set gives its id.
    """
    if own:
        return OrderRef(number=own, issuer=depositor, scheme="so")
    return order_reference(customers, customers_scope(header, depositor)) if customers else None


def customers_scope(header: Header, depositor: str) -> str:
    """In whose numbering a customer's order is: the customer's, as far as the set gives its id."""
    customer = header.party(logistic.CUSTOMER_PARTIES)
    return customer.ids[0] if customer.ids else depositor


def buyers_side(reader: SetReader, header: Header) -> str:
    """Whose purchase orders a receiving advice (861) speaks of: the sender's, who received the goods.

    The receiver's where the set names it as the buyer or depositor, or its sender as a warehouse or seller:
    so a warehouse tells its depositor.
    """
    sender = envelope_party(reader.transaction, "sender")
    receiver = envelope_party(reader.transaction, "receiver")
    ours = (*codes.BUYER_PARTIES, *logistic.DEPOSITOR_PARTIES)
    theirs = ("WH", *codes.SUPPLIER_PARTIES)
    if is_named(header, ours, receiver) or is_named(header, theirs, sender):
        return receiver
    return sender


def is_named(header: Header, roles: Sequence[str], party: str) -> bool:
    """Whether a party in one of these roles goes by the number of an envelope's side ("ZZ:NORTHGATE")."""
    number = party.partition(":")[2]
    named = (header.parties[role] for role in roles if role in header.parties)
    return bool(number) and any(each.partition(":")[2] == number for found in named for each in found.ids)


def moment_of(header: LogisticHeader, qualifiers: Sequence[str]) -> dt.datetime | None:
    """The first moment of these kinds, or the start of the first day."""
    return header.moment(qualifiers) or start_of_day(header.date(qualifiers))


def carrier_of(reader: SetReader) -> str:
    """The carrier of the present W27 or W66: its code (SCAC), else how it says the goods go."""
    if reader.row[0] == "W66":
        return reader.text(10) or reader.text(5)
    return reader.text(2) or reader.text(3)
