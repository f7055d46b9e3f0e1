"""Documents without an order, one of them with the orders it may belong to, and its way there."""
