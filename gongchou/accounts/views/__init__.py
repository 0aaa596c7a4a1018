"""Signing in, people and their roles, the phone beside the password."""
