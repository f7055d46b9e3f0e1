"""ANSI X12: a reader that goes on past every fault and says where each one is, and the 997 it owes.

`reader.read` is the way in; `acknowledgement.write_acknowledgement` the way out.
"""
