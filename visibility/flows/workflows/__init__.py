"""One file a workflow: its milestones, in order, and which of them a kind of order never has."""
