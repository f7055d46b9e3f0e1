"""The first page of a role, and signing in."""
