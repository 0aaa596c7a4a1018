"""Pages about conduct."""
