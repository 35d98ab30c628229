"""python packaging/audit.py: prints the licence of each package that ocrdesk[all,otel] installs, and vulnerabilities.

It also prints the licences of libraries that wheels bundle and our own packages redistribute. Ends with 1 if a licence
forbids distribution under MIT or is not known here, or if a package is vulnerable. sh packaging/audit.sh gets pip-audit
first. Without data on vulnerabilities it says so, which is no failure.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import native_libraries
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT, EXTRAS = "ocrdesk", ("all", "otel")
PERMITTED = re.compile(
    r"0BSD|Apache|BSD|CC0|FTL|HPND|IJG|ISC|libpng|libtiff|\bMIT\b|MPL|Mozilla Public|PSF|Python Software Foundation"
    r"|Unicode|Unlicense|Zlib",
    re.IGNORECASE,
)
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)
"""May be imported, and stays replaceable: it is a package of its own."""
LINKING_EXCEPTION = re.compile(r"WITH GCC-exception", re.IGNORECASE)
"""The runtime libraries of GCC: programs that use them may have any licence."""
COPYLEFT = re.compile(r"GPL|General Public Licen[sc]e|Affero", re.IGNORECASE)


def installed(project: str = PROJECT, extras: tuple[str, ...] = EXTRAS) -> dict[str, Distribution]:
    """Return the project's dependencies that are installed, by name, and those that they need."""
    found: dict[str, Distribution] = {}
    asked: dict[str, set[str]] = {}
    waiting = [(project, set(extras))]
    while waiting:
        name, wanted = waiting.pop()
        key = canonicalize_name(name)
        if key in asked and wanted <= asked[key]:
            continue
        try:
            found[key] = distribution(name)
        except PackageNotFoundError:
            continue  # for another system, or of an extra that is not installed
        asked[key] = asked.get(key, {""}) | wanted
        for requirement in map(Requirement, found[key].requires or ()):
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in asked[key]):
                waiting.append((requirement.name, set(requirement.extras)))
    found.pop(canonicalize_name(project), None)
    return dict(sorted(found.items()))


def licence_of(package: Distribution) -> str:
    """Return the licence that a package states, by the most exact of the three ways to state it."""
    metadata = package.metadata
    if expression := metadata["License-Expression"]:
        return str(expression)
    classifiers = [text for text in metadata.get_all("Classifier") or () if text.startswith("License :: ")]
    stated = ", ".join(text.rpartition(" :: ")[2] for text in classifiers if not text.endswith("OSI Approved"))
    line = (metadata["License"] or "").strip().partition("\n")[0]
    return stated if stated and not (line and PERMITTED.search(line)) else line or stated


def problem_with(licence: str) -> str | None:
    """Return why a package under a licence cannot be used; None if it can. Of alternatives one is enough."""
    problems = [
        _problem_with_all(alternative)
        for alternative in re.split(r"\bOR\b", licence.replace("(", " ").replace(")", " "))
    ]
    return None if None in problems else problems[0]


def _problem_with_all(licences: str) -> str | None:
    for one in re.split(r"\bAND\b|,|;", licences):
        if LESSER.search(one) or LINKING_EXCEPTION.search(one):
            continue
        if COPYLEFT.search(one):
            return "forbids distribution under MIT"
    known = PERMITTED.search(licences) or LESSER.search(licences) or LINKING_EXCEPTION.search(licences)
    return None if known else "is not known here: read it, then add it to packaging/audit.py"


def report_licences() -> int:
    """Print the licences; return the number of problems."""
    packages = installed()
    if not packages:
        print(f"{PROJECT} is not installed.")
        return 1
    problems = []
    for name, package in packages.items():
        licence = licence_of(package)
        print(f"{name:40} {package.version:16} {licence or 'none stated'}")
        if problem := problem_with(licence):
            problems.append(f"{name}: its licence ({licence or 'none stated'}) {problem}")
    print(f"\n{len(packages)} packages.", *problems, sep="\n")
    return len(problems)


def report_native_licences() -> int:
    """Print the licences of bundled libraries that our own packages contain; return the number of problems."""
    kept, replaced, removed = native_libraries.find(installed().values())
    problems = []
    for name in kept:
        licence = native_libraries.licence_of(name)
        print(f"{name:72} {licence or 'not known'}")
        if licence is None:
            problems.append(f"{name}: its licence is not known here: read it, then add it to native_libraries.py")
        elif problem := problem_with(licence):
            problems.append(f"{name}: its licence ({licence}) {problem}")
    for name in replaced:
        print(f"{name:72} {native_libraries.licence_of(name)}; our own packages replace it by code of ours")
    print(
        f"\n{len(kept)} libraries and programs from wheels; our own packages leave out {len(removed)} more.",
        *problems,
        sep="\n",
    )
    return len(problems)


def report_vulnerabilities(python: str) -> int:
    """Print what pip-audit knows; return the number of vulnerable packages."""
    with tempfile.TemporaryDirectory(prefix="ocrdesk-audit-") as folder:
        listed = Path(folder) / "installed.txt"
        listed.write_text("".join(f"{name}=={package.version}\n" for name, package in installed().items()))
        command = [python, "-m", "pip_audit", "--requirement", str(listed), "--no-deps", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    lines, vulnerable = vulnerabilities(done.stdout)
    print("", *lines, sep="\n")
    if not done.stdout.strip() and done.stderr:
        print(done.stderr.strip().splitlines()[-1])
    return vulnerable


def vulnerabilities(output: str) -> tuple[list[str], int]:
    """Return what pip-audit's JSON says, in lines, and how many packages are vulnerable."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["Vulnerabilities: not checked, because pip-audit is missing or cannot reach its data."], 0
    checked = [package for package in packages if "skip_reason" not in package]
    if not checked:
        return ["Vulnerabilities: not checked, because there is no data about any package here."], 0
    vulnerable = [package for package in checked if package.get("vulns")]
    lines = [
        f"Vulnerabilities: {len(vulnerable)} of {len(checked)} packages, {len(packages) - len(checked)} without data."
    ]
    for package in vulnerable:
        fixed = sorted({version for found in package["vulns"] for version in found.get("fix_versions", ())})
        ids = ", ".join(found["id"] for found in package["vulns"])
        lines.append(f"{package['name']} {package['version']}: {ids}; fixed in {', '.join(fixed) or 'no version yet'}")
    return lines, len(vulnerable)


def main() -> int:
    parser = argparse.ArgumentParser(description="Licences and known vulnerabilities of what ocrdesk installs.")
    parser.add_argument("--pip-audit", default=sys.executable, metavar="PYTHON", help="the Python that has pip-audit")
    parser.add_argument("--licences", action="store_true", help="only the licences")
    options = parser.parse_args()
    problems = report_licences()
    print()
    problems += report_native_licences()
    if not options.licences:
        problems += report_vulnerabilities(options.pip_audit)
    return int(problems > 0)


if __name__ == "__main__":
    sys.exit(main())
