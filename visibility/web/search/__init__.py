"""Any number, one box."""
