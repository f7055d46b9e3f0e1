"""How the systems word what they did."""

from decimal import Decimal
from typing import Any


def plain(quantity: Any) -> str:
    """A quantity without needless zeros."""
    return f"{Decimal(quantity).normalize():f}"


def line_words(data: dict[str, Any]) -> str:
    """The order and the line a command is about."""
    number = data.get("order", {}).get("number", "") if data.get("order") else ""
    line = data.get("line", "")
    return " ".join(part for part in (number and f"PO {number}", line and f"line {line}") if part) or "noted"
