"""Engines in stored records: any engine's name is readable, and pools of an older version do not report reasons."""

from __future__ import annotations

import json

from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import NodeInfo
from ocrdesk.contract.jobs import JobOptions

INFO = NodeInfo("node", 2, ("tesseract", "inkblot"), ("eng",), "0.1.0", (("rapid", "It is not installed."),))


def test_a_report_is_read_as_it_was_written() -> None:
    assert codec.node_from(codec.node_text(INFO)) == INFO


def test_the_report_of_an_older_version_is_read() -> None:
    fields = json.loads(codec.node_text(INFO))
    del fields["unusable_engines"]
    assert codec.node_from(json.dumps(fields)).unusable_engines == ()


def test_the_report_keeps_the_fields_that_an_older_version_reads() -> None:
    fields = json.loads(codec.node_text(INFO))
    assert fields["engines"] == ["tesseract", "inkblot"]
    assert {"node", "workers", "engines", "languages", "version"} <= set(fields)


def test_options_with_an_engine_of_another_package_are_read() -> None:
    assert JobOptions.model_validate_json('{"languages":["eng"],"engine":"inkblot"}').engine == "inkblot"
