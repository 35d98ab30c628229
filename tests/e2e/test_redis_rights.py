"""A user of Redis who may touch ocrdesk's keys alone is enough; with fewer rights /health says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ocrdesk.client import Client, ServerUnavailableError
from ocrdesk.contract.states import JobState
from tests.helpers.processes import running_api_process, running_pool
from tests.helpers.redis_groups import Node
from tests.helpers.sample_files import multipage_tiff

PAGE = Path(__file__).resolve().parents[2] / "docs/operations/failover.md"


def _documented_rights() -> list[str]:
    """Return the rules of the command that docs/operations/failover.md shows."""
    found = re.search(r"ACL SETUSER ocrdesk on '>PASSWORD' (.+)", PAGE.read_text("utf-8"))
    assert found is not None
    return [rule.strip("'") for rule in found[1].split()]


def test_documented_rights_are_enough_and_none_is_missing_unnoticed(tmp_path: Path) -> None:
    with Node(tmp_path / "node", ["--save", ""]).running() as node:
        rights = _documented_rights()
        node.redis().execute_command("ACL", "SETUSER", "ocrdesk", "on", ">secret", *rights)
        env = {"REDIS_URL": f"redis://ocrdesk:secret@127.0.0.1:{node.port}/0"}
        with running_api_process(**env) as api, running_pool(**env), Client(api.url) as client:
            job_id = client.submit(multipage_tiff(["Ships and harbours"]), name="a.tiff")
            assert client.wait(job_id, 90).status is JobState.FINISHED
            client.delete(job_id)
            assert client.health().findings == ()
            assert node.redis().execute_command("ACL", "LOG") == []
            node.redis().execute_command("ACL", "SETUSER", "ocrdesk", "-info")
            with pytest.raises(ServerUnavailableError) as caught:
                client.health()
            assert caught.value.message_id == "redis_no_rights"
            node.redis().execute_command("ACL", "SETUSER", "ocrdesk", "+info")
