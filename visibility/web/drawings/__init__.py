"""Pictures as geometry: pure functions from states and quantities to typed shapes that templates draw."""
