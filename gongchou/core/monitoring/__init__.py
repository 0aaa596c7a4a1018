"""What meters and analysers of a unit say, and what the rules find in it."""
