"""Backups: one encrypted file of database, evidence and what both must add up to."""
