"""Events in Redis."""
