"""The one-folder build's files, and the folder that its AppImage is packed from. The build itself takes minutes."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.repository import PACKAGING, ROOT, run_sh

_BUNDLE = PACKAGING / "bundle"
_PROGRAM = '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\n'


@pytest.mark.parametrize("name", ["build.sh", "appimage.sh", "macos.sh"])
def test_scripts_are_valid_for_sh(name: str) -> None:
    subprocess.run(["sh", "-n", str(_BUNDLE / name)], check=True)


def test_the_description_is_valid_python() -> None:
    compile((_BUNDLE / "ocrdesk.spec").read_text("utf-8"), "ocrdesk.spec", "exec")


def test_the_build_tools_are_pinned_and_are_no_dependency() -> None:
    lines = [line for line in (_BUNDLE / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line)] == []
    assert any(line.startswith("pyinstaller==") for line in lines)
    assert "pyinstaller" not in (ROOT / "pyproject.toml").read_text("utf-8").lower()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder that looks like a program folder, whose program prints its arguments."""
    folder = tmp_path / "program folder"
    folder.mkdir()
    (folder / "ocrdesk").write_text(_PROGRAM)
    (folder / "ocrdesk").chmod(0o755)
    return folder


@pytest.fixture
def env_without_the_tool(tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH has the commands of the script, and not appimagetool."""
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("sh", "sed", "dirname", "mkdir", "rm", "cp", "ln", "cat", "chmod", "head", "uname", "readlink"):
        found = shutil.which(name)
        assert found, name
        (commands / name).symlink_to(found)
    return {"PATH": str(commands)}


def test_without_appimagetool_the_folder_is_made_and_the_command_says_what_is_missing(
    program: Path, env_without_the_tool: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run_sh(_BUNDLE / "appimage.sh", str(program), str(out), cwd=tmp_path, env=env_without_the_tool)
    assert done.returncode == 69
    assert "appimagetool is missing" in done.stderr
    app = out / "ocrdesk.AppDir"
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(app / "ocrdesk.desktop")
    assert (app / f"{entry['Desktop Entry']['Icon']}.svg").is_file()
    assert (app / ".DirIcon").resolve() == app / "ocrdesk.svg"
    assert [file.name for file in (app / "usr/share/metainfo").iterdir()] == ["org.example.ocrdesk.appdata.xml"]
    assert (app / "usr/share/applications/ocrdesk.desktop").read_text() == (app / "ocrdesk.desktop").read_text()


def test_the_appimages_start_passes_its_arguments_on_also_through_a_link(
    program: Path, env_without_the_tool: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_sh(_BUNDLE / "appimage.sh", str(program), str(out), cwd=tmp_path, env=env_without_the_tool)
    link = tmp_path / "a link"
    link.symlink_to(out / "ocrdesk.AppDir" / "AppRun")
    done = subprocess.run([link, "ocr", "a scan.png"], env=os.environ, capture_output=True, text=True, check=True)
    assert done.stdout == "ocr\na scan.png\n"


def test_a_folder_without_the_program_is_refused(env_without_the_tool: dict[str, str], tmp_path: Path) -> None:
    done = run_sh(_BUNDLE / "appimage.sh", str(tmp_path), str(tmp_path / "out"), cwd=tmp_path, env=env_without_the_tool)
    assert done.returncode == 66
    assert "sh packaging/bundle/build.sh" in done.stderr


def test_the_recipe_for_macos_does_nothing_elsewhere(tmp_path: Path) -> None:
    if os.uname().sysname == "Darwin":
        pytest.skip("this is a Mac")
    done = run_sh(_BUNDLE / "macos.sh", str(tmp_path / "out"), cwd=tmp_path, env=dict(os.environ))
    assert (done.returncode, done.stderr) == (69, "This recipe runs on macOS only.\n")
    assert not (tmp_path / "out").exists()
