"""Which order a number means when several orders bear it. Pure.

A scope says whose number it is: nobody's in particular (""), an issuer's ("ZZ:NORTHGATE"), or that of one
of the issuer's systems ("ZZ:NORTHGATE|SAP1"). A narrower scope is what a wider one may have meant.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from visibility.canonical.documents import Document, Party
from visibility.canonical.keys import normalise


class Told(NamedTuple):
    """The parties a document, or the documents of one order, name: by identifiers and by name."""

    supplier: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()


class Named(NamedTuple):
    """What a number's scopes mean: the flow of each scope that leaves no doubt, and whether any does."""

    flows: dict[str, int | None]
    contested: bool
    created: list[int]


def told_by(document: Document) -> Told:
    """Who supplies and where it goes, as the document says."""
    return Told(marks_of(document.supplier), marks_of(document.ship_to))


def marks_of(party: Party) -> frozenset[str]:
    """What a party can be known by."""
    named = [f"name {normalise(party.name)}"] if party.name.strip() else []
    return frozenset([normalise(own) for own in party.ids] + named)


def is_wider(scope: str, than: str) -> bool:
    """Whether `scope` leaves open what `than` says."""
    return scope != than and (scope == "" or than.startswith(f"{scope}|"))


def narrowest(scopes: Iterable[str]) -> list[str]:
    """The scopes that no other one says more exactly: each is an order of its own. Sorted."""
    own = set(scopes)
    return sorted(s for s in own if not any(is_wider(s, other) for other in own))


def name_scopes(
    *, rows: Mapping[str, int | None], wanted: Iterable[str], new_flow: Callable[[], int]
) -> Named:
    """The flow that each scope of one number names, the known ones (`rows`) and the `wanted` ones.

    A flow known by a wide scope alone goes to the first order that the scope may have meant. A scope that
    may mean several names none.
    """
    named = rows.keys() | set(wanted)
    orders = narrowest(named)
    flows: dict[str, int | None] = {scope: rows.get(scope) for scope in orders}
    taken = {flow for flow in flows.values() if flow is not None}
    created: list[int] = []
    for scope in orders:
        if flows[scope] is None:
            heirs = (f for s, f in sorted(rows.items()) if f is not None and is_wider(s, scope))
            flow = next((f for f in heirs if f not in taken), None)
            if flow is None:
                flow = new_flow()
                created.append(flow)
            flows[scope] = flow
            taken.add(flow)
    contested = False
    for scope in sorted(named - set(orders)):
        meant = [order for order in orders if is_wider(scope, order)]
        flows[scope] = flows[meant[0]] if len(meant) == 1 else None
        contested |= len(meant) > 1
    return Named(flows, contested, created)


def choose(*, told: Told, orders: Mapping[int, Told]) -> int | None:
    """The one order a document means, by its supplier, then by where it goes; None: it cannot be told.

    A supplier that is told and is none of theirs, though each order's is known, means none of them.
    """
    left = list(orders)
    for part in (0, 1):
        if len(left) == 1:
            break
        fitting = [order for order in left if told[part] & orders[order][part]]
        if not fitting and part == 0 and told[0] and all(orders[order][0] for order in left):
            return None
        left = fitting or left
    return left[0] if len(left) == 1 else None
