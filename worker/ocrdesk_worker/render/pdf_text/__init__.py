"""A PDF's own text."""
