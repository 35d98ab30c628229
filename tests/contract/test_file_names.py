"""File names as text: printable, sendable and short enough."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocrdesk.contract.file_names import printable_name, sent_name, shortened_name

LATIN_1 = os.fsdecode(b"caf\xe9.png")


@pytest.mark.parametrize(
    ("name", "printed", "sent"),
    [
        ("scan.png", "scan.png", "scan.png"),
        ("Ünï 文書 שלום.png", "Ünï 文書 שלום.png", "Ünï 文書 שלום.png"),
        ("caf\udce9.png", r"caf\xe9.png", "caf\ufffd.png"),
        ("a\nb\r\n\tc\x1b[31m.png", r"a\nb\r\n\tc\x1b[31m.png", "a b c [31m.png"),
        ("a\u2028b\x85c.png", r"a\u2028b\x85c.png", "a b c.png"),
        ("gnp.\u202efdp.exe", r"gnp.\u202efdp.exe", "gnp. fdp.exe"),
        ("half \ud83d.png", r"half \ud83d.png", "half \ufffd.png"),
    ],
)
def test_a_name_is_printed_on_one_line_and_sent_as_unicode(name: str, printed: str, sent: str) -> None:
    assert printable_name(name) == printed
    assert sent_name(name) == sent
    (printable_name(name) + sent_name(name)).encode()


def test_a_path_is_printed_too() -> None:
    assert printable_name(Path("folder") / LATIN_1) == str(Path("folder", r"caf\xe9.png"))


@pytest.mark.parametrize("name", ["n" * 300, "ü" * 200, "文" * 100, LATIN_1 * 50, "short"])
def test_a_name_is_shortened_to_whole_characters(name: str) -> None:
    short = shortened_name(name, 101)
    assert len(os.fsencode(short)) <= 101
    assert name.startswith(short)
    assert len(short) == len(name) or len(os.fsencode(name[: len(short) + 1])) > 101
