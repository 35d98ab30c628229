"""Exports: pure functions that write a Document in other formats. No I/O, no Redis."""
