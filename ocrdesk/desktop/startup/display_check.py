"""Checks for a usable display before Qt aborts."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from ocrdesk.local.diagnostics.qt_libraries import Windows, missing_qt_packages, qt_platforms, windows_here


def display_problem() -> str | None:
    """Return what is missing and how to get it; None if a window can open."""
    if not sys.platform.startswith("linux"):
        return None
    platforms = qt_platforms()
    needs_display = set(platforms) <= {"xcb", "wayland"}
    named = _named_displays(platforms)
    if needs_display and not named:
        return "There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set)."
    if missing := missing_qt_packages(Windows.ANY, *windows_here()):
        return (
            "Qt needs system libraries that are not installed. On Debian and Ubuntu: "
            f"sudo apt-get install {' '.join(sorted(missing))}"
        )
    if needs_display and not any(_responds(variable) for variable in named):
        where = " and ".join(f"{variable}={os.environ[variable]}" for variable in named)
        return (
            f"The display cannot be reached ({where}): no display server runs there, or it refuses this user. "
            "Start ocrdesk in a terminal on that screen, or through ssh -X."
        )
    return None


def _named_displays(platforms: list[str]) -> list[str]:
    """Return the set variables among those that Qt reads. Without a requested platform it tries one after the other."""
    wanted = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    return [wanted[name] for name in platforms or wanted if name in wanted and os.environ.get(wanted[name])]


def _responds(variable: str) -> bool:
    return _wayland_responds() if variable == "WAYLAND_DISPLAY" else _x11_responds()


def _wayland_responds() -> bool:
    import socket  # needed on Wayland only

    if sys.platform == "win32":
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR") or "/run/user") / os.environ["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _x11_responds() -> bool:
    """Connect as Qt does, which also checks access. True if that cannot be tried: then Qt reports the problem."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)  # never NULL
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
