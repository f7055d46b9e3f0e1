"""Partners: how documents are exchanged with each, and their test files."""
