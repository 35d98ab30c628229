"""The library: what was recognised, kept on this computer and found again by its words."""
