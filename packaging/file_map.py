"""Writes the README's file map from the modules' own first sentences, or checks that it is true (--check)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START, END = "<!-- file map: made by packaging/file_map.py -->\n", "<!-- end of file map -->\n"
PACKAGES = ("ocrdesk", "api/ocrdesk_api", "worker/ocrdesk_worker")


def file_map() -> str:
    """A heading a folder, a line a module."""
    lines = []
    for package in PACKAGES:
        for folder in [ROOT / package, *sorted(path for path in (ROOT / package).rglob("*") if path.is_dir())]:
            modules = sorted(folder.glob("*.py"))
            if not modules:
                continue
            lines.append(f"\n**{folder.relative_to(ROOT)}/**\n")
            lines += [f"- `{module.name}`: {_first_sentence(module)}" for module in modules]
    return "\n".join(lines) + "\n"


def _first_sentence(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    if not docstring:
        raise SystemExit(f"{module.relative_to(ROOT)} does not say its job in a first sentence")
    return " ".join(docstring.split("\n\n")[0].split())


def main() -> int:
    """The exit code: with --check, 1 when the README's map is not what the files say."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    made = before + START + file_map() + "\n" + END + after
    if "--check" in sys.argv:
        if made != text:
            sys.stderr.write("README.md: the file map is out of date: run python packaging/file_map.py\n")
            return 1
        return 0
    readme.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
