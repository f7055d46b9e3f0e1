"""Bringing in histories: files of rows, years long, as messages of the batch tier."""
