"""Whether Qt can open a window here: asked before Qt is, which would abort with words that help nobody."""

from __future__ import annotations

import os
import sys

from ocrdesk.local.doctor import Purpose, missing_packages


def obstacle() -> str | None:
    """A sentence that says what is missing and how to get it; None when a window can be opened."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not sys.platform.startswith("linux") or platform not in ("", "xcb"):
        return None
    if not platform and os.environ.get("WAYLAND_DISPLAY"):
        return None
    if not os.environ.get("DISPLAY"):
        return "There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set)."
    if missing := missing_packages(Purpose.DESKTOP):
        return (
            "Qt needs system libraries that are not installed. On Debian and Ubuntu: "
            f"sudo apt-get install {' '.join(missing)}"
        )
    return None
