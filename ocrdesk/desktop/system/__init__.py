"""The desktop environment."""
