"""X12 transaction sets as canonical documents. `codes` holds the code tables, one module maps each set."""
