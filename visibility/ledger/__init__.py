"""The append-only ledger: entries, the keys that tie them, and which flows they are members of."""
