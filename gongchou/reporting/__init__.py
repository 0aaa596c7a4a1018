"""The quarter in numbers: facts, statistics tables and their files."""
