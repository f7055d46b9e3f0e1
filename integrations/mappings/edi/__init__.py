"""What the mappings of X12 and EDIFACT have in common."""
