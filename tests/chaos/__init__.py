"""Processes killed on purpose while they work: every accepted job must end, each page once."""
