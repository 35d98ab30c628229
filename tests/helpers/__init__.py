"""Helpers that several tests share: drivers of the window, and substitutes for things outside of the program."""
