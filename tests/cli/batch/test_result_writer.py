"""Where results go: stdout, one file, or one file per input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.contract.document import Document
from tests.cli.conftest import Ocr
from tests.helpers.processes import OCRDESK, Backend, clean_env
from tests.helpers.sample_files import text_png


@pytest.mark.parametrize("names", [["one.png"], ["one.png", "book.pdf"]])
def test_json_is_one_document_a_line_for_each_file(ocr: Ocr, folder: Path, names: list[str]) -> None:
    done = ocr("-f", "json", *[folder / name for name in names])
    documents = [Document.model_validate_json(line) for line in done.stdout.splitlines()]
    assert [document.file_name for document in documents] == names
    assert json.loads(done.stdout.splitlines()[0])["pages"][0]["status"] == "finished"


def test_a_result_can_go_into_a_file(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", "-o", folder / "out.txt")
    assert (done.returncode, done.stdout) == (0, "")
    assert (folder / "out.txt").read_text() == "First file\n"


def test_many_results_go_into_a_new_folder(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", folder / "two.png", "-o", folder / "out" / "texts")
    assert done.returncode == 0
    assert {path.name: path.read_text() for path in (folder / "out" / "texts").iterdir()} == {
        "one.png.txt": "First file\n",
        "two.png.txt": "Second file\n",
    }


def test_files_of_one_name_do_not_overwrite_each_other(ocr: Ocr, folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "one.png").write_bytes(text_png("Other file"))
    ocr(folder / "one.png", folder / "other" / "one.png", "-o", folder / "out")
    assert (folder / "out" / "one.png.txt").read_text() == "First file\n"
    assert (folder / "out" / "other" / "one.png.txt").read_text() == "Other file\n"


@pytest.mark.parametrize("out", ["missing/out.txt", "one.png/out.txt"])
def test_an_output_that_cannot_be_written_is_reported(ocr: Ocr, folder: Path, out: str) -> None:
    done = ocr(folder / "one.png", "-o", folder / out)
    assert done.returncode in (1, 2)
    assert "out.txt" in done.stderr


def test_a_folder_that_cannot_be_created_is_reported(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", folder / "two.png", "-o", folder / "book.pdf")
    assert done.returncode in (1, 2)
    assert "book.pdf" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder in which even root cannot write")
def test_an_unwritable_folder_is_reported_before_anything_is_read(ocr: Ocr, folder: Path) -> None:
    done = ocr(folder / "one.png", folder / "two.png", "-o", "/proc")
    assert done.returncode == 2
    assert "the output /proc cannot be written" in done.stderr


def test_a_result_that_cannot_be_written_is_reported_and_the_others_continue(ocr: Ocr, folder: Path) -> None:
    (folder / "tree" / "two.png.txt").mkdir(parents=True)
    (folder / "tree" / "two.png.txt" / "three.png").write_bytes(text_png("Third file"))
    (folder / "tree" / "two.png").write_bytes(text_png("Second file"))
    (folder / "tree" / "one.png").write_bytes(text_png("First file"))
    done = ocr(folder / "tree", "-o", folder / "out")  # two.png.txt is to be a file and a folder
    assert done.returncode == 1
    assert "its result cannot be written" in done.stderr
    assert (folder / "out" / "one.png.txt").read_text() == "First file\n"


def test_a_closed_pipe_is_not_an_error(backend: Backend, folder: Path) -> None:
    with subprocess.Popen(
        [*OCRDESK, "ocr", "--data-dir", str(backend.data_dir), str(folder / "one.png"), str(folder / "two.png")],
        env=clean_env(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) in (1, -13)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
