"""An engine is accepted if a live worker announces it; a refusal names those that are."""

from __future__ import annotations

import pytest

from ocrdesk.backend.records import NodeInfo
from ocrdesk.contract.engines import INCLUDED_ENGINES
from ocrdesk_api.errors import HttpError
from ocrdesk_api.submission import job_options

NODES = [
    NodeInfo("one", 1, ("tesseract", "inkblot"), ("eng",), "0.1.0"),
    NodeInfo("other", 1, ("tesseract", "rapid"), ("eng",), "0.1.0"),
]


@pytest.mark.parametrize("name", ["auto", "tesseract", "inkblot", "rapid"])
def test_an_engine_of_any_live_worker_is_accepted(name: str) -> None:
    assert job_options.parse({"engine": name}, NODES).engine == name


@pytest.mark.parametrize("name", ["tesseract-cli", "abacus", "text-layer", "../inkblot", "Inkblot"])
def test_another_engine_is_refused_with_the_names_of_all(name: str) -> None:
    with pytest.raises(HttpError) as raised:
        job_options.parse({"engine": name}, NODES)
    assert (raised.value.status, raised.value.body.code) == (400, "unknown_engine")
    assert raised.value.body.detail.endswith(": auto, inkblot, rapid, tesseract.")


@pytest.mark.parametrize("name", ["auto", *INCLUDED_ENGINES, "inkblot"])
def test_without_live_workers_the_worker_that_comes_decides(name: str) -> None:
    assert job_options.parse({"engine": name}, []).engine == name


@pytest.mark.parametrize("name", ["text-layer", "none", "../inkblot", "In blot", "x" * 41])
def test_a_name_that_no_engine_can_have_is_refused_immediately(name: str) -> None:
    with pytest.raises(HttpError) as raised:
        job_options.parse({"engine": name}, [])
    assert raised.value.body.code == "unknown_engine"
