"""Helpers that several tests share: drivers of the window, and stand-ins for what is outside of the program."""
