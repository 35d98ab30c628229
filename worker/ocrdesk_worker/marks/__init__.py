"""Finds what a page image shows besides its words."""
