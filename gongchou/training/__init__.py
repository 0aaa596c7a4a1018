"""Training of staff, outreach and service: what was held, with whom and what; good practice."""
