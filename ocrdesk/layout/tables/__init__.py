"""Table detection."""
