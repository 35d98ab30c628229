"""The review: a page beside its text, corrections, and find and replace."""
