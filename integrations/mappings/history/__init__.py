"""Histories: files of rows become canonical documents, as a mapping file says (docs/import-history.md)."""
