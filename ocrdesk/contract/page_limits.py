"""How long a page may take, for parts that must not load pydantic to know it."""

LOCAL_PAGE_TIMEOUT_S = 300.0
"""The least time limit for a page of this machine's own desktop and commands, in seconds of processor time."""
