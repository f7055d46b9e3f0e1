"""Errors, the clock, identifiers. Nothing else lives here, and nothing here imports the rest."""
