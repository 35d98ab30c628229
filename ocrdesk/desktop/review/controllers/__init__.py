"""Connect the review's widgets with its document."""
