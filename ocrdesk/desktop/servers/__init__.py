"""Known servers and their keys."""
