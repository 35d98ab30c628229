"""Says whether this process may start programs. A confined process may not, until its outer half lets it."""

from __future__ import annotations

_is_refused = False


class ProgramsNeededError(Exception):
    """The work needs a program, and this process may start none. The outer half repeats it in one that may."""


def refuse() -> None:
    """Let `require` raise in this process."""
    global _is_refused
    _is_refused = True


def require() -> None:
    """Return if this process may start programs. Raises ProgramsNeededError."""
    if _is_refused:
        raise ProgramsNeededError
