"""Visits: dispatch, records, findings, signatures and review."""
