"""The service's `.env` file: the environment has precedence, and every problem of the file is reported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.backend import env_file
from ocrdesk.backend.settings import Settings, SettingsError
from tests.helpers.processes import clean_env

NOBODY = 65_534


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a separate environment, because a file's variables are added to it."""
    monkeypatch.setattr(os, "environ", dict[str, str]())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def reason(path: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        env_file.load(path)
    return str(refused.value).removeprefix(str(path))


def test_its_variables_are_settings(path: Path) -> None:
    path.write_text("# of the service\n\nexport MAX_PDF_PAGES=7\nAPI_KEYS='first, second' # two\nENV = \"staging\"\n")
    env_file.load(path)
    settings = Settings.from_environment()
    assert settings.max_pdf_pages == 7
    assert [key.get_secret_value() for key in settings.api_keys] == ["first", "second"]
    assert settings.env == "staging"


@pytest.mark.parametrize("name", ["MAX_PDF_PAGES", "max_pdf_pages"])
def test_the_environment_wins_in_any_case(path: Path, name: str) -> None:
    os.environ[name] = "3"
    path.write_text("MAX_PDF_PAGES=7\nMAX_FILE_SIZE_MB=2\n")
    env_file.load(path)
    settings = Settings.from_environment()
    assert (settings.max_pdf_pages, settings.max_file_size_mb) == (3, 2)


def test_no_file_is_no_error(path: Path) -> None:
    before = dict(os.environ)
    env_file.load(path)
    assert os.environ == before


def test_other_programs_variables_are_added_too(path: Path) -> None:
    path.write_text("TESSDATA_PREFIX=/data\nSECRET=${TESSDATA_PREFIX}/x\n")
    env_file.load(path)
    assert os.environ.items() >= {"TESSDATA_PREFIX": "/data", "SECRET": "/data/x"}.items()


@pytest.mark.parametrize("line", ["MAX_PDF_PAGES: 7", "MAX_PDF_PAGES", "=hush", "API_KEYS='hush", "two words=hush"])
def test_a_line_that_is_no_assignment_is_named_without_its_content(path: Path, line: str) -> None:
    path.write_text(f"ENV=test\n\n{line}\n")
    assert reason(path) == ", line 3: write NAME=value, or begin the line with #."
    assert "ENV" not in os.environ


def test_a_folder_and_another_encoding_are_named(path: Path) -> None:
    path.write_bytes("API_KEYS=größer".encode("latin-1"))
    assert reason(path) == " is not UTF-8. Save it as UTF-8, or remove it."
    path.unlink()
    path.mkdir()
    assert reason(path) == " cannot be read: Is a directory. Make it readable, or remove it."


def test_a_file_that_may_not_be_read_is_named(path: Path) -> None:
    """In a process without root's rights, because root may read everything."""
    path.write_text("ENV=test\n")
    path.chmod(0)
    path.parent.chmod(0o755)
    code = f"import os; from ocrdesk.backend import env_file; os.getuid() or os.setuid({NOBODY}); env_file.load()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=path.parent, env=clean_env(), capture_output=True, text=True, check=False
    )
    assert "SettingsError: .env cannot be read: Permission denied. Make it readable, or remove it." in done.stderr
