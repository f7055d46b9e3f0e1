"""A system that lives in this process, for tests and for trying out."""
