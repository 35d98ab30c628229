"""The report, and the missing Debian packages for each purpose."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocrdesk.local.diagnostics import doctor, qt_libraries
from ocrdesk.local.diagnostics.doctor import Finding, Purpose


@pytest.mark.parametrize("purpose", ["", *Purpose])
def test_missing_packages_are_names_and_nothing_else(purpose: str) -> None:
    command = [
        sys.executable,
        "-m",
        "ocrdesk.local.diagnostics.doctor",
        "--missing-packages",
        *([purpose] if purpose else []),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert [line for line in done.stdout.splitlines() if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", line)] == []


def test_missing_packages_need_the_standard_library_only() -> None:
    """The installer runs this before anything is installed; -S excludes site-packages."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); "
    code += "from ocrdesk.local.diagnostics import doctor; doctor.missing_packages()"
    root = Path(doctor.__file__).parents[3]
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(root)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="packages are Debian's")
def test_each_purpose_asks_for_its_own_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qt_libraries, "_loads", lambda library: False)
    monkeypatch.setattr(doctor, "_has_poppler", lambda: False)
    monkeypatch.setattr(doctor.shutil, "which", lambda program, path=None: None)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    everything = set(doctor.missing_packages())
    assert {"libegl1", "libxcb-cursor0", "libwayland-cursor0", "poppler-utils"} <= everything
    assert doctor.missing_packages(Purpose.RECOGNITION) == []
    assert "libxcb-cursor0" not in doctor.missing_packages(Purpose.TESTS)
    assert {"qpdf", "poppler-utils", "nginx-light", "redis-tools"} <= set(doctor.missing_packages(Purpose.TESTS))
    assert "libxcb-cursor0" in doctor.missing_packages(Purpose.DESKTOP)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "libxcb-cursor0" not in doctor.missing_packages(Purpose.DESKTOP)
    assert "libwayland-cursor0" in doctor.missing_packages(Purpose.DESKTOP)


def test_a_missing_part_is_named_with_the_command_that_fixes_it() -> None:
    text = doctor.render([Finding("a thing", None, "apt-get install thing"), Finding("another", "1.2")])
    assert "NO  a thing  missing" in text
    assert "fix it with: apt-get install thing" in text
    assert "ok  another  1.2" in text
    assert "1 missing" in text


def test_missing_optional_parts_are_no_errors() -> None:
    text = doctor.render([Finding("an extra", None, "apt-get install extra", optional=True)])
    assert "--  an extra  missing (optional)" in text
    assert "Everything required is installed." in text


def test_on_windows_the_parts_of_a_server_are_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(platform="win32"))
    findings = doctor.examine()
    [server] = [finding for finding in findings if finding.part == "local server"]
    assert "WSL or a container" in str(server.found)
    assert not any(finding.is_broken for finding in findings)
    assert "worker" not in {finding.part for finding in findings}
