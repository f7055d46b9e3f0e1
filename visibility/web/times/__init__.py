"""How long exceptions wait: to the first touch, and until they are settled."""
