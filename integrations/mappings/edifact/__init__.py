"""EDIFACT messages to canonical documents and back: one module a message."""
