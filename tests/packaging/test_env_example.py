""".env.example: every setting with its default, current, and without effect as long as nothing in it is changed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.backend import env_file
from ocrdesk.backend.settings import ListenSettings, Settings
from tests.packaging.repository import PACKAGING, ROOT

_TEXT = (ROOT / ".env.example").read_text("utf-8")


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PACKAGING / "env_example.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_current() -> None:
    done = check("--check")
    assert done.returncode == 0, done.stderr


def test_it_has_every_setting_with_one_line_of_explanation() -> None:
    named = re.findall(r"^# [^\n=]+\n# ([A-Z_]+)=", _TEXT.replace("`", ""), flags=re.MULTILINE)
    fields = {name.upper() for name in ListenSettings.model_fields | Settings.model_fields} - {"LOCAL_TOKEN"}
    files = {"REDIS_URL_FILE", "API_KEYS_FILE", "METRICS_TOKEN_FILE"}
    assert set(named) - fields == {"OCRDESK_DATA_DIR", "OCRDESK_LANGUAGE_MIRROR"} | files
    assert fields - set(named) == set()
    assert len(named) == len(set(named))


def test_a_copy_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither as it is, nor with every line in force."""
    monkeypatch.setattr(os, "environ", dict[str, str]())
    before = Settings.from_environment(), ListenSettings.from_environment()
    copy = tmp_path / ".env"
    for text in (_TEXT, re.sub(r"^# (?=[A-Z_]+=)", "", _TEXT, flags=re.MULTILINE)):
        copy.write_text(text)
        env_file.load(copy)
        assert (Settings.from_environment(), ListenSettings.from_environment()) == before
    assert "MAX_PDF_PAGES" in os.environ
