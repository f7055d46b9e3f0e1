"""What X12 and EDIFACT have in common: findings with their places, limits, and the reading of envelopes."""
