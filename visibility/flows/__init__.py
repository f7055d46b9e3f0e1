"""Read models of orders: what the ledger's entries say of each one, merged."""
