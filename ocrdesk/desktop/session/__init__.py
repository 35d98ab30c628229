"""The connection to one server, and work in progress."""
