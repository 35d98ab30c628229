"""What can be submitted: paths, bytes, file objects and pipes, with every option, and with a webhook."""

from __future__ import annotations

import pytest

from ocrdesk.client import Client, InvalidRequestError
from ocrdesk.contract.jobs import EngineName, JobOptions, RecognitionMode
from tests.helpers.sample_files import multipage_tiff, text_png

PICTURE = text_png("Hello world")


def test_every_option_arrives(client: Client) -> None:
    options = JobOptions(
        languages=("deu", "eng"), engine=EngineName.TESSERACT_CLI, pages="2-", mode=RecognitionMode.FORCE
    )
    answer = client.submit_file(multipage_tiff(["Eins", "Zwei", "Drei"]), options, name="drei.tif")
    assert answer.position >= 1
    assert answer.estimated_seconds > 0
    assert answer.webhook_secret is None
    assert client.job(answer.job_id).options == options
    assert [page.number for page in client.pages(answer.job_id)] == [2, 3]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (JobOptions(languages=("tlh",)), "unknown_language"),
        (JobOptions(pages="3-1"), "invalid_pages"),
    ],
)
def test_an_option_that_cannot_be_had_is_rejected(client: Client, options: JobOptions, code: str) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        client.submit(PICTURE, options, name="a.png")
    assert raised.value.code == code


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "schlüssel", "two\nlines"])
def test_an_idempotency_key_that_no_header_can_hold_is_refused_here(client: Client, key: str) -> None:
    with pytest.raises(ValueError, match="idempotency_key"):
        client.submit(PICTURE, name="a.png", idempotency_key=key)
