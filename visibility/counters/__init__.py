"""Counts that pages show, kept as the pipeline runs. Writers only insert; a chore sums up."""
