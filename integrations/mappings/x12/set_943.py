"""943, stock transfer shipment advice: goods on their way into a warehouse."""

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import envelope_party
from integrations.mappings.x12.logistics import is_named
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.warehouse_shipping import (
    notice_of,
    own_order,
    purchase_order,
    read_shipping,
)
from visibility.canonical.documents import AnyDocument


def map_943(reader: SetReader) -> list[AnyDocument]:
    """The ship notice. A purchase order is the receiver's, for whom the goods are, unless the set names the
    sender as the buyer or depositor; without one the depositor's own number (W0602) is the sender's, as it is
    in the receipt that answers (944)."""
    sender = envelope_party(reader.transaction, "sender")
    receiver = envelope_party(reader.transaction, "receiver")
    shipping = read_shipping(reader)
    if shipping.position is None:
        return []
    header = shipping.header
    ours = (*codes.BUYER_PARTIES, *logistic.DEPOSITOR_PARTIES)
    issuer = sender if is_named(header, ours, sender) else receiver
    number = purchase_order(shipping)
    return [
        notice_of(
            reader,
            shipping,
            order=own_order(number, issuer) or own_order(shipping.own, sender),
            line_issuer=issuer,
            buyer=header.party(codes.BUYER_PARTIES, issuer),
            supplier=header.party(logistic.SENDING_PARTIES, sender),
        )
    ]
