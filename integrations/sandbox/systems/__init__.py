"""Northgate's other systems, a process each: they take commands over HTTP, keep books, tell changes.

What they agree on is written in docs/commands.md and docs/connectors.md. Nothing here imports the product.
"""
