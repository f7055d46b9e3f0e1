"""What Northgate's ERP does when it is asked. It changes its own orders, and tells what it changed."""

from decimal import Decimal

from integrations.sandbox.systems.books import Books, Done, Handler, Json, RefusedError
from integrations.sandbox.systems.words import line_words, plain


def confirm_line(books: Books, data: Json) -> Done:
    """Enter what the supplier confirmed; what is ordered stays as it is."""
    line = _line(books, data)
    confirmed = data.get("confirmed")
    if confirmed is not None and Decimal(confirmed) > Decimal(line["ordered"]) * 2:
        raise RefusedError(f"{confirmed} confirmed of {line['ordered']} ordered is more than this ERP takes")
    books.set_line(
        **_place(data),
        confirmed=confirmed if confirmed is not None else line["confirmed"],
        expected_on=data.get("date") or line["expected_on"],
    )
    return Done(f"{line_words(data)}: {plain(confirmed) if confirmed is not None else 'answer'} confirmed")


def cancel_line(books: Books, data: Json) -> Done:
    """So many fewer are ordered; the change is told as one of the order."""
    line = _line(books, data)
    ordered, quantity = Decimal(line["ordered"]), Decimal(data["quantity"])
    if quantity <= 0 or quantity > ordered:
        raise RefusedError(f"{line_words(data)} has {plain(ordered)} ordered; {plain(quantity)} cannot go")
    left = ordered - quantity
    books.set_line(**_place(data), ordered=str(left))
    return Done(f"{line_words(data)}: {plain(left)} ordered", [_changed(data, left)])


def close_line(books: Books, data: Json) -> Done:
    """Give up what is still to come."""
    _line(books, data)
    told = {"order": data["order"], "lines": [_named(data)], "reason": data.get("reason", "")}
    return Done(f"{line_words(data)}: closed short", [("order.line_closed", told)])


def reopen_line(books: Books, data: Json) -> Done:
    """What was cancelled or closed is open again."""
    line = _line(books, data)
    changes = [("order.line_closed", {"order": data["order"], "lines": [_named(data)], "reopened": True})]
    if data.get("quantity") is not None:
        ordered = Decimal(line["ordered"]) + Decimal(data["quantity"])
        books.set_line(**_place(data), ordered=str(ordered))
        changes = [_changed(data, ordered)]
    return Done(f"{line_words(data)}: open again", changes)


def redate_line(books: Books, data: Json) -> Done:
    """Expect the line on another day."""
    _line(books, data)
    books.set_line(**_place(data), expected_on=data["date"])
    return Done(f"{line_words(data)}: expected {data['date']}")


def draft_order(books: Books, data: Json) -> Done:
    """A draft to another supplier; nothing is told of it before a buyer releases it."""
    number = f"D-{books.next_number()}"
    books.add_line(
        number=number,
        line="10",
        item=data.get("item", {}).get("buyer", ""),
        unit=data.get("unit", ""),
        ordered=data["quantity"],
        price=data["price"],
        supplier=data["to"],
        expected_on=data.get("date"),
    )
    return Done(f"draft {number}: {plain(data['quantity'])} from {data['to']}", answer={"number": number})


def withdraw_draft(books: Books, data: Json) -> Done:
    """Take the draft back: the newest one to that supplier of so many."""
    for line in reversed(books.lines()):
        fits = line["supplier"] == data["to"] and Decimal(line["ordered"]) == Decimal(data["quantity"])
        if line["number"].startswith("D-") and fits:
            books.set_line(number=line["number"], line="10", ordered="0")
            return Done(f"draft {line['number']}: withdrawn")
    raise RefusedError(f"there is no draft of {plain(data['quantity'])} to {data['to']}")


def _noted(deed: str) -> Handler:
    """A handler for what the ERP only has to enter."""

    def enter(books: Books, data: Json) -> Done:
        if data.get("line"):
            _line(books, data)
        return Done(f"{line_words(data)}: {deed}")

    return enter


def _line(books: Books, data: Json) -> Json:
    return books.line(**_place(data))


def _place(data: Json) -> dict[str, str]:
    return {"number": data["order"]["number"], "line": data["line"]}


def _named(data: Json) -> Json:
    return {"line": data["line"], "item": data.get("item", {}), "unit": data.get("unit", "")}


def _changed(data: Json, quantity: Decimal) -> tuple[str, Json]:
    line = {**_named(data), "quantity": str(quantity), "op": "change"}
    return "order.changed", {"order": data["order"], "lines": [line], "note": data.get("reason", "")}


HANDLERS: dict[str, Handler] = {
    "order.line.confirm": confirm_line,
    "order.line.cancel": cancel_line,
    "order.line.close": close_line,
    "order.line.reopen": reopen_line,
    "order.line.date": redate_line,
    "order.draft": draft_order,
    "order.draft.withdraw": withdraw_draft,
    "order.receipt.accept_over": _noted("what came over is kept"),
    "return.create": _noted("return entered"),
    "return.cancel": _noted("return taken back"),
    "claim.open": _noted("claim entered"),
    "claim.withdraw": _noted("claim taken back"),
    "invoice.dispute": _noted("payment blocked as far as disputed"),
    "invoice.release": _noted("payment released"),
    "invoice.match": _noted("credit matched"),
    "invoice.unmatch": _noted("match taken back"),
    "invoice.accept_variance": _noted("bill released as it is"),
    "record.tell_again": _noted("nothing to add"),
}
