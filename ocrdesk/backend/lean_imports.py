"""Loads libraries without the parts that they load only because these happen to be installed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def without(*modules: str) -> Iterator[None]:
    """Let these modules seem not to be installed within a block, unless they are loaded already.

    For code that runs before other threads import anything, or under a lock.
    """
    hidden = [name for name in modules if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # Python's own way to refuse an import
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
