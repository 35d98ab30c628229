"""A display that is missing or does not respond is reported, without a crash."""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path

import pytest

from ocrdesk.desktop.app import run
from ocrdesk.desktop.startup import display_check
from ocrdesk.local.diagnostics import qt_libraries


def test_missing_display_is_reported_without_an_abort(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(display_check.sys, "platform", "linux")
    assert run([]) == 1
    assert "There is no display" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "display", "package"),
    [
        ("xcb", "DISPLAY", "libxcb-cursor0"),
        ("", "WAYLAND_DISPLAY", "libwayland-cursor0"),
        ("wayland;xcb", "WAYLAND_DISPLAY", "libwayland-cursor0"),
        ("wayland;xcb", "DISPLAY", "libxcb-cursor0"),
        ("wayland-egl", "WAYLAND_DISPLAY", "libwayland-cursor0"),
        ("offscreen", "", "libglib2.0-0"),
    ],
)
def test_missing_library_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, package: str
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if display:
        monkeypatch.setenv(display, ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setattr(display_check.sys, "platform", "linux")
    missing = ("libxcb-cursor.so.0", "libwayland-cursor.so.0", "libglib-2.0.so.0")
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: library not in missing)
    said = display_check.display_problem() or ""
    assert "apt-get install" in said
    assert package in said.split()


@pytest.mark.parametrize(
    ("platform", "variable"),
    [("", "DISPLAY"), ("", "WAYLAND_DISPLAY"), ("wayland;xcb", "DISPLAY"), ("wayland-egl", "WAYLAND_DISPLAY")],
)
@pytest.mark.skipif(sys.platform != "linux", reason="displays are named by variables on Linux only")
def test_display_that_does_not_respond_is_reported_without_an_abort(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv(variable, ":63999")
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: True)
    assert f"cannot be reached ({variable}=:63999)" in (display_check.display_problem() or "")


@pytest.mark.skipif(sys.platform != "linux", reason="Wayland is Linux's")
def test_display_that_responds_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":63999")
    monkeypatch.setenv("WAYLAND_DISPLAY", "here")
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: True)
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as compositor:  # a short path
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        compositor.bind(f"{folder}/here")
        compositor.listen()
        assert display_check.display_problem() is None
