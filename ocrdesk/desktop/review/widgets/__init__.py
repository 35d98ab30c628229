"""The widgets of the review."""
