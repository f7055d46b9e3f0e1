"""945, warehouse shipping advice: what a warehouse sent to a customer for its depositor."""

from integrations.mappings.x12 import codes
from integrations.mappings.x12 import codes_logistics as logistic
from integrations.mappings.x12.common import envelope_party
from integrations.mappings.x12.logistics import customers_scope, shipped_order
from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.warehouse_shipping import notice_of, purchase_order, read_shipping
from visibility.canonical.documents import AnyDocument


def map_945(reader: SetReader) -> list[AnyDocument]:
    """The ship notice (of whose order: see `shipped_order`)."""
    depositor = envelope_party(reader.transaction, "receiver")
    warehouse = envelope_party(reader.transaction, "sender")
    shipping = read_shipping(reader)
    if shipping.position is None:
        return []
    header = shipping.header
    number = purchase_order(shipping)
    order = shipped_order(shipping.own, customers=number, depositor=depositor, header=header)
    return [
        notice_of(
            reader,
            shipping,
            order=order,
            line_issuer="" if shipping.own else customers_scope(header, depositor),
            customer_order=number,
            buyer=header.party((*codes.BUYER_PARTIES, "BT")),
            supplier=header.party(logistic.SENDING_PARTIES, warehouse),
        )
    ]
