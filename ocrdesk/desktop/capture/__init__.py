"""Text from the screen."""
