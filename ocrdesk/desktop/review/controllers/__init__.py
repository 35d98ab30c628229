"""What connects the review's widgets and its document."""
