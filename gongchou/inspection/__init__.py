"""Visits: dispatched to the drawn team, recorded on site, submitted, reviewed, followed up."""
