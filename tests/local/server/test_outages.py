"""What users are told about an outage of the local server's parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.contract.error_messages import TEMPLATES
from ocrdesk.local.server.outages import outage_message


@pytest.mark.parametrize("message_id", sorted(found for found in TEMPLATES if found.startswith("redis_")))
def test_an_outage_is_described_without_its_server_programs(message_id: str, tmp_path: Path) -> None:
    message = outage_message(message_id, tmp_path)
    assert message is not None
    assert str(tmp_path) in message.text
    assert not any(word in message.text for word in ("Redis", "Valkey", "operator"))


def test_a_full_disk_names_the_folder_on_it(tmp_path: Path) -> None:
    message = outage_message("storage_full", tmp_path)
    assert message is not None
    assert message.text.startswith(f"The local server cannot save its data in {tmp_path}")
    assert "Make room" in message.text


def test_other_messages_stay(tmp_path: Path) -> None:
    assert outage_message("shutting_down", tmp_path) is None
    assert outage_message(None, tmp_path) is None
