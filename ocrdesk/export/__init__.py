"""Exports: pure functions from a Document to the forms people want. No I/O, no Redis."""
