"""Records what the window writes into its INI file and its data folder when each setting is changed once."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from reference_files import make_files
from reference_server import LONG_PAGE_LIMIT_S, Checkout
from reference_text import steady

_DRIVER = Path(__file__).with_name("reference_window_driver.py")
_BINARY = re.compile(r"@ByteArray\(.*\)")


def record_window(checkout: Checkout, out: Path) -> None:
    """Write the INI file, and the names of the files in the desktop's own folder."""
    out.mkdir(parents=True, exist_ok=True)
    inputs = checkout.home / "window-inputs"
    make_files(inputs)
    done = subprocess.run(
        [checkout.python, str(_DRIVER), str(inputs / "born-digital.pdf"), str(checkout.home)],
        env=checkout.env(OCR_TIMEOUT_PER_PAGE=LONG_PAGE_LIMIT_S),
        cwd=checkout.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the window ended with {done.returncode}:\n{done.stderr.decode()}")
    ini = (checkout.home / ".config" / "ocrdesk" / "desktop.ini").read_text(encoding="utf-8")
    (out / "desktop.ini").write_text(steady_ini(ini, checkout.home), encoding="utf-8")
    exported = next((checkout.home / "exported").glob("*.txt"))
    (out / "exported.txt").write_text(f"{exported.name}\n{exported.read_text(encoding='utf-8')}", encoding="utf-8")
    own = checkout.home / ".local" / "share" / "ocrdesk" / "desktop"
    names = sorted({steady(str(file.relative_to(own))) for file in own.rglob("*") if file.is_file()})
    (out / "files.txt").write_text("\n".join(names) + "\n", encoding="utf-8")


def steady_ini(text: str, home: Path) -> str:
    """Return the INI file without what differs from run to run: binary values, ids, times, the home folder."""
    return steady(_BINARY.sub("@ByteArray(<bytes>)", text.replace(str(home), "<home>")))
