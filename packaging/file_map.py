"""Writes docs/file-map.md from the first sentence of every module, or checks that it is current (--check)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from generated_file import write_or_check

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "file-map.md"
PACKAGES = ("ocrdesk", "api/ocrdesk_api", "worker/ocrdesk_worker")
HEADER = """\
# File map

Every module and its job. This page is generated from the modules' docstrings: change those, then run
`python packaging/file_map.py`. [Architecture](architecture.md) shows how the packages work together.

`tests/` mirrors these packages: `tests/export/` tests `ocrdesk/export/`. In addition, `tests/e2e` follows
a file through all parts, `tests/chaos` breaks a running service, and `tests/bench` has the benchmarks. `packaging/` has
the two set-up commands, the pinned versions and the sample image.
"""


def file_map() -> str:
    """Return the whole page: a heading for each folder, a line for each module."""
    lines = [HEADER]
    for package in PACKAGES:
        for folder in [ROOT / package, *sorted(path for path in (ROOT / package).rglob("*") if path.is_dir())]:
            modules = sorted(folder.glob("*.py"))
            if not modules:
                continue
            lines.append(f"\n## {folder.relative_to(ROOT)}/\n")
            lines += [f"- `{module.name}`: {_first_sentence(module)}" for module in modules]
    return "\n".join(lines) + "\n"


def _first_sentence(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    if not docstring:
        raise SystemExit(f"{module.relative_to(ROOT)} has no docstring; its first sentence must say what it does")
    return " ".join(docstring.split("\n\n")[0].split())


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, file_map(), "file_map.py"))
