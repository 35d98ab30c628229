"""System libraries that Qt needs.

The installer checks them before anything is installed, and the window at each start: this module imports little.
"""

from __future__ import annotations

import ctypes
import os
import sys
from enum import StrEnum


class Windows(StrEnum):
    """The kinds of windows, each with its own libraries."""

    ANY = "any window"
    X11 = "windows on X11"
    WAYLAND = "windows on Wayland"


# What Qt's wheel (6.11, 6.12) loads from the system: library, Debian's package. From the NEEDED entries of QtWidgets,
# QtSvg, QtNetwork and QtDBus, and of the platform plugins xcb (with its GL integrations) and wayland.
QT_LIBRARIES = {
    Windows.ANY: {
        "libEGL.so.1": "libegl1",
        "libGL.so.1": "libgl1",
        "libX11.so.6": "libx11-6",
        "libbrotlicommon.so.1": "libbrotli1",
        "libbrotlidec.so.1": "libbrotli1",
        "libdbus-1.so.3": "libdbus-1-3",
        "libfontconfig.so.1": "libfontconfig1",
        "libfreetype.so.6": "libfreetype6",
        "libglib-2.0.so.0": "libglib2.0-0",
        "libgssapi_krb5.so.2": "libgssapi-krb5-2",
        "libgthread-2.0.so.0": "libglib2.0-0",
        "libxkbcommon.so.0": "libxkbcommon0",
        "libzstd.so.1": "libzstd1",
    },
    Windows.X11: {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-glx.so.0": "libxcb-glx0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-render.so.0": "libxcb-render0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-shm.so.0": "libxcb-shm0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libxcb.so.1": "libxcb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    },
    Windows.WAYLAND: {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
        "libwayland-egl.so.1": "libwayland-egl1",
    },
}


def missing_qt_libraries(kind: Windows) -> dict[str, str]:
    """Return the missing libraries with their Debian packages."""
    if sys.platform != "linux":
        return {}
    return {library: package for library, package in QT_LIBRARIES[kind].items() if not _loads(library)}


def missing_qt_packages(*kinds: Windows) -> set[str]:
    """Return the Debian packages of the missing libraries."""
    return {package for kind in kinds for package in missing_qt_libraries(kind).values()}


def qt_platforms() -> list[str]:
    """Return the platforms that QT_QPA_PLATFORM names, in order, such as `wayland;xcb`; empty if unset."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "").split(";")
    return [name.partition(":")[0].removesuffix("-egl") for name in wanted if name]


def windows_here() -> tuple[Windows, ...]:
    """Return the kind of window that Qt would open here."""
    platforms = qt_platforms()
    kinds = {"wayland": (Windows.WAYLAND, "WAYLAND_DISPLAY"), "xcb": (Windows.X11, "DISPLAY")}
    possible = [kinds[name] for name in platforms or kinds if name in kinds]
    there = [kind for kind, variable in possible if os.environ.get(variable)]
    return tuple(there[:1] or [kind for kind, _ in possible if platforms][:1])


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
