"""What Redis outages mean, and their log lines."""
