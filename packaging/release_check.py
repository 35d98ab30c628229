"""Builds the wheel and the source archive, and reports reasons not to publish them.

    python packaging/release_check.py [--draft] [FOLDER]

The packages are built in FOLDER (`dist`), which needs the extra `dev` and no network. --draft omits the checks that
only a release needs: real addresses and a release date. The exit code is 1 if there is a reason.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

from project_facts import ROOT, Facts, outdated, read_facts

PLACEHOLDER = re.compile(r"\bexample\b|\.invalid\b|\.test\b")
NEEDED_IN_WHEEL = (
    "ocrdesk/py.typed",
    "ocrdesk/desktop/ocrdesk.desktop",
    "ocrdesk/desktop/ui/svg/app.svg",
    "ocrdesk/desktop/i18n/translations/ocrdesk_de.qm",
    "ocrdesk_api/py.typed",
    "ocrdesk_worker/py.typed",
    ".dist-info/licenses/LICENSE",
    ".dist-info/entry_points.txt",
)
SUFFIXES_IN_WHEEL = {".py", ".typed", ".svg", ".qm", ".desktop"}
PACKAGES = ("ocrdesk", "ocrdesk_api", "ocrdesk_worker")
NEEDED_IN_ARCHIVE = (
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "pyproject.toml",
    "packaging/constraints.txt",
    "tests/conftest.py",
)
MAX_WHEEL_BYTES = 2_000_000


def build(folder: Path) -> tuple[Path, Path]:
    """Build the wheel and the source archive in this environment and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("ocrdesk-*.whl"), *folder.glob("ocrdesk-*.tar.gz")]:
        old.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder.absolute())]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout)
    return next(folder.glob("ocrdesk-*.whl")), next(folder.glob("ocrdesk-*.tar.gz"))


def placeholders(facts: Facts) -> Iterator[str]:
    """Report addresses that are still placeholders."""
    named = {**facts.urls, "authors": facts.contact, "app-id": facts.app_id}
    for name, value in named.items():
        if PLACEHOLDER.search(value):
            yield f"pyproject.toml: {name} is a placeholder: {value}"


def versions(facts: Facts, *, draft: bool) -> Iterator[str]:
    """Report files that name another version, and a changelog that has no date for this one."""
    yield from (f"{name} differs from pyproject.toml: run python packaging/project_facts.py" for name in outdated())
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if newest is None or newest[1] != facts.version:
        yield f"CHANGELOG.md does not start with version {facts.version}"
    elif not facts.released and not draft:
        yield f"CHANGELOG.md: version {facts.version} has no release date"


def addresses(facts: Facts) -> Iterator[str]:
    """Report addresses in pyproject.toml that do not belong to the project."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line in re.findall(r"^(?:replacement|\"?[\w ]+\"?) = .*https://.*$", text, re.MULTILINE):
        if facts.urls["Source"] not in line and facts.urls["Homepage"] not in line:
            yield f"pyproject.toml: not below the project's address: {line}"


def wheel_contents(wheel: Path) -> Iterator[str]:
    """Report missing and unexpected files."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for needed in NEEDED_IN_WHEEL:
        if not any(name.endswith(needed) for name in names):
            yield f"{wheel.name} lacks {needed}"
    for name in names:
        top = name.partition("/")[0]
        if not top.endswith(".dist-info") and (top not in PACKAGES or Path(name).suffix not in SUFFIXES_IN_WHEEL):
            yield f"{wheel.name} should not contain {name}"
    modules = {
        file.relative_to(base).as_posix() for base in (ROOT, ROOT / "api", ROOT / "worker") for file in _modules(base)
    }
    yield from (f"{wheel.name} lacks {name}" for name in sorted(modules - set(names)))
    if wheel.stat().st_size > MAX_WHEEL_BYTES:
        yield f"{wheel.name} has {wheel.stat().st_size} bytes"


def _modules(base: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (base / package).rglob("*.py")


def archive_contents(archive: Path) -> Iterator[str]:
    """Report files that the source archive lacks."""
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    yield from (f"{archive.name} lacks {name}" for name in NEEDED_IN_ARCHIVE if name not in names)
    yield from (
        f"{archive.name} should not contain {name}"
        for name in names
        if "/.venv/" in f"/{name}" or "__pycache__" in name
    )


def metadata_of(wheel: Path) -> Message:
    """Return the wheel's metadata, with the README as its payload."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


def readme_links(wheel: Path, facts: Facts) -> Iterator[str]:
    """Report links and images that do not work on an index, or that lead to files which do not exist."""
    text = str(metadata_of(wheel).get_payload(decode=True), "utf-8")
    for kind, link in re.findall(r"(!?)\[[^\]]*\]\(([^)\s]+)\)", text):
        parts = urlsplit(link)
        if parts.scheme not in ("http", "https") and not link.startswith("#"):
            yield f"README.md: not an address: {link}"
        elif link.startswith(f"{facts.urls['Source']}/"):
            view, _, path = link.removeprefix(f"{facts.urls['Source']}/").partition(f"/v{facts.version}/")
            if view != ("raw" if kind else "blob") or not (ROOT / path.partition("#")[0]).exists():
                yield f"README.md: leads nowhere: {link}"


def required_fields(wheel: Path) -> Iterator[str]:
    """Report fields that an index shows and the metadata lacks."""
    found = metadata_of(wheel)
    for field in (
        "Summary",
        "License-Expression",
        "Requires-Python",
        "Keywords",
        "Author-email",
        "Project-URL",
        "Classifier",
    ):
        if not found.get_all(field):
            yield f"{wheel.name}: the metadata lacks {field}"


def twine(*files: Path) -> Iterator[str]:
    """Report the problems that twine finds in the files."""
    command = [sys.executable, "-m", "twine", "--no-color", "check", "--strict", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"twine check: {(done.stdout + done.stderr).strip()}"


def check(folder: Path, *, draft: bool) -> list[str]:
    """Build the packages and return all problems."""
    facts = read_facts()
    wheel, archive = build(folder)
    return [
        *([] if draft else placeholders(facts)),
        *versions(facts, draft=draft),
        *addresses(facts),
        *wheel_contents(wheel),
        *archive_contents(archive),
        *required_fields(wheel),
        *readme_links(wheel, facts),
        *twine(wheel, archive),
    ]


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draft", action="store_true", help="without real addresses and a release date")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    found = check(options.folder, draft=options.draft)
    sys.stdout.writelines(f"{line}\n" for line in found)
    if not found:
        sys.stdout.write("".join(f"{file}\n" for file in sorted(options.folder.glob("ocrdesk-*"))))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
