"""File names as text: printable, sendable and short enough."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocrdesk.contract.document import DocumentHead
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
        ("in\u200bv\u00adoice\ufeff\u2060.pdf", r"in\u200bv\xadoice\ufeff\u2060.pdf", "invoice.pdf"),
        ("in\u200dvoice.\u200cpdf", r"in\u200dvoice.\u200cpdf", "invoice.pdf"),
        ("\u200b\u200d\u3164\u2800", r"\u200b\u200d\u3164\u2800", ""),
        ("tag\U000e0041.png", r"tag\U000e0041.png", "tag.png"),
        ("photo\u200f.\u061cpng", r"photo\u200f.\u061cpng", "photo.png"),
        ("\u200f\u05e9\u05dc\u05d5\u05dd\u200e (1).png",) * 3,
        ("\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.pdf",) * 3,
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f.jpg",) * 3,
        ("\u0915\u094d\u200d\u0937\u200d\u200d\u200d.png", r"क्‍ष‍\u200d\u200d.png", "क्‍ष‍.png"),
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


def test_names_of_older_servers_are_cleaned_where_they_are_read() -> None:
    head = DocumentHead(job_id="j", file_name="gnp.\u202efdp.exe", media_type="image/png")
    assert head.file_name == "gnp. fdp.exe"
