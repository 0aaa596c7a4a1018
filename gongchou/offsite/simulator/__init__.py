"""A made-up quarter with its truth: what units send, what was planted in it, and how it is scored.

A score here proves the code; it is no precision of the field.
"""
