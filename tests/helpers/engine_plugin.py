"""Installs engine packages as a user would, into a separate folder on PYTHONPATH."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.helpers.processes import clean_env

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-an-engine.md"
PLUGIN = ROOT / "tests" / "plugins" / "inkblot"
NAME = "inkblot"

_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
_COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def files_of_page() -> dict[str, str]:
    """Return the files that the how-to page has its readers write, by name."""
    return dict(_FILE.findall(PAGE.read_text("utf-8")))


def commands_of_page() -> list[list[str]]:
    """Return the commands that the page has its readers type, without comments."""
    lines = "".join(_COMMANDS.findall(PAGE.read_text("utf-8"))).splitlines()
    return [words for line in lines if (words := line.partition("#")[0].split())]


def write_plugin(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """Write the page's package into the folder `inkblot` there, with some words replaced; return that folder."""
    project = folder / NAME
    project.mkdir(parents=True)
    for name, text in files_of_page().items():
        for old, new in (changes or {}).items():
            name, text = name.replace(old, new), text.replace(old, new)
        (project / name).write_text(text, "utf-8")
    return project


def pip_install(target: Path, *projects: Path) -> None:
    """Install projects with pip into `target`, without network access."""
    flags = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--target", str(target)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *flags, *map(str, projects)],
        env=clean_env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
