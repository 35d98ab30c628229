"""Records the command line: the help of every command, and a few calls with their output and exit code."""

from __future__ import annotations

import re
from pathlib import Path

from reference_files import make_files
from reference_server import LONG_PAGE_LIMIT_S, Checkout
from reference_text import steady

_COMMANDS = (
    ("",),
    ("desktop",),
    ("ocr",),
    ("serve",),
    ("api",),
    ("worker",),
    ("doctor",),
    ("keys",),
    ("keys", "create"),
    ("keys", "list"),
    ("keys", "revoke"),
    ("languages",),
    ("languages", "list"),
    ("languages", "add"),
    ("languages", "remove"),
    ("languages", "index"),
)
_OMITTING = ("--omit-headers-footers", "--without-furniture")
"""The option that leaves headers and footers out, the newest name first."""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def record_help(checkout: Checkout, out: Path) -> None:
    """Write a file for each command's --help, and one that shows which commands there are."""
    out.mkdir(parents=True, exist_ok=True)
    for command in _COMMANDS:
        words = [word for word in command if word]
        done = checkout.run("ocrdesk", *words, "--help")
        text = f"exit code {done.returncode}\n{_plain(done.stdout)}{_plain(done.stderr)}"
        (out / f"{'-'.join(['ocrdesk', *words])}.txt").write_text(text, encoding="utf-8")


def omitting_option(checkout: Checkout) -> str:
    """Return the option that this checkout's `ocr --help` offers."""
    said = checkout.run("ocrdesk", "ocr", "--help", COLUMNS="200").stdout.decode()
    return next(name for name in _OMITTING if name in said)


def record_cli(checkout: Checkout, out: Path) -> None:
    """Write what calls print, and the files that they make."""
    out.mkdir(parents=True, exist_ok=True)
    inputs = checkout.home / "cli-inputs"
    make_files(inputs)
    made = checkout.home / "cli-made"
    omit = omitting_option(checkout)
    data = ("--data-dir", str(checkout.home / "data"))
    scan, digital = str(inputs / "scan.png"), str(inputs / "born-digital.pdf")
    calls: dict[str, tuple[str, ...]] = {
        "version": ("--version",),
        "text": ("ocr", scan, digital, "--quiet", *data),
        "omitted": ("ocr", digital, omit, "--quiet", *data),
        "omitted-md": ("ocr", digital, omit, "-f", "md", "--quiet", *data),
        "omitted-csv": ("ocr", digital, omit, "-f", "csv", "--quiet", *data),
        "joined": ("ocr", digital, "--join-lines", "--pages", "1", "--quiet", *data),
        "folder": ("ocr", scan, digital, "-o", str(made), "-f", "tsv", "--quiet", *data),
        "missing": ("ocr", str(inputs / "none.png"), str(inputs / "broken.pdf"), "--quiet", *data),
        "unknown-engine": ("ocr", scan, "--engine", "magic", *data),
        "unknown-mode": ("ocr", scan, "--mode", "magic", *data),
        "unknown-pages": ("ocr", scan, "--pages", "x", *data),
        "no-server": ("ocr", scan, "--server", "http://127.0.0.1:9", "--quiet"),
        "languages": ("languages", "list", *data),
        "remove-language": ("languages", "remove", "eng", *data),
    }
    for name, arguments in calls.items():
        done = checkout.run("ocrdesk", *arguments, OCR_TIMEOUT_PER_PAGE=LONG_PAGE_LIMIT_S)
        shown = f"exit code {done.returncode}\n== stdout\n{_plain(done.stdout)}\n== stderr\n{_plain(done.stderr)}"
        (out / f"{name}.txt").write_text(_without_folders(steady(shown), checkout), encoding="utf-8")
    listing = sorted(f"{file.name}: {len(file.read_bytes())} bytes" for file in made.iterdir())
    (out / "folder-listing.txt").write_text("\n".join(listing) + "\n", encoding="utf-8")


def _without_folders(text: str, checkout: Checkout) -> str:
    text = text.replace(str(checkout.home), "<home>").replace(str(checkout.root), "<checkout>")
    return re.sub(r"/\S+/site-packages", "<site-packages>", text)


def _plain(data: bytes) -> str:
    return _ANSI.sub("", data.decode())
