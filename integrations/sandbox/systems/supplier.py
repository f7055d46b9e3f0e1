"""What a supplier with an API does when it is asked: it answers changes, and notes the rest.

A willing one accepts what is asked for less than ordered and for other days; what it cannot bring more of, it
says so in its answer, which is a document like any other.
"""

from decimal import Decimal

from integrations.sandbox.systems.books import Books, Done, Handler, Json
from integrations.sandbox.systems.words import line_words, plain


def change_order(books: Books, data: Json) -> Done:
    """Answer a change: fewer are accepted; more, or insisting, gets what there is."""
    formerly = Decimal(data["formerly"]) if data.get("formerly") is not None else None
    asked = Decimal(data["quantity"]) if data.get("quantity") is not None else formerly
    if asked is None:
        return Done(f"{line_words(data)}: read", [_answer(data, None)])
    known = books.known_line(number=data["order"]["number"], line=data["line"])
    there_is = Decimal(known["confirmed"]) if known and known["confirmed"] is not None else asked
    given = min(asked, there_is)
    return Done(f"{line_words(data)}: {plain(given)} of {plain(asked)}", [_answer(data, given)])


def _answer(data: Json, quantity: Decimal | None) -> tuple[str, Json]:
    part: Json = {"answer": "accepted"}
    if quantity is not None:
        part |= {"quantity": str(quantity), "unit": data.get("unit", "")}
    if data.get("date"):
        part |= {"date": data["date"], "basis": data.get("basis", "unstated")}
    line = {
        "line": data["line"],
        "item": data.get("item", {}),
        "unit": data.get("unit", ""),
        "parts": [part],
    }
    return "order.acknowledged", {"order": data["order"], "coverage": "detail", "lines": [line]}


def _noted(deed: str) -> Handler:
    def enter(_books: Books, data: Json) -> Done:
        return Done(f"{line_words(data)}: {deed}")

    return enter


HANDLERS: dict[str, Handler] = {
    "order.change_request": change_order,
    "order.answer_accepted": _noted("thank you"),
    "order.remind": _noted("the order desk was reminded"),
    "order.expedite": _noted("asked of production"),
    "shipment.request_notice": _noted("the shipping desk was asked"),
    "message.request_receipt": _noted("the EDI desk was asked"),
    "return.notice": _noted("return announced"),
    "claim.notice": _noted("claim passed on"),
    "invoice.dispute_notice": _noted("passed on to billing"),
    "invoice.credit_request": _noted("passed on to billing"),
}
