"""Engines: an image in, its blocks of words out."""
