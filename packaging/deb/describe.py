"""Prints a file of the Debian package: describe.py control|copyright|changelog ROOT SITE-PACKAGES [FIELD… | VERSION].

Runs with the package's own Python, in which ocrdesk and all that it needs are installed.
"""

from __future__ import annotations

import os
import sys
import textwrap
import tomllib
from email.utils import formatdate
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from ocrdesk.local.diagnostics.qt_libraries import QT_LIBRARIES

SYSTEM = ("libc6 (>= 2.28)", "libgcc-s1", "libstdc++6", "zlib1g")
"""What the wheels link to, as their platform tags say, besides what Qt needs."""
RECOMMENDS = ("ca-certificates", "poppler-utils", "xdg-desktop-portal")


def control(project: dict[str, Any], fields: list[str]) -> str:
    """Return the control file, with further fields."""
    author, minor = project["authors"][0], sys.version_info.minor
    qt = sorted({package for packages in QT_LIBRARIES.values() for package in packages.values()})
    depends = [f"python3 (>= 3.{minor}~)", f"python3 (<< 3.{minor + 1})", *SYSTEM, *(p for p in qt if p not in SYSTEM)]
    lines = [
        "Package: ocrdesk",
        *fields,
        f"Maintainer: {author['name']} <{author['email']}>",
        "Section: graphics",
        "Priority: optional",
        f"Homepage: {project['urls']['Homepage']}",
        f"Depends: {', '.join(depends)}",
        f"Recommends: {', '.join(RECOMMENDS)}",
        "Description: turn scans, PDFs, screenshots and photos into text",
        *_folded(
            "A desktop app, a command line and an HTTP service over one pipeline. It reads every page on this "
            "computer, with Tesseract and a neural reader, and sends the files nowhere else. Results have boxes and "
            "confidences, and are exported as text, Markdown, Word, searchable PDF, hOCR, ALTO and more."
        ),
        " .",
        *_folded(
            "The package has an environment of its own with everything that it needs: Python packages, Qt, Valkey, and "
            "the data for English and German."
        ),
    ]
    return "\n".join(lines) + "\n"


def copyright_file(root: Path, project: dict[str, Any], site: Path) -> str:
    """Return the copyright file: our licence, and each included package with its own."""
    licence = (root / "LICENSE").read_text(encoding="utf-8").strip()
    owner = next(line for line in licence.splitlines() if line.startswith("Copyright"))
    text = "\n".join(f" {line.strip() or '.'}" for line in licence.partition(owner)[2].strip().splitlines())
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        "Upstream-Name: ocrdesk",
        f"Source: {project['urls']['Source']}",
        "Comment:",
        *_folded(
            "The environment in /usr/lib/ocrdesk includes these packages, unchanged but for parts that are left out, "
            "and for tesserocr's library libjbig: a file of ocrdesk with none of its code takes its place. Each has "
            "its licence in the folder NAME-VERSION.dist-info below /usr/lib/ocrdesk/lib."
        ),
        *(f"  {line}" for line in sorted(map(_described, distributions(path=[str(site)])), key=str.lower)),
        "",
        "Files: *",
        f"Copyright: {owner.removeprefix('Copyright (c) ')}",
        "License: Expat",
        text,
    ]
    return "\n".join(lines) + "\n"


def changelog(project: dict[str, Any], version: str) -> str:
    """Return the package's own changelog, whose date is SOURCE_DATE_EPOCH."""
    author = project["authors"][0]
    date = formatdate(int(os.environ["SOURCE_DATE_EPOCH"]))
    return (
        f"ocrdesk ({version}) stable; urgency=medium\n\n  * This release; changelog.gz has its changes.\n\n"
        f" -- {author['name']} <{author['email']}>  {date}\n"
    )


def _described(found: Distribution) -> str:
    """Return a package's name, version and licence: the expression, or the classifiers of older metadata."""
    metadata = found.metadata
    classifiers = [
        line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if line.startswith("License ::")
    ]
    stated = (metadata["License"] or "").strip().splitlines()
    licence = (
        metadata["License-Expression"] or ", ".join(classifiers) or (stated[0][:60] if stated else "see its files")
    )
    return f"{metadata['Name']} {found.version}: {licence}"


def _folded(text: str) -> list[str]:
    return [f" {line}" for line in textwrap.wrap(text, 78)]


def main() -> None:
    """Print the file."""
    kind, root, site, *fields = sys.argv[1:]
    project = tomllib.loads(Path(root, "pyproject.toml").read_text(encoding="utf-8"))["project"]
    match kind:
        case "control":
            sys.stdout.write(control(project, fields))
        case "copyright":
            sys.stdout.write(copyright_file(Path(root), project, Path(site)))
        case "changelog":
            sys.stdout.write(changelog(project, *fields))


if __name__ == "__main__":
    main()
