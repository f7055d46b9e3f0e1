"""Proof by faults: a site is killed, cut and stalled while a client writes down what it was told.

`make faults` is the long run; `python -m tests.faults --help` tells its knobs.
"""
