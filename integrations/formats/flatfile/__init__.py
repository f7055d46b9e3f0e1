"""Files of rows: CSV and JSON Lines, plain or gzipped. Syntax only; what a row means is told elsewhere."""
