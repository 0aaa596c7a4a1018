"""Supervision without entry: the off-site checks of units on the positive list."""
