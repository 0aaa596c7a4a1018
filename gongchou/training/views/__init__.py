"""Training, outreach and good practice in the browser."""
