"""Canonical documents: business facts in our own shape, the contract of the whole system. No Django."""
