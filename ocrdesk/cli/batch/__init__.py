"""Many files through one server: what is read, where results go, and what is reported."""
