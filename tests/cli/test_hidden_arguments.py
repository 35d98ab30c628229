"""A password among the arguments is not shown by lists of processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows arguments from a process' own memory")

PROGRAM = """
from pathlib import Path
from ocrdesk.cli.hidden_arguments import hide_password
hide_password()
print(Path("/proc/self/cmdline").read_bytes().decode().replace(chr(0), " "))
"""


def shown(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("arguments", [("--password", "Tulip 7"), ("--password=Tulip 7",)])
def test_the_password_is_overwritten(arguments: tuple[str, ...]) -> None:
    said = shown("ocr", *arguments, "a.pdf")
    assert "Tulip" not in said
    assert "*******" in said
    assert said.endswith("a.pdf")


def test_all_of_several_are_overwritten() -> None:
    said = shown("--password", "one", "--password", "two", "--password-file", "three")
    assert said.endswith("--password *** --password *** --password-file three")


def test_other_arguments_stay() -> None:
    assert shown("ocr", "password", "a.pdf").endswith("ocr password a.pdf")
