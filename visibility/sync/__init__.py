"""What leaves for other systems: the outbox, its deliveries, the connections they go by."""
