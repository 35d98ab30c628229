"""Restores what amounts and other figures lost: their points, their parts and their currency."""
