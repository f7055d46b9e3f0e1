"""Messages, verbatim, and the work they still need."""
