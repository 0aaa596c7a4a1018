"""公众门户: what citizens see; reads publication, and writes to intake alone."""
