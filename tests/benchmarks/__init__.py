"""Measuring: ratios against a plain COPY of the same rows in the same run. Run by `make bench`."""
