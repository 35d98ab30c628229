"""The wire: everything that crosses HTTP or Redis, as typed records. Stdlib and pydantic only."""
