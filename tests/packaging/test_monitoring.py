"""Pods of the Kubernetes manifests as processes, and what Prometheus sees of them: dashboard, alerts, KEDA's triggers.

Where Prometheus is not installed, this test's own reading of the metrics takes its place for names and labels.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from ocrdesk.backend.redis_keys import NODES
from ocrdesk.local.server.valkey import find_program
from tests.helpers import plain_http, pods
from tests.helpers.pods import Pod, deployment
from tests.helpers.processes import clean_env, end, free_port
from tests.helpers.prometheus import (
    ALERTS,
    LABELS_OF_PROMETHEUS,
    MONITORING,
    Prometheus,
    alert_rules,
    panel_queries,
    program,
    running_prometheus,
    selects,
    used_by,
)
from tests.helpers.sample_files import damaged_on_page_2, text_png, truncated_pdf
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Answer, run_webhook_receiver
from tests.packaging.repository import PACKAGING, ROOT, run_sh

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Valkey runs on Linux and macOS")

RULES = {rule["alert"]: rule for rule in alert_rules()}
QUERIES = panel_queries()
RUNBOOK = ROOT / "docs" / "operations" / "monitoring.md"
NEVER_HERE = {"OcrdeskApiDown"}
"""Its query is about series that are absent."""


@dataclass(frozen=True, slots=True)
class Service:
    """The pods of the base, running: an api, a pool of workers, and a Valkey."""

    api: Pod
    worker: Pod
    redis: Any
    http: httpx2.Client
    token: str

    def metrics(self) -> str:
        return self.http.get("/metrics", headers={"Authorization": f"Bearer {self.token}"}).text

    def value(self, name: str) -> float:
        (found,) = [
            sample.value
            for family in text_string_to_metric_families(self.metrics())
            for sample in family.samples
            if sample.name == name
        ]
        return found

    def finished(self, data: bytes, **fields: str) -> str:
        """Submit a file and wait for its end; return the state."""
        answer = self.http.post("/ocr/submit", files={"file": ("file", data)}, data=fields)
        assert answer.status_code == 202, answer.text
        job = answer.json()["job_id"]

        def state() -> str:
            found: str = self.http.get(f"/ocr/result/{job}", params={"wait": 30}).json()["status"]
            return found if found in ("finished", "failed") else ""

        return wait_until(state, "the result", timeout_s=90)


@contextlib.contextmanager
def running_valkey(folder: Path, port: int) -> Iterator[Any]:
    """Run Valkey with the configuration that the secrets hold."""
    configuration = folder / "secrets" / "valkey.conf"
    configuration.write_text(configuration.read_text().replace("dir /data", f"dir {folder}"))
    command = [str(find_program()), str(configuration), "--port", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen(command, env=clean_env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    redis = Redis.from_url((folder / "secrets" / "redis_url").read_text().strip())

    def answers() -> bool:
        with contextlib.suppress(Exception):
            return bool(redis.ping())
        return False

    try:
        wait_until(answers, "Valkey")
        yield redis
    finally:
        end(process, 20)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The base's pods with secrets as the documented command makes them, ready by their own probes."""
    folder, valkey_port = tmp_path_factory.mktemp("pods"), free_port()
    made = run_sh(
        PACKAGING / "container" / "make_secrets.sh", str(folder / "secrets"), "127.0.0.1", cwd=ROOT, env=clean_env()
    )
    assert made.returncode == 0, made.stderr
    url = folder / "secrets" / "redis_url"
    url.write_text(url.read_text().replace(":6379/", f":{valkey_port}/"))
    objects = pods.base()
    settings = pods.settings_of_base() | {
        "STORAGE_URL": (folder / "files").as_uri(),
        "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        "WEBHOOK_RETRY_SCHEDULE": "0,1",
    }
    port = free_port()
    api, worker = (Pod(deployment(objects, name), folder, port, settings) for name in ("api", "worker"))
    key = (folder / "secrets" / "api_keys").read_text().strip()
    token = (folder / "secrets" / "metrics_token").read_text().strip()
    with contextlib.ExitStack() as stack:
        redis = stack.enter_context(running_valkey(folder, valkey_port))
        for pod in (api, worker):
            stack.enter_context(pod.running())
        wait_until(lambda: api.succeeds("startupProbe"), "the start of the api", timeout_s=90)
        base_url = f"http://127.0.0.1:{port}/api/v1"
        http = plain_http.Client(base_url=base_url, headers={"X-API-Key": key}, timeout=60, trust_env=False)
        found = Service(api, worker, redis, stack.enter_context(http), token)
        wait_until(lambda: redis.scard(NODES), "the workers' heartbeat", timeout_s=90)
        yield found


@pytest.fixture(scope="module")
def prometheus(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus | None]:
    """A Prometheus that sees the service before anything happened; None where it is not installed."""
    try:
        program("prometheus")
    except pytest.skip.Exception:
        yield None
        return
    folder = tmp_path_factory.mktemp("monitoring") / "prometheus"
    with running_prometheus(folder, f"127.0.0.1:{service.api.port}", service.token) as running:
        wait_until(lambda: running.query("ocrdesk_redis_up == 1"), "the first scrape", timeout_s=30)
        yield running


@pytest.fixture(scope="module")
def worked(service: Service, prometheus: Prometheus | None) -> Service:
    """The service after some work: good and bad files, webhooks, and an outage of Redis's memory."""
    with run_webhook_receiver() as receiver:
        receiver.answers[:] = [Answer(500), Answer(204)]
        for text in ("One", "Two"):
            assert service.finished(text_png(text), webhook_url=receiver.url()) == "finished"
            wait_until_scraped_again(prometheus)
        assert service.finished(damaged_on_page_2()) == "finished"
        assert service.finished(truncated_pdf()) == "failed"
        wait_until(lambda: len(receiver.received) >= 3, "the webhooks", timeout_s=60)
    assert service.http.get("/ocr/result/unknown").status_code == 404
    service.redis.config_set("maxmemory", 1)
    try:
        assert service.http.post("/ocr/submit", files={"file": ("a.png", text_png("No"))}).status_code == 503
    finally:
        service.redis.config_set("maxmemory", "768mb")
    wait_until_scraped_again(prometheus)
    return service


def wait_until_scraped_again(prometheus: Prometheus | None) -> None:
    if prometheus is None:
        return
    query = "timestamp(ocrdesk_redis_up) - ocrdesk_redis_up * 0"
    before = float(prometheus.query(query)[0]["value"][1])
    wait_until(lambda: float(prometheus.query(query)[0]["value"][1]) > before + 1, "two scrapes", timeout_s=30)


# ── pods ─────────────────────────────────────────────────────────────────────────────────────────


def test_probes_succeed(service: Service) -> None:
    assert all(service.api.succeeds(probe) for probe in ("startupProbe", "livenessProbe"))
    wait_until(lambda: service.api.succeeds("readinessProbe"), "a ready api", timeout_s=60)
    wait_until(lambda: service.worker.succeeds("readinessProbe"), "a ready pool", timeout_s=60)
    commands = {json.dumps(probe["exec"]) for name, probe in service.worker.container.items() if name.endswith("Probe")}
    assert len(commands) == 1


def test_the_api_needs_a_key(service: Service) -> None:
    assert plain_http.post(f"{service.http.base_url}ocr/submit", trust_env=False).status_code == 401
    assert plain_http.get(f"{service.http.base_url}metrics", trust_env=False).status_code == 401


def test_keda_finds_its_metrics_with_its_token(worked: Service) -> None:
    """As KEDA reads them: the path and the metric's name of the trigger, with the secret's token."""
    text = (pods.KUBERNETES / "overlays" / "keda" / "scaling.yaml").read_text("utf-8")
    login, scaled = pods.manifests(text)
    (reference,) = login["spec"]["secretTargetRef"]
    assert (reference["parameter"], reference["key"]) == ("token", "metrics_token")
    for trigger in scaled["spec"]["triggers"]:
        url = re.sub(r"//[^/]+", f"//127.0.0.1:{worked.api.port}", trigger["metadata"]["url"])
        host = {"Host": trigger["metadata"]["url"].split("/")[2], "Authorization": f"Bearer {worked.token}"}
        answer = plain_http.get(url, headers=host, trust_env=False)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/plain")
        gauge = f"# TYPE {trigger['metadata']['valueLocation']} gauge"
        assert gauge in answer.text.splitlines()
        assert worked.value(trigger["metadata"]["valueLocation"]) >= 0


# ── names and labels, with and without Prometheus ────────────────────────────────────────────────


def scraped(service: Service) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """Return the type of each metric, and the labels of its series."""
    families = list(text_string_to_metric_families(service.metrics()))
    series: dict[str, list[dict[str, str]]] = {}
    for sample in (sample for family in families for sample in family.samples):
        series.setdefault(sample.name, []).append(sample.labels)
    return {family.name: family.type for family in families}, series


def test_all_metrics_and_labels_of_the_alerts_and_the_dashboard_exist(worked: Service) -> None:
    _, series = scraped(worked)
    wrong = []
    for what, query in {**{name: rule["expr"] for name, rule in RULES.items()}, **QUERIES}.items():
        used = used_by(query)
        known = {label for one in used.selectors for labels in series.get(one.name, ()) for label in labels}
        wrong += [f"{what}: no label {label}" for label in used.labels - known - LABELS_OF_PROMETHEUS]
        wrong += [
            f"{what}: nothing is {one.prettify()}"
            for one in used.selectors
            if not any(selects(one, labels) for labels in series.get(one.name, ()))
        ]
    assert wrong == []


def test_counters_are_used_by_their_increase_and_gauges_are_not(worked: Service) -> None:
    types, _ = scraped(worked)
    for query in [*QUERIES.values(), *(rule["expr"] for rule in RULES.values())]:
        increases = set(re.findall(r"(?:rate|increase)\((\w+)", query))
        for selector in used_by(query).selectors:
            name = selector.name.removesuffix("_bucket") if selector.name.endswith("_bucket") else selector.name
            kind = types.get(name, types.get(name.removesuffix("_total")))
            assert kind in ("counter", "gauge", "histogram"), selector.name
            assert (selector.name in increases) is (kind != "gauge"), query


def test_a_wrong_name_or_label_would_be_noticed(worked: Service) -> None:
    _, series = scraped(worked)
    (good,) = used_by('ocrdesk_http_errors_total{code=~"queue_.*"}').selectors
    (bad,) = used_by('ocrdesk_http_errors_total{code="queue_ful"}').selectors
    assert any(selects(good, labels) for labels in series["ocrdesk_http_errors_total"])
    assert not any(selects(bad, labels) for labels in series["ocrdesk_http_errors_total"])
    with pytest.raises(ValueError, match="unclosed"):
        used_by("sum by (rate(a[5m])")


def test_metrics_of_the_whole_service_are_not_added_up() -> None:
    """Each api reports them, so a sum over apis counts them twice."""
    per_api = r"ocrdesk_http_\w+|ocrdesk_build_info|process_\w+"
    for query in [*QUERIES.values(), *(rule["expr"] for rule in RULES.values())]:
        for summed in re.findall(r"sum(?: by \([^)]*\))? \((?:rate|increase)?\(?(\w+)", query.replace("sum(", "sum (")):
            assert re.fullmatch(per_api, summed) or summed == "max", query


# ── with Prometheus ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def seen(worked: Service, prometheus: Prometheus | None) -> Prometheus:
    if prometheus is None:
        pytest.skip("prometheus is not installed: sh packaging/monitoring/get_prometheus.sh")
    return prometheus


def test_every_query_of_the_dashboard_returns_series(seen: Prometheus) -> None:
    assert {what: query for what, query in QUERIES.items() if not seen.query(query)} == {}


def test_what_the_service_did_is_in_the_dashboards_numbers(seen: Prometheus) -> None:
    (pages,) = [found for what, found in QUERIES.items() if " Pages " in what]
    states = {one["metric"]["state"] for one in seen.query(pages) if float(one["value"][1]) > 0}
    assert states >= {"finished", "failed"}
    seconds = [found for what, found in QUERIES.items() if " Seconds per page " in what]
    assert all(0 < float(seen.query(query)[0]["value"][1]) < 60 for query in seconds)


def test_prometheus_has_loaded_the_alerts_and_each_has_series_to_look_at(seen: Prometheus) -> None:
    loaded = {rule["name"]: rule for group in seen.get("rules")["groups"] for rule in group["rules"]}
    assert loaded.keys() == RULES.keys()
    assert {name for name, rule in loaded.items() if rule["health"] != "ok" or rule.get("lastError")} == set()
    for name in RULES.keys() - NEVER_HERE:
        for selector in used_by(RULES[name]["expr"]).selectors:
            assert seen.query(f"count({selector.prettify()})"), f"{name}: {selector.prettify()}"


def test_an_alert_begins_when_redis_goes_away_and_ends_when_it_is_back(seen: Prometheus, worked: Service) -> None:
    def states() -> set[str]:
        rules = [rule for group in seen.get("rules")["groups"] for rule in group["rules"]]
        return {rule["name"] for rule in rules if rule["state"] in ("pending", "firing")}

    assert "OcrdeskRedisRefusesWrites" not in states()
    worked.redis.config_set("maxmemory", 1)
    try:
        wait_until(lambda: "OcrdeskRedisRefusesWrites" in states(), "the alert", timeout_s=30)
    finally:
        worked.redis.config_set("maxmemory", "768mb")
    wait_until(lambda: "OcrdeskRedisRefusesWrites" not in states(), "the end of the alert", timeout_s=30)


def test_each_alert_fires_and_none_does_while_all_is_well() -> None:
    tests = yaml.safe_load((MONITORING / "alerts_test.yaml").read_text("utf-8"))["tests"]
    expected = [(one["alertname"], bool(one["exp_alerts"])) for test in tests for one in test["alert_rule_test"]]
    assert {name for name, fires in expected if fires} == RULES.keys()
    assert {name for name, fires in expected if not fires} == RULES.keys()
    done = subprocess.run(
        [program("promtool"), "test", "rules", "alerts_test.yaml"],
        cwd=MONITORING,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_the_files(tmp_path: Path) -> None:
    (tmp_path / "metrics_token").write_text("token")
    for name in ("prometheus.yml", "alerts.yaml"):
        (tmp_path / name).write_text((MONITORING / name).read_text("utf-8"))
    done = subprocess.run(
        [program("promtool"), "check", "config", tmp_path / "prometheus.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def test_every_alert_says_what_it_means_and_what_to_do() -> None:
    rows = dict(re.findall(r"^\| `(Ocrdesk\w+)` \| (.+\|.+) \|$", RUNBOOK.read_text("utf-8"), flags=re.MULTILINE))
    assert rows.keys() == RULES.keys()
    assert {rule["labels"]["severity"] for rule in RULES.values()} == {"critical", "warning"}
    assert all(rule["annotations"]["summary"] for rule in RULES.values())
    assert ALERTS.read_text("utf-8").count("- alert:") == len(RULES)


def test_the_dashboard_is_one_that_grafana_can_import() -> None:
    dashboard = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
    panels = dashboard["panels"]
    assert dashboard["uid"] == "ocrdesk"
    assert len({panel["id"] for panel in panels}) == len(panels)
    (source,) = dashboard["templating"]["list"]
    for panel in panels:
        at = panel["gridPos"]
        assert 0 <= at["x"] <= at["x"] + at["w"] <= 24
        for target in panel.get("targets", ()):
            assert target["datasource"] == {"type": "prometheus", "uid": f"${{{source['name']}}}"}
            shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert shown <= used_by(target["expr"].replace("$__rate_interval", "1m")).labels
    cells = [
        (panel["gridPos"]["x"] + dx, panel["gridPos"]["y"] + dy)
        for panel in panels
        for dx in range(panel["gridPos"]["w"])
        for dy in range(panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells)), "panels lie over each other"
