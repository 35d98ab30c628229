"""API keys in Redis."""
