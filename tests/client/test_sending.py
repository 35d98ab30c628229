"""What can be sent: paths, bytes, file objects and pipes, with every option, and a webhook that hears of the end."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.client import Client, InvalidRequestError, NotFoundError
from ocrdesk.contract.jobs import EngineName, JobOptions, RecognitionMode
from ocrdesk.contract.webhooks import WebhookEvent, WebhookPayload, WebhookState
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import multipage_tiff, text_png
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver, signature_by_hand

PICTURE = text_png("Hello world")


def test_a_file_may_be_a_path_bytes_or_a_file_object(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "hello.png"
    path.write_bytes(PICTURE)
    stream = io.BytesIO(PICTURE)
    stream.seek(100)
    with path.open("rb") as opened:
        jobs = [
            client.submit(path),
            client.submit(str(path)),
            client.submit(PICTURE, name="hello.png"),
            client.submit(opened),
            client.submit(stream, name="hello.png"),
        ]
    assert [client.wait(job_id).text for job_id in jobs] == ["Hello world\n"] * 5
    assert {client.job(job_id).file_name for job_id in jobs} == {"hello.png"}


def test_a_pipe_is_sent_whole(client: Client) -> None:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as sink:
            sink.write(PICTURE)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    with os.fdopen(reading, "rb") as source:
        job_id = client.submit(source, name="piped.png")
    thread.join(10)
    assert client.wait(job_id).text == "Hello world\n"


def test_bytes_without_a_name_and_text_files_are_refused_here(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="need a name"):
        client.submit(PICTURE)
    with pytest.raises(ValueError, match="need a name"):
        client.submit(io.BytesIO(PICTURE))
    (tmp_path / "a.txt").write_text("text")
    with (tmp_path / "a.txt").open() as text, pytest.raises(ValueError, match="binary mode"):
        client.submit(text)  # type: ignore[arg-type]


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


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_webhook_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def hooking() -> Iterator[Backend]:
    """A backend that may call this machine."""
    with (
        short_folder() as folder,
        running_backend(folder / "data", workers=1, WEBHOOK_ALLOWED_HOSTS="127.0.0.1") as served,
    ):
        yield served


def test_a_webhook_hears_of_the_end_and_its_log_can_be_read(hooking: Backend, receiver: Receiver) -> None:
    with Client(hooking.url, hooking.token) as client:
        answer = client.submit_file(PICTURE, name="a.png", webhook_url=receiver.url())
        client.wait(answer.job_id)
        assert delivered(client, answer.job_id) == 1
        assert answer.webhook_secret is not None
        [request] = receiver.received
        assert request.headers["webhook-signature"] == signature_by_hand(answer.webhook_secret, request)
        payload = WebhookPayload.model_validate_json(request.body)
        assert (payload.type, payload.data.job_id) == (WebhookEvent.FINISHED, answer.job_id)
        client.redeliver(answer.job_id)
        assert delivered(client, answer.job_id, 2) == 2


def test_a_job_without_a_webhook_has_nothing_to_deliver(hooking: Backend) -> None:
    with Client(hooking.url, hooking.token) as client:
        job_id = client.submit(PICTURE, name="a.png")
        client.wait(job_id)
        assert client.webhook(job_id).state is WebhookState.NONE
        with pytest.raises(NotFoundError):
            client.redeliver(job_id)


def test_a_webhook_to_an_address_that_is_not_allowed_is_rejected(client: Client) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        client.submit(PICTURE, name="a.png", webhook_url="http://127.0.0.1:9/hook")
    assert raised.value.code == "invalid_webhook"


def delivered(client: Client, job_id: str, attempts: int = 1) -> int:
    """The attempts of the delivery, once there are as many and it is over."""

    def is_over() -> bool:
        log = client.webhook(job_id)
        return log.state is WebhookState.DELIVERED and len(log.attempts) >= attempts

    wait_until(is_over, "the delivery")
    return len(client.webhook(job_id).attempts)
