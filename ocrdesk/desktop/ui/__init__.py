"""Look and small widgets."""
