"""What the planning service and the warehouse's system do when they are asked."""

from decimal import Decimal

from integrations.sandbox.systems.books import Books, Done, Handler, Json, RefusedError
from integrations.sandbox.systems.words import line_words, plain


def change_supply(_books: Books, data: Json) -> Done:
    """Move the supply that a line brings; the next night's plan counts on it."""
    parts = []
    for part in data["parts"]:
        quantity = Decimal(part["quantity"])
        parts.append(f"{quantity.normalize():+f}" + (f" on {part['date']}" if part.get("date") else ""))
    if not parts:
        raise RefusedError("no part says what changes")
    return Done(f"{line_words(data)}: {', '.join(parts)}")


def expect(books: Books, data: Json) -> Done:
    """Expect so many of a line on a day."""
    quantity = Decimal(data["quantity"])
    if quantity < 0:
        raise RefusedError("fewer than none cannot be expected")
    when = f" on {data['date']}" if data.get("date") else ""
    books.add_line(
        number=data["order"]["number"],
        line=data["line"],
        item=data.get("item", {}).get("buyer", ""),
        unit=data.get("unit", ""),
        ordered=str(quantity),
        expected_on=data.get("date"),
        place=data.get("place", ""),
    )
    return Done(f"{line_words(data)}: {plain(quantity)} expected{when}")


def reverse_receipt(_books: Books, data: Json) -> Done:
    """Take a receipt back, and tell so."""
    line = {"line": data["line"], "item": data.get("item", {}), "unit": data.get("unit", "")}
    if data.get("quantity") is not None:
        line["quantity"] = data["quantity"]
    told = {
        "order": data["order"],
        "number": f"X-{data['receipt']}",
        "reverses": data["receipt"],
        "lines": [line],
    }
    return Done(f"receipt {data['receipt']}: taken back", [("goods.received", told)])


def ship_back(_books: Books, data: Json) -> Done:
    """Set goods aside and ship them back."""
    return Done(f"{line_words(data)}: {plain(data['quantity'])} set aside to go back")


def tell_again(_books: Books, data: Json) -> Done:
    """There is nothing this system has not told."""
    return Done(f"{line_words(data)}: nothing to add")


PLANNING: dict[str, Handler] = {"planning.supply_change": change_supply, "record.tell_again": tell_again}
WAREHOUSE: dict[str, Handler] = {
    "wms.expect": expect,
    "wms.receipt.reverse": reverse_receipt,
    "return.ship": ship_back,
    "record.tell_again": tell_again,
}
