"""A receipt whose quantities name no unit, as many warehouses send it."""

from integrations.mappings.edifact.translator import CONTENT_TYPE, EdifactTranslator
from visibility.canonical.documents import GoodsReceived
from visibility.inbox.ports import VerbatimMessage

RECEIPT = """UNB+UNOC:3+5790000000012:14+5790000000029:14+260302:0915+77'
UNH+1+RECADV:D:96A:UN'
BGM+632+REC-5+9'
DTM+137:20260321:102'
RFF+ON:4500017'
NAD+BY+5790000000012::9'
NAD+SU+5790000000029::9'
LIN+1++4000862141404:EN'
QTY+194:75'
UNT+9+1'
UNZ+1+77'"""


def test_a_taken_quantity_without_a_unit_is_received_without_one() -> None:
    message = VerbatimMessage(body=RECEIPT.encode(), content_type=CONTENT_TYPE)
    (document,) = [one.document for unit in EdifactTranslator().translate(message) for one in unit.documents]
    assert isinstance(document, GoodsReceived)
    assert [(str(line.quantity), line.unit) for line in document.lines] == [("75", "")]
