"""Files and images coming in."""
