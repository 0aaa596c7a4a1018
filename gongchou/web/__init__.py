"""How pages look: templates, components, static files, and the clock of a request."""
