"""What can be done about a case: one class an action, one file each (base.py)."""
