"""Pasted images become separate files."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.intake.pasted_images import save_png
from tests.desktop.conftest import Desktop
from tests.helpers.desktop_images import mime, paste, picture


def test_image_that_cannot_be_saved_is_reported(staged: Desktop, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    paste(staged, mime(image=picture()))
    staged.wait(lambda: staged.driver.note.startswith("The image could not be saved in"))


def test_two_images_of_one_second_are_two_files(tmp_path: Path) -> None:
    names = {save_png(picture(), tmp_path, "Pasted").name for _ in range(3)}
    assert names == {"Pasted.png", "Pasted (2).png", "Pasted (3).png"}
