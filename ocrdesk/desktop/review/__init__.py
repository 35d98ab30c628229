"""Reviewing a result: a page's picture beside its text, corrections that are kept and sent, and find and replace."""
