"""packaging/man_pages.py: every command has a manual page, and the shells complete what the program has."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from ocrdesk.cli.app import app
from tests.helpers.desktop_session import needs
from tests.helpers.processes import clean_env
from tests.packaging.repository import PACKAGING


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that becomes /usr/share."""
    folder = tmp_path_factory.mktemp("share")
    env = clean_env(SOURCE_DATE_EPOCH="86400")
    done = subprocess.run([sys.executable, PACKAGING / "man_pages.py", folder], capture_output=True, text=True, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def names(command: Any, path: str = "ocrdesk") -> Iterator[str]:
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from names(below, f"{path}-{name}")


def test_every_command_has_a_page(share: Path) -> None:
    pages = {page.stem for page in (share / "man" / "man1").iterdir()}
    assert pages == set(names(get_command(app)))
    assert {"ocrdesk-ocr", "ocrdesk-keys-create"} <= pages


def test_a_page_has_every_option_and_the_given_date(share: Path) -> None:
    text = (share / "man" / "man1" / "ocrdesk-ocr.1").read_text("utf-8")
    parameters = [one for one in get_command(app).commands["ocr"].params if not getattr(one, "hidden", False)]
    options = {option for parameter in parameters for option in parameter.opts if option.startswith("--")}
    shown = text.replace("\\-", "-")
    assert {option for option in options if option not in shown} == set()
    assert '"1970-01-02"' in text
    assert "tesseract-cli or rapid" in shown  # a text that is made when help is shown


@needs("man", "groff")
def test_pages_are_free_of_warnings(share: Path) -> None:
    for page in (share / "man" / "man1").iterdir():
        done = subprocess.run(
            ["groff", "-man", "-ww", "-z", "-K", "utf8", page], capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, ""), page.name


def completed(script: Path, line: str) -> set[str]:
    """What bash offers after the line."""
    words = line.split(" ")
    code = f'. "$1"; COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _ocrdesk_completion ocrdesk; '
    code += 'printf "%s\\n" "${COMPREPLY[@]}"'
    env = clean_env(PATH=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    done = subprocess.run(["bash", "-c", code, "bash", script], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@needs("bash")
@pytest.mark.parametrize(
    ("line", "expected"),
    [("ocrdesk la", {"languages"}), ("ocrdesk keys re", {"revoke"}), ("ocrdesk ocr --join", {"--join-lines"})],
)
def test_bash_completes_commands_and_options(share: Path, line: str, expected: set[str]) -> None:
    if not shutil.which("ocrdesk", path=str(Path(sys.executable).parent)):
        pytest.skip("the command is not installed beside this Python")
    assert completed(share / "bash-completion" / "completions" / "ocrdesk", line) == expected


@pytest.mark.parametrize(
    ("shell", "file"), [("zsh", "zsh/vendor-completions/_ocrdesk"), ("fish", "fish/vendor_completions.d/ocrdesk.fish")]
)
def test_scripts_are_valid_for_their_shells(share: Path, shell: str, file: str) -> None:
    text = (share / file).read_text("utf-8")
    assert "_OCRDESK_COMPLETE=complete_" + shell in text
    if shell == "zsh":
        assert re.match(r"#compdef ocrdesk\n", text)
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", share / file], check=True, timeout=60)
