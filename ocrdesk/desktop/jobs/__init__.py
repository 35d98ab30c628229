"""The jobs in the window, without widgets."""
