"""How pages look: base templates, components, static files, template tags, and the clock."""
