"""The pages of planning."""
