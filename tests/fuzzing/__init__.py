"""Documents mangled at random, and what must hold for them all. `make fuzz` runs it for long."""
