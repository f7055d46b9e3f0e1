"""The demo: brings the sandbox company in through the ordinary ingest and runs everything on one machine."""
