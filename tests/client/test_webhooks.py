"""Webhooks through the SDK: delivery, its log, and delivering again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrdesk.client import Client, InvalidRequestError, NotFoundError
from ocrdesk.contract.webhooks import WebhookEvent, WebhookPayload, WebhookState
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver, signature_by_hand

PICTURE = text_png("Hello world")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_webhook_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def hooking() -> Iterator[Backend]:
    """A server that may call this machine."""
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
    """Return the attempts of the delivery, once there are that many and it has ended."""

    def is_over() -> bool:
        log = client.webhook(job_id)
        return log.state is WebhookState.DELIVERED and len(log.attempts) >= attempts

    wait_until(is_over, "the delivery")
    return len(client.webhook(job_id).attempts)
