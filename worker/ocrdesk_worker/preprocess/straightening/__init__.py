"""Straightens skewed and bent lines, and places the words on the page as it was."""
