"""The settings window: a list of panes at the left, the chosen one beside it."""
