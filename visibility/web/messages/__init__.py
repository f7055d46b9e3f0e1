"""Messages as they came, and each one explained."""
