"""Names of blobs say whose they are, and whether a record refers to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrdesk.backend.records import ExportRecord, PageRecord
from ocrdesk.backend.storage.stored_names import (
    UPLOADS,
    export_name,
    is_part,
    names_in_use,
    page_name,
    page_text_name,
    part_file_name,
    part_name,
    text_name,
    whole_name,
    writer_of,
)
from ocrdesk.contract.states import JobState
from tests.helpers.ledger_jobs import new_job_record

ATTEMPT = "0123-abcd"


@pytest.mark.parametrize("name", [page_name(12, ATTEMPT), export_name("image_3_1600", ATTEMPT)])
def test_a_name_and_its_parts_and_texts_belong_to_one_writer(name: str) -> None:
    texts = (name, page_text_name(name))
    parts = [make(text, "aa") for make in (part_name, part_file_name) for text in texts]
    for variant in (*texts, *parts):
        assert writer_of(variant) == ATTEMPT
        assert whole_name(variant) == name
        assert is_part(variant) is (variant in parts)


@pytest.mark.parametrize("name", ["upload", "text-3", "password-pad", "locked-upload-key", "page", "export-pdf"])
def test_other_names_have_no_writer(name: str) -> None:
    assert writer_of(name) is None
    assert not is_part(name)


def test_parts_of_older_versions_are_parts() -> None:
    assert is_part(".tmp0abc.part")


def test_what_records_refer_to_is_in_use() -> None:
    job = replace(new_job_record(), revision=3)
    pages = [PageRecord(1, blob="page-1-a"), PageRecord(2)]
    exports = [ExportRecord("pdf", 3, 10, blob="export-pdf-b"), ExportRecord("docx", 3, 10)]
    used = names_in_use(job, pages, exports, has_password=False, keeps_uploads=False)
    assert used == {*UPLOADS, text_name(3), "page-1-a", "export-pdf-b"}
    assert "password-pad" in names_in_use(job, pages, exports, has_password=True, keeps_uploads=False)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_upload_of_an_ended_job_is_in_use_if_uploads_are_kept(keeps: bool) -> None:
    job = replace(new_job_record(), state=JobState.FAILED)
    assert ("upload" in names_in_use(job, (), (), has_password=False, keeps_uploads=keeps)) is keeps
