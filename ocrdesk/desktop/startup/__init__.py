"""Starting the window."""
