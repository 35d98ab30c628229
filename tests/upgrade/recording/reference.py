"""Records what a checkout does as text files, and compares two recordings.

    python tests/upgrade/recording/reference.py record CHECKOUT OUT [--python PYTHON] [--only PART ...]
    python tests/upgrade/recording/reference.py compare A B [--intended FILE] [--only PART ...]

A recording is a folder or a .tar.xz of one. `compare` prints a unified diff for each file that differs, and ends
with 1 if a difference is not among the intended ones (see reference_compare.py for how they are written).
"""

from __future__ import annotations

import argparse
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from reference_cli import record_cli, record_help
from reference_compare import compare
from reference_redis import record_redis
from reference_results import record_results
from reference_server import Checkout, opened_checkout
from reference_service import record_openapi
from reference_window import record_window

_PARTS: dict[str, Callable[[Checkout, Path], None]] = {
    "help": record_help,
    "service": record_openapi,
    "results": record_results,
    "cli": record_cli,
    "redis": record_redis,
    "window": record_window,
}


def record(root: Path, out: Path, python: str, parts: list[str]) -> None:
    """Write the recording of a checkout to a folder, or to an archive if the name ends in .tar.xz."""
    with tempfile.TemporaryDirectory(prefix="ocrdesk-recording-") as folder, opened_checkout(root, python) as checkout:
        target = Path(folder)
        for name in parts:
            sys.stderr.write(f"recording {name}\n")
            try:
                _PARTS[name](checkout, target / name)
            except BaseException:
                for log in checkout.home.glob("*.log"):
                    sys.stderr.write(f"{log.name}: {log.read_text()[-2000:]}\n")
                raise
        if out.name.endswith(".tar.xz"):
            _pack(target, out)
        else:
            for file in (file for file in target.rglob("*") if file.is_file()):
                copy = out / file.relative_to(target)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())


def _pack(folder: Path, archive: Path) -> None:
    """Pack a folder without owners and dates, so that the same recording is the same archive."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.mtime = 0
        entry.uname = entry.gname = ""
        return entry

    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            packed.add(file, str(file.relative_to(folder)), filter=plain)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="write a checkout's outputs")
    recording.add_argument("checkout", type=Path)
    recording.add_argument("out", type=Path)
    recording.add_argument("--python", default=sys.executable, help="the interpreter that has what ocrdesk needs")
    recording.add_argument("--only", nargs="+", choices=list(_PARTS), default=list(_PARTS))
    comparing = commands.add_parser("compare", help="show what differs")
    comparing.add_argument("a", type=Path)
    comparing.add_argument("b", type=Path)
    comparing.add_argument("--intended", type=Path, help="a file that lists intended differences")
    comparing.add_argument("--only", nargs="+", choices=list(_PARTS), default=list(_PARTS))
    options = parser.parse_args()
    if options.command == "record":
        record(options.checkout, options.out, options.python, options.only)
        return 0
    return compare(options.a, options.b, options.intended, options.only)


if __name__ == "__main__":
    sys.exit(main())
