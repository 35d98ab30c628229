"""The settings window and its panes."""
