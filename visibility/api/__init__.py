"""The REST API: messages in, what became of them, orders, cases, schemas. HTTP only; the work is below."""
