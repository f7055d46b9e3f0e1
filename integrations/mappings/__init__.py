"""What wire documents mean: formats in, canonical documents out. One folder a format."""
