"""Runs the commands of a guide in docs/, with folders of a test in place of the system's."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_PLACE = re.compile(r"(?<![\w.-])/(etc|srv|var/lib)(?=[/\s\"']|$)")
_SYSTEM = re.compile(r"(?<![\w.-])/(bin|etc|opt|root|srv|usr|var)\b")


def steps(page: str, heading: str) -> list[str]:
    """Return the commands below a heading, one a line."""
    text = (DOCS / page).read_text("utf-8")
    [section] = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"^    (\S.*)$", section, flags=re.MULTILINE)
    assert found, f"{page} has no commands below {heading}"
    return found


def run_steps(commands: Iterable[str], root: Path, instead: Mapping[str, Callable[[], object]]) -> None:
    """Run the commands in order, with `root` before their paths.

    `instead`: what the test does itself, by the beginning of the command. All of it must occur.
    """
    unused = set(instead)
    for command in commands:
        by_test = [beginning for beginning in instead if command.startswith(beginning)]
        if by_test:
            unused -= {by_test[0]}
            instead[by_test[0]]()
            continue
        here = _PLACE.sub(lambda found: f"{root}/{found[1]}", command)
        assert not _SYSTEM.search(re.sub(rf"{re.escape(str(root))}\S*", "", here)), f"not in the folder: {command}"
        ran = subprocess.run(["sh", "-ec", here], capture_output=True, text=True, timeout=120, check=False)
        assert ran.returncode == 0, f"{command}: {ran.stderr}"
    assert not unused, f"the guide has no such commands: {sorted(unused)}"
