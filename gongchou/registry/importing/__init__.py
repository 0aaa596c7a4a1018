"""Foreign tables into rows: read, find the header, map it, strip, parse, refuse duplicates."""
