"""What people decide about exceptions, and how it is carried out in the systems concerned."""
