"""The engine `rapid`."""

from __future__ import annotations

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.rereading import Rereader
from tests.helpers.changed_engine import ENGLISH, page


def test_the_engine_rapid_says_which_languages_it_cannot_read(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engines.choose(EngineName.RAPID, ENGLISH)
    monkeypatch.setattr(Rereader, "readable", lambda *_: None)
    with pytest.raises(ProcessingError) as caught:
        engine.recognise(page(), 300, ENGLISH)
    assert caught.value.info.code is ErrorCode.UNKNOWN_LANGUAGE
    assert "auto or tesseract" in caught.value.info.message
