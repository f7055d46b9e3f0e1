"""Who does what, by role; who only reads may take no action at all (customer service, executives)."""

from visibility.accounts.models import Role

BUYERS = frozenset({Role.BUYER, Role.SUPPLIER_MANAGER})
SUPPLY = BUYERS | {Role.PLANNER}
DOCK = BUYERS | {Role.WAREHOUSE}
STEWARDS = frozenset({Role.DATA_STEWARD, Role.INTEGRATION})
INTEGRATION = frozenset({Role.INTEGRATION})
EVERYONE = SUPPLY | DOCK | STEWARDS
"""Everybody who may take some action."""
