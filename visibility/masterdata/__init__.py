"""Items, partners, places, units, cross-references: what codes mean, and who says so."""
