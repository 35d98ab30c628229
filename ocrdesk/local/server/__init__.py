"""Valkey, api and workers as one local server."""
