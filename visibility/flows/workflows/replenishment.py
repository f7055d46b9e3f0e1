"""Replenishment: goods ordered from a supplier for a place of ours.

ordered → released → acknowledged → shipped → arrived → received → invoiced → matched
"""

from visibility.flows.state import MilestoneName

MILESTONES: tuple[MilestoneName, ...] = (
    "ordered",
    "released",
    "acknowledged",
    "shipped",
    "arrived",
    "received",
    "invoiced",
    "matched",
)

NEVER: dict[str, frozenset[MilestoneName]] = {
    # The goods go to the customer: nobody of ours ever takes them in.
    "drop_ship": frozenset({"received"}),
    # Paid for when used, not when delivered.
    "consignment": frozenset({"invoiced", "matched"}),
}


def never(kind: str) -> frozenset[MilestoneName]:
    """The milestones that this kind of order never has."""
    return NEVER.get(kind, frozenset())
