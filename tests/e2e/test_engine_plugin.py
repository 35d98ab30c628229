"""An engine of another package: the steps of the how-to page work, and a broken package does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.client import ApiError, Client
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import JobOptions, ResultFormat
from tests.helpers.engine_plugin import NAME, PLUGIN, commands_of_page, files_of_page, pip_install, write_plugin
from tests.helpers.processes import Backend, run_ocrdesk, running_backend, short_folder
from tests.helpers.sample_files import text_png

pytest.importorskip("hatchling", reason="hatchling, which builds the package, is not installed")


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """A folder in which the page's package and broken packages are installed."""
    with short_folder() as folder:
        target = folder / "installed"
        changes = {
            "good": {},
            "unloadable": {NAME: "unloadable", "DARK =": "import no_such_module #"},
            "rival": {NAME: "rival", 'NAME = "rival"': 'NAME = "rapid"', "\nrival =": "\nrapid ="},
            "unsure": {NAME: "unsure", "return None": "raise RuntimeError"},
            "lacking": {NAME: "lacking", "return None": 'return "Buy a lens."'},
        }
        pip_install(target, *(write_plugin(folder / name, change) for name, change in changes.items()))
        yield target


@pytest.fixture(scope="module")
def served(installed: Path) -> Iterator[Backend]:
    with short_folder() as folder, running_backend(folder / "data", workers=1, PYTHONPATH=str(installed)) as backend:
        yield backend


@pytest.fixture
def client(served: Backend) -> Iterator[Client]:
    with Client(served.url, served.token) as client:
        yield client


def test_the_page_shows_the_files_of_the_example() -> None:
    shown = files_of_page()
    assert shown == {name: (PLUGIN / name).read_text("utf-8") for name in shown}
    assert set(shown) == {path.name for path in PLUGIN.iterdir() if path.is_file()}


def test_the_commands_of_the_page_work(installed: Path, served: Backend, tmp_path: Path) -> None:
    install, *checks = commands_of_page()
    assert install == ["pip", "install", f"./{NAME}"]  # as `pip_install` did
    assert [words[0] for words in checks] == ["ocrdesk"] * 3
    page = tmp_path / "page.png"
    page.write_bytes(text_png("Hello"))
    said = []
    for _, *arguments in checks:
        named = [str(page) if word == page.name else word for word in arguments]
        env = {"PYTHONPATH": str(installed), "COLUMNS": "300", "OCRDESK_DATA_DIR": str(served.data_dir)}
        done = run_ocrdesk(*named, **env)
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout)
    shown_help, doctor, text = said
    assert f"rapid, {NAME}, lacking" in shown_help
    assert any(f"engine {NAME} " in line and line.startswith("ok") for line in doctor.splitlines())
    assert any("engine lacking " in line and "Buy a lens." in line for line in doctor.splitlines())
    assert text == "ink\n"


def test_the_server_announces_it_and_says_what_is_wrong_with_broken_ones(client: Client) -> None:
    can = client.capabilities()
    assert {"auto", "tesseract", NAME} <= set(can.engines)
    reasons = {one.name: one.reason for one in can.unavailable_engines}
    assert "ModuleNotFoundError" in reasons["unloadable"]
    assert "ocrdesk-rival both have it" in reasons["rapid"]
    assert "RuntimeError" in reasons["unsure"]
    assert reasons["lacking"] == "Buy a lens."
    assert not {"unloadable", "unsure", "lacking"} & set(can.engines)


def test_it_recognises_a_page_through_the_api(client: Client) -> None:
    job_id = client.submit(text_png("Hello"), JobOptions(engine=NAME), name="page.png")
    client.wait(job_id)
    document = client.document(job_id)
    (page,) = document.pages
    assert page.source == NAME
    assert [(word.text, word.source) for word in page.words()] == [("ink", NAME)]
    assert page.width > page.blocks[0].box.right > page.blocks[0].box.left > 0
    assert client.job(job_id).options.engine == NAME
    assert client.export(job_id, ResultFormat.PDF).startswith(b"%PDF")


def test_the_included_engines_work_beside_it(client: Client) -> None:
    job_id = client.submit(text_png("Hello world"), JobOptions(engine="tesseract"), name="page.png")
    assert client.wait(job_id).text == "Hello world\n"


@pytest.mark.parametrize("name", ["unloadable", "lacking", "abacus"])
def test_an_engine_that_no_worker_can_use_is_refused_with_the_names_of_the_others(client: Client, name: str) -> None:
    with pytest.raises(ApiError) as raised:
        client.submit(text_png("Hello"), JobOptions(engine=name), name="page.png")
    assert raised.value.code == ErrorCode.UNKNOWN_ENGINE
    assert NAME in str(raised.value)
