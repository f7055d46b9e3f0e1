"""Ways to other systems, one folder each. What a connector is stands in `visibility/sync/ports.py`."""
