"""Exception queues and the case page."""
