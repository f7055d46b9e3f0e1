"""The head and the line loops that orders (850) and their changes (860) are written with alike.

The order of the segments is that of release 004010, which 005010 kept.
"""

from collections.abc import Sequence

from integrations.mappings.x12.writing import (
    Row,
    X12Fields,
    write_description,
    write_item,
    write_request_dates,
)
from visibility.canonical.documents import Allowance, Component, Destination, Document, OrderLine
from visibility.canonical.quantities import UnitScheme

_PLACES_IN_SDQ = 10
_NOTE_LENGTH = 250
"""Of one MSG: 264 fit, and our own reader keeps 256."""


def write_note(fields: X12Fields, note: str) -> list[Row]:
    """A note as N9 and MSG, a MSG for each of its lines; long ones are broken at a blank."""
    lines = [fields.text(line, "note", 10_000) for line in note.splitlines()]
    texts = [part for line in lines for part in broken(line, _NOTE_LENGTH)]
    return [["N9", "L1", "NOTE"], *(["MSG", text] for text in texts)] if texts else []


def broken(text: str, longest: int) -> list[str]:
    """The text in parts that are no longer, broken at a blank where there is one."""
    parts = []
    while len(text) > longest:
        place = text.rfind(" ", 1, longest + 1)
        place = place if place > 0 else longest
        parts.append(text[:place].rstrip())
        text = text[place:].lstrip()
    return [*parts, text] if text else parts


def write_allowances(fields: X12Fields, allowances: Sequence[Allowance]) -> list[Row]:
    """SAC: an amount, a percentage or a rate. A code that is not of element 1300 is told as an agency's."""
    rows: list[Row] = []
    for number, one in enumerate(allowances):
        with fields.within(f"allowances/{number}"):
            code = fields.identifier(one.code, "code", 10)
            listed = len(code) == 4
            rows.append(
                [
                    "SAC",
                    "A" if one.kind == "allowance" else "C",
                    code if listed else "",
                    "" if listed else "ZZ",
                    "" if listed else code or "OTHER",
                    fields.implied(one.amount, "amount"),
                    "" if one.percent is None else "Z",
                    fields.number(one.percent, "percent", 6),
                    fields.number(one.rate, "rate", 9),
                    *[""] * 6,
                    fields.text(one.description, "description", 80),
                ]
            )
    return rows


def write_line_details(
    fields: X12Fields, document: Document, line: OrderLine, unit: str, ctp: list[Row]
) -> list[Row]:
    """What stands under a PO1 or POC: CTP, PID, SAC, SDQ, DTM, SCH, N1, SLN."""
    listed = all(one.place.ids and one.quantity is not None for one in line.destinations)
    listed = listed and not any(one.place.name for one in line.destinations)
    destinations = _sdq(fields, line.destinations, unit) if listed else []
    return [
        *ctp,
        *write_description(fields, line.item),
        *write_allowances(fields, line.allowances),
        *destinations,
        *write_request_dates(fields, line.requests, line.quantity, unit),
        *([] if listed else _named_places(fields, line.destinations, unit)),
        *_components(fields, document.units, line.components),
    ]


def _sdq(fields: X12Fields, destinations: Sequence[Destination], unit: str) -> list[Row]:
    """SDQ: up to ten places a segment, all of one id qualifier."""
    rows: list[Row] = []
    for number, one in enumerate(destinations):
        with fields.within(f"destinations/{number}"):
            qualifier, value = fields.party_id(one.place.ids[0], "place")
            quantity = fields.quantity(one.quantity)
        if not rows or rows[-1][2] != qualifier or len(rows[-1]) > 2 * _PLACES_IN_SDQ + 1:
            rows.append(["SDQ", unit, qualifier])
        rows[-1] += [value, quantity]
    return rows


def _named_places(fields: X12Fields, destinations: Sequence[Destination], unit: str) -> list[Row]:
    """N1 and QTY, for places that have a name, or no quantity of their own."""
    rows: list[Row] = []
    for number, one in enumerate(destinations):
        with fields.within(f"destinations/{number}"):
            place = fields.party("ST", one.place, "place", ())
            if not place:
                raise fields.refuse("place", "is neither named nor numbered", "field_missing")
            rows += place
            if one.quantity is not None:
                rows.append(["QTY", "01", fields.quantity(one.quantity), unit])
    return rows


def _components(fields: X12Fields, units: UnitScheme, components: Sequence[Component]) -> list[Row]:
    """SLN: what a kit or an assortment is made of."""
    rows: list[Row] = []
    for number, one in enumerate(components):
        with fields.within(f"components/{number}"):
            unit = fields.unit(one.unit, units)
            quantity = fields.quantity(one.quantity)
            if bool(unit) != bool(quantity):
                raise fields.refuse("quantity", "a quantity and its unit are told together", "field_missing")
            row = ["SLN", str(number + 1), "", "I", quantity, unit, "", "", ""]
            rows.append(row + write_item(fields, one.item))
            rows += write_description(fields, one.item)
    return rows
