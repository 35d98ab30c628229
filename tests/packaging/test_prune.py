"""packaging/prune.py: an environment without what it removes still does everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import clean_env, short_folder
from tests.packaging.repository import PACKAGING, ROOT

sys.path.insert(0, str(PACKAGING))
import prune
import replace_jbig

sys.path.remove(str(PACKAGING))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the list has the file names of Linux")

IMPORT_ALL = """
import importlib, pkgutil
for name in ("ocrdesk", "ocrdesk_api", "ocrdesk_worker"):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.endswith(("__main__", ".trace_spans")):  # spans are in another extra
            importlib.import_module(module.name)
"""
OPEN_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImageReader
from ocrdesk.desktop.startup.application import Desktop, make_application
from ocrdesk.desktop.system.single_instance import start_request
app = make_application()
desktop = Desktop(app, Path(sys.argv[1]), None)
def photograph():
    image = desktop._window.grab().toImage()
    print(len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}))
    app.quit()
desktop._window.complete.connect(lambda: QTimer.singleShot(0, photograph))
desktop.show(start_request([]))
app.exec()
desktop.close()
print(*sorted(bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()))
"""


def needed() -> dict[str, Distribution]:
    """Return the distributions of ocrdesk[all] by name: ocrdesk's own, and what it and they require here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["desktop"], *extras["server"], *extras["photo"]]
    found = {"ocrdesk": distribution("ocrdesk")}
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        if name in found and not requirement.extras:
            continue  # with extras it may need more than what was found without
        try:
            package = distribution(name)
        except PackageNotFoundError:
            pytest.skip(f"{name} is not installed")
        found[name] = package
        for each in map(Requirement, package.requires or ()):
            if each.marker and not any(each.marker.evaluate({"extra": extra}) for extra in requirement.extras | {""}):
                continue
            each.marker = None
            wanted.append(str(each))
    return found


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with ocrdesk[all], pruned. Its files are links to those of this environment."""
    folder = tmp_path_factory.mktemp("pruned")
    venv.EnvBuilder(symlinks=True).create(folder)
    packages = prune.site_packages(folder)
    for package in needed().values():
        for file in package.files or ():
            source = Path(str(package.locate_file(file)))
            if file.parts[0] == ".." or file.suffix == ".pth" or not source.is_file():
                continue
            target = packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                link(source, target)
    (packages / "ocrdesk.pth").write_text("\n".join(map(str, (ROOT, ROOT / "api", ROOT / "worker"))))
    if shutil.which("cc"):
        replace_jbig.replace(packages)
    unused = [rule for rule, freed in prune.prune(packages) if not freed]
    # pip and its like are not among what ocrdesk needs
    assert [f"{rule.folder}: {rule.reason}" for rule in unused if rule.folder] == []
    return folder / "bin" / "python"


def link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def run(python: Path, *arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    env = clean_env(OCRDESK_DATA_DIR=str(data), QT_QPA_PLATFORM="offscreen", HOME=str(data), XDG_CONFIG_HOME=str(data))
    env.pop("PYTHONPATH", None)
    return subprocess.run(
        [python, *arguments], cwd=data, env=env, capture_output=True, text=True, timeout=150, check=False
    )


@IN_LONG_FORM
def test_every_module_can_be_imported(python: Path, tmp_path: Path) -> None:
    done = run(python, "-c", IMPORT_ALL, data=tmp_path)
    assert done.returncode == 0, done.stderr


def test_none_of_its_libraries_is_jbig_kit(python: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler")
    packages = prune.site_packages(python.parent.parent)
    files = [path for path in packages.rglob("*.so*") if path.is_file()]
    files += [path for path in packages.rglob("bin/*") if path.is_file()]
    assert [path.name for path in files if path.name.startswith("libjbig")] != []
    assert [path.name for path in files if b"JBIG-KIT" in path.read_bytes()] == []


@IN_LONG_FORM
@pytest.mark.parametrize("engine", ["auto", "tesseract", "tesseract-cli", "rapid"])
def test_every_engine_reads_the_sample(python: Path, engine: str) -> None:
    with short_folder() as data:
        arguments = "-m", "ocrdesk", "ocr", "--engine", engine, str(PACKAGING / "sample.png")
        done = run(python, *arguments, data=data)
    assert done.stdout.startswith("How to get good text from paper"), done.stderr


def test_the_doctor_finds_everything(python: Path) -> None:
    with short_folder() as data:
        done = run(python, "-m", "ocrdesk", "doctor", data=data)
    assert done.returncode == 0, done.stdout


def test_the_window_opens_and_shows_images(python: Path) -> None:
    with short_folder() as data:
        done = run(python, "-c", OPEN_WINDOW, str(data), data=data)
    drawn, formats = done.stdout.splitlines()
    assert int(drawn) > 3, done.stderr  # colours
    assert {"jpeg", "png", "svg", "webp"} <= set(formats.split())


def test_no_library_of_qt_lacks_another(python: Path) -> None:
    if shutil.which("ldd") is None:
        pytest.skip("needs ldd")
    folder = prune.site_packages(python.parent.parent) / "PySide6"
    libraries = [path for path in folder.rglob("*.so*") if path.is_file()]
    listed = subprocess.run(["ldd", *libraries], capture_output=True, text=True, check=False).stdout
    assert "libQt6Core" in listed
    missing = {line.split()[0] for line in listed.splitlines() if "not found" in line}
    assert {name for name in missing if name.startswith(("libQt6", "libpyside6", "libshiboken6"))} == set()


def test_what_is_no_environment_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, PACKAGING / "prune.py", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "neither an environment nor a folder of packages" in done.stderr


def test_protobuf_stays_for_traces(tmp_path: Path) -> None:
    for name in ("google/protobuf", "opentelemetry/exporter"):
        (tmp_path / name).mkdir(parents=True)
    (rule,) = (rule for rule in prune.RULES if rule.folder == "google")
    assert prune.matches(tmp_path, rule) == []
    (tmp_path / "opentelemetry/exporter").rmdir()
    assert prune.matches(tmp_path, rule) == [tmp_path / "google/protobuf"]
