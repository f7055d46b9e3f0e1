"""How other systems speak to the product. May import `visibility`; `visibility` never imports this."""
