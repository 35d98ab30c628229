"""The README is true where a machine can tell: its file map, its commands, its links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.desktop.take_screenshots import SCENES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_file_map_is_what_the_modules_say_of_themselves() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "file_map.py"), "--check"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


def test_every_local_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_every_command_of_the_readme_exists() -> None:
    named = set(re.findall(r"^    (?:.*= *)?ocrdesk ([a-z]+)", README, flags=re.MULTILINE))
    named |= set(re.findall(r"REDIS_URL=\S+ ocrdesk ([a-z]+)", README))
    helped = subprocess.run([sys.executable, "-m", "ocrdesk", "--help"], capture_output=True, text=True, check=True)
    assert named
    assert [name for name in named if not re.search(rf"\b{name}\b", helped.stdout)] == []


def test_every_endpoint_of_the_readme_is_in_the_openapi() -> None:
    from ocrdesk.backend.settings import Settings
    from ocrdesk_api.app import create_app

    paths = {path.removeprefix("/api/v1") for path in create_app(Settings()).openapi()["paths"]}
    paths = {re.sub(r"\{\w+\}", "{}", path) for path in paths}
    named = re.findall(r"(?:GET|POST|DELETE|PUT) (/[\w/{}]+)", README)
    assert len(named) > 8
    assert [path for path in named if re.sub(r"\{\w+\}", "{}", path) not in paths] == []


def test_every_pane_s_screenshots_are_there_and_shown() -> None:
    folder = ROOT / "docs" / "screenshots"
    shown = (folder / "README.md").read_text("utf-8")
    pictures = {
        f"{scene}-{colours}{scale}.png" for scene in SCENES for colours in ("light", "dark") for scale in ("", "@2x")
    }
    assert {file.name for file in folder.glob("*.png")} == pictures
    assert not [name for name in pictures if "@" not in name and f"({name})" not in shown]
