"""A system that speaks JSON over HTTP, signed."""
