"""Connections and deliveries: what leaves, what failed, and what to do about it."""
