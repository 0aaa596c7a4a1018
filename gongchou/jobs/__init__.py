"""The one door to work in the background: enqueue by name, and schedules."""
