"""Whether Qt can open a window here: asked before Qt is, which would abort with words that help nobody."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from ocrdesk.local.diagnostics.qt_libraries import Windows, missing_qt_packages, qt_platforms, windows_here


def display_problem() -> str | None:
    """A sentence that says what is missing and how to get it; None when a window can be opened."""
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
    if needs_display and not any(_answers(variable) for variable in named):
        where = " and ".join(f"{variable}={os.environ[variable]}" for variable in named)
        return (
            f"The display cannot be reached ({where}): nothing runs there, or it does not let this user in. "
            "Start ocrdesk in a terminal on that screen, or through ssh -X."
        )
    return None


def _named_displays(platforms: list[str]) -> list[str]:
    """The variables that are set of those that Qt looks at. With no platform asked for it tries one after the other."""
    wanted = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    return [wanted[name] for name in platforms or wanted if name in wanted and os.environ.get(wanted[name])]


def _answers(variable: str) -> bool:
    return _wayland_answers() if variable == "WAYLAND_DISPLAY" else _x11_answers()


def _wayland_answers() -> bool:
    import socket  # on Wayland alone

    path = Path(os.environ.get("XDG_RUNTIME_DIR") or "/run/user") / os.environ["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _x11_answers() -> bool:
    """Connects as Qt does, which also tells whether we may. True where that cannot be tried: then Qt is to say it."""
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
