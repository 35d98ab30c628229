"""Restores signs that engines misread or leave out: raised and lowered digits, fractions, bullets and arrows."""
