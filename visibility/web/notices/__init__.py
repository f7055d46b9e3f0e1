"""What somebody is told of, and how they want to be told."""
