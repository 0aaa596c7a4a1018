"""外来信件: what people without an account send in, each with a receipt; others pull from here."""
