"""Prometheus, where it is installed, and the metrics and labels that queries use."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import promql_parser
import pytest
import yaml

from tests.helpers import plain_http
from tests.helpers.processes import clean_env, end, free_port
from tests.helpers.wait import wait_until
from tests.packaging.repository import PACKAGING, ROOT

MONITORING = PACKAGING / "monitoring"
ALERTS = MONITORING / "alerts.yaml"
UNPACKED = ROOT / "build" / "prometheus"
"""Where packaging/monitoring/get_prometheus.sh puts the programs."""
LABELS_OF_PROMETHEUS = {"instance", "job", "le"}
"""What Prometheus adds to every series, and the label of buckets."""


def program(name: str) -> str:
    """Return the path of prometheus or promtool; skip the test without it."""
    found = shutil.which(name) or shutil.which(name, path=str(UNPACKED))
    if found is None:
        pytest.skip(f"{name} is not installed: sh packaging/monitoring/get_prometheus.sh")
    return found


def alert_rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panel_queries() -> dict[str, str]:
    """Return the queries of the dashboard by panel and letter, with a fixed range in place of Grafana's."""
    panels = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]
    return {
        f"{panel['id']} {panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "1m")
        for panel in panels
        for target in panel.get("targets", ())
    }


@dataclass(slots=True)
class Used:
    """What a query uses: its selectors, and the labels that it groups, matches or shows by."""

    selectors: list[promql_parser.VectorSelector] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)


def used_by(query: str) -> Used:
    """Parse a query. Raises ValueError for one that Prometheus could not read."""
    used = Used()
    _collect(promql_parser.parse(query), used)
    return used


def _collect(expression: Any, used: Used) -> None:
    match expression:
        case promql_parser.VectorSelector():
            used.selectors.append(expression)
            used.labels |= {matcher.name for matcher in expression.matchers.matchers}
        case promql_parser.MatrixSelector():
            _collect(expression.vector_selector, used)
        case promql_parser.AggregateExpr():
            if expression.modifier is not None:
                used.labels |= set(expression.modifier.labels)
            _collect(expression.expr, used)
        case promql_parser.BinaryExpr():
            if expression.modifier is not None and expression.modifier.matching is not None:
                used.labels |= {*expression.modifier.matching.labels, *expression.modifier.group_labels}
            _collect(expression.lhs, used)
            _collect(expression.rhs, used)
        case promql_parser.Call():
            for argument in expression.args:
                _collect(argument, used)
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr():
            _collect(expression.expr, used)
        case promql_parser.NumberLiteral() | promql_parser.StringLiteral():
            pass
        case _:
            raise TypeError(f"this test does not know {type(expression).__name__}")


def selects(selector: promql_parser.VectorSelector, labels: dict[str, str]) -> bool:
    """Return whether a selector's matchers accept these labels."""
    return all(_accepts(matcher, labels.get(matcher.name, "")) for matcher in selector.matchers.matchers)


def _accepts(matcher: Any, value: str) -> bool:
    kind = str(matcher.op).rpartition(".")[2]
    if kind in ("Equal", "NotEqual"):
        return (matcher.value == value) is (kind == "Equal")
    return bool(re.fullmatch(matcher.value, value)) is (kind == "Re")


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A running Prometheus."""

    http: httpx2.Client

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the series of an instant query."""
        answer = self.http.post("/api/v1/query", data={"query": expression}).json()
        assert answer["status"] == "success", answer
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found

    def get(self, path: str) -> Any:
        return self.http.get(f"/api/v1/{path}").json()["data"]


def _is_ready(process: subprocess.Popen[bytes], http: httpx2.Client) -> bool:
    assert process.poll() is None, f"Prometheus ended with exit code {process.returncode}"
    with contextlib.suppress(httpx2.TransportError):
        return http.get("/-/ready").status_code == 200
    return False


@contextlib.contextmanager
def running_prometheus(folder: Path, target: str, token: str) -> Iterator[Prometheus]:
    """Run Prometheus with the example configuration and the alerts, twice a second, against one api."""
    configuration = (MONITORING / "prometheus.yml").read_text("utf-8")
    for there, here in (("127.0.0.1:8000", target), ("_interval: 15s", "_interval: 500ms")):
        assert there in configuration
        configuration = configuration.replace(there, here)
    folder.mkdir()
    (folder / "prometheus.yml").write_text(configuration)
    (folder / "metrics_token").write_text(token)
    shutil.copy(ALERTS, folder)
    port = free_port()
    command = [program("prometheus"), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--web.listen-address=127.0.0.1:{port}"], env=clean_env(), stdout=log, stderr=log
        )
    try:
        with plain_http.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            wait_until(lambda: _is_ready(process, http), "Prometheus", timeout_s=60)
            yield Prometheus(http)
    finally:
        end(process, 20)
