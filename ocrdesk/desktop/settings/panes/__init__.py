"""The panes of the settings window."""
