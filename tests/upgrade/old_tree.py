"""The code of version 0.1 from the git history, to run beside the current code."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

COMMIT = "30f8b0e2bfbb1b002d65b25a5982449435b7259a"
_ROOT = Path(__file__).resolve().parents[2]
_PARTS = ("ocrdesk", "api", "worker")


@dataclass(frozen=True)
class OldTree:
    """An unpacked version 0.1."""

    root: Path

    @property
    def env(self) -> dict[str, str]:
        """The environment for running this code: it precedes installed packages and the working folder."""
        paths = (self.root, self.root / "api", self.root / "worker")
        return {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONSAFEPATH": "1"}


def why_missing() -> str:
    """Return the reason why version 0.1 is not available here; empty if it is."""
    try:
        found = _git("cat-file", "-e", f"{COMMIT}^{{commit}}")
    except OSError:
        return "git is not installed"
    return "" if found.returncode == 0 else f"the git history has no commit {COMMIT}"


def unpack(folder: Path) -> OldTree:
    """Unpack version 0.1 into the folder."""
    packed = _git("archive", "--format=tar", COMMIT, *_PARTS)
    packed.check_returncode()
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        # Python 3.11.2, in Debian 12, has no extraction filters. Git wrote the archive, so it is safe.
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return OldTree(folder)


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(_ROOT), *arguments], capture_output=True, check=False)
