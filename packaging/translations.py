"""Updates the desktop's translations: collects its texts into the .ts files, and makes .qm files from them.

    python packaging/translations.py          # after a change of texts; translate unfinished ones and run it again
    python packaging/translations.py --check  # exits with 1 if a text has no finished translation or a .qm is outdated

To add a language, create an empty `ocrdesk/desktop/i18n/translations/ocrdesk_XX.ts`. The tools are part of PySide6.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "ocrdesk" / "desktop"
FOLDER = SOURCES / "i18n" / "translations"


def collect(ts: Path) -> None:
    """Update a .ts file, and remove texts that no longer exist. Some modules call their function `_tr`."""
    sources = [str(file.relative_to(ROOT)) for file in sorted(SOURCES.rglob("*.py"))]
    options = ["-tr-function-alias", "tr+=_tr", "-no-obsolete", "-locations", "none", "-silent"]
    _run("pyside6-lupdate", *options, *sources, "-ts", str(ts))


def release(ts: Path, qm: Path) -> None:
    """Make the .qm file that Qt loads; unfinished texts stay in English."""
    _run("pyside6-lrelease", "-silent", str(ts), "-qm", str(qm))


def unfinished(ts: Path) -> list[str]:
    """Return the texts without a finished translation."""
    messages = ET.parse(ts).getroot().iter("message")  # noqa: S314  # our own file
    return [
        message.findtext("source", "")
        for message in messages
        if (found := message.find("translation")) is None or found.get("type") or not found.text
    ]


def complaints(ts: Path) -> list[str]:
    """Return a sentence for each problem of a .ts file and its .qm; none if both are current."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / ts.name
        shutil.copyfile(ts, new)
        collect(new)
        missing = [f"{ts.name}: no finished translation of {word!r}" for word in unfinished(new)]
        made = new.with_suffix(".qm")
        release(new, made)
        qm = ts.with_suffix(".qm")
        if not missing and (not qm.exists() or made.read_bytes() != qm.read_bytes()):
            missing.append(f"{qm.name} is outdated: run python packaging/translations.py")
    return missing


def main() -> int:
    """Return the exit code: with --check, 1 if a text or a .qm file is not current."""
    files = sorted(FOLDER.glob("*.ts"))
    if "--check" in sys.argv:
        said = [line for file in files for line in complaints(file)]
        sys.stderr.writelines(f"{line}\n" for line in said)
        return 1 if said else 0
    for file in files:
        collect(file)
        release(file, file.with_suffix(".qm"))
        sys.stdout.writelines(f"{file.name}: to translate: {word!r}\n" for word in unfinished(file))
    return 0


def _run(tool: str, *arguments: str) -> None:
    beside = Path(sys.executable).with_name(tool)
    command = str(beside) if beside.exists() else tool
    done = subprocess.run([command, *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{tool}: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
