"""The order list and the flow page."""
