"""Which traineddata files are valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.local.languages import traineddata
from ocrdesk.local.languages.traineddata import InvalidTrainedDataError
from ocrdesk_worker.engines.languages.tessdata import collect
from tests.helpers.language_mirror import real_pack


@pytest.fixture(scope="module")
def german() -> Path:
    return real_pack("deu")


def test_data_of_the_old_engine_is_refused(german: Path, tmp_path: Path) -> None:
    osd = collect().files().get("osd")
    if osd is None:
        pytest.skip("no orientation data is installed")
    with pytest.raises(InvalidTrainedDataError, match="lacks the network"):
        traineddata.check(osd)


def test_a_file_that_was_cut_off_is_refused(german: Path, tmp_path: Path) -> None:
    cut = tmp_path / "tlh.traineddata"
    cut.write_bytes(german.read_bytes()[:-200])
    with pytest.raises(InvalidTrainedDataError, match="its end is missing"):
        traineddata.check(cut)
