"""From upload to job."""
