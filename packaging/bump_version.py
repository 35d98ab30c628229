"""Sets the version in every file that repeats it, or dates the version for its release.

    python packaging/bump_version.py 0.2.0       # work on 0.2.0 begins
    python packaging/bump_version.py --release   # today is the release date of the current version

Changes pyproject.toml, the changelog's newest heading, docs/openapi.json and the files of packaging/project_facts.py.
A changelog section that is already released stays, with a new one above it; one that is not released is renamed.
Needs git, an environment with ocrdesk, and a checkout without changes, so that `git restore .` takes all of it back.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version
from project_facts import ROOT, Facts, read_facts, update

PYPROJECT = ROOT / "pyproject.toml"
CHANGELOG = ROOT / "CHANGELOG.md"


class RefusedError(Exception):
    """The version is not changed, for the reason in the message."""


def check_clean() -> None:
    """Raise RefusedError if the checkout has changes that are not committed."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "status", "--porcelain"],  # noqa: S607 - the git of the caller's PATH
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RefusedError(f"This is not a git checkout: {done.stderr.strip()}")
    if done.stdout:
        raise RefusedError(f"Commit or stash these changes first:\n{done.stdout.rstrip()}")


def checked_version(text: str, facts: Facts) -> str:
    """Return a version that is valid and higher than the current one. Raises RefusedError for others."""
    try:
        version = Version(text)
    except InvalidVersion:
        version = None
    if version is None or str(version) != text or len(version.release) != 3 or version.local or version.epoch:
        raise RefusedError(f"{text} is not a version such as 1.2.3 or 1.2.3rc1.")
    if version <= Version(facts.version):
        raise RefusedError(f"{text} is not higher than {facts.version}.")
    return text


def set_version(version: str, facts: Facts) -> None:
    """Write the version to pyproject.toml and to the changelog's newest heading."""
    _replace(PYPROJECT, rf'^version = "{re.escape(facts.version)}"$', f'version = "{version}"')
    heading = f"## {version} (unreleased)"
    if facts.released:
        old = f"## {facts.version} ({facts.released})"
        _replace(CHANGELOG, rf"^{re.escape(old)}$", f"{heading}\n\n{old}")
    else:
        _replace(CHANGELOG, rf"^## {re.escape(facts.version)} \(unreleased\)$", heading)


def set_release_date(facts: Facts) -> None:
    """Write today's date, in UTC, to the changelog's newest heading."""
    if facts.released:
        raise RefusedError(f"Version {facts.version} has the release date {facts.released} already.")
    day = datetime.now(UTC).date().isoformat()
    _replace(CHANGELOG, rf"^## {re.escape(facts.version)} \(unreleased\)$", f"## {facts.version} ({day})")


def _replace(file: Path, pattern: str, new: str) -> None:
    text, count = re.subn(pattern, lambda _: new, file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    if not count:
        raise RefusedError(f"{file.name} has no line {pattern}")
    file.write_text(text, encoding="utf-8")


def update_copies() -> None:
    """Carry version and date into the files that repeat them."""
    update()
    # In a process of its own, because it imports the version that has just changed; from this checkout in any case.
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / path) for path in (".", "api", "worker"))}
    subprocess.run([sys.executable, str(ROOT / "packaging" / "openapi.py")], env=env, check=True)


def main() -> int:
    """Return the exit code: 1 if the version is refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("version", nargs="?", help="the new version, for example 0.2.0")
    chosen.add_argument("--release", action="store_true", help="date the current version instead")
    options = parser.parse_args()
    facts = read_facts()
    try:
        version = None if options.release else checked_version(options.version, facts)
        check_clean()
        if version is None:
            set_release_date(facts)
        else:
            set_version(version, facts)
    except RefusedError as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    update_copies()
    return 0


if __name__ == "__main__":
    sys.exit(main())
