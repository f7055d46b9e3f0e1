"""Syntax of wire formats: bytes in, structure and faults out. Knows neither Django nor the product."""
