"""Policies: what is decided without a person, within which limits, and how that would have gone."""
