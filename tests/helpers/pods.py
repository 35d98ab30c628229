"""Containers of Kubernetes manifests, run as processes: their commands, variables, secrets and probes."""

from __future__ import annotations

import contextlib
import math
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import yaml

from tests.helpers import plain_http
from tests.helpers.processes import OCRDESK, clean_env
from tests.helpers.wait import wait_until
from tests.packaging.repository import PACKAGING

KUBERNETES = PACKAGING / "kubernetes"
SECRETS = "/run/secrets/ocrdesk"

Manifest = dict[str, Any]


def manifests(text: str) -> list[Manifest]:
    """Return the objects of a file."""
    return [found for found in yaml.safe_load_all(text) if found]


def base() -> list[Manifest]:
    """Return the objects of the kustomize base's files."""
    files = sorted((KUBERNETES / "base").glob("*.yaml"))
    return [one for file in files for one in manifests(file.read_text("utf-8")) if one["kind"] != "Kustomization"]


def settings_of_base() -> dict[str, str]:
    """Return the variables of the ConfigMap that the base generates."""
    kustomization = yaml.safe_load((KUBERNETES / "base" / "kustomization.yaml").read_text("utf-8"))
    (generator,) = kustomization["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in generator["literals"])


def deployment(objects: list[Manifest], component: str) -> Manifest:
    (found,) = [
        one
        for one in objects
        if one["kind"] == "Deployment" and one["metadata"]["labels"]["app.kubernetes.io/component"] == component
    ]
    return found


@dataclass(slots=True)
class Pod:
    """The one container of a deployment's pods, with a folder in place of its secrets and its data."""

    deployment: Manifest
    folder: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def spec(self) -> Manifest:
        spec: Manifest = self.deployment["spec"]["template"]["spec"]
        return spec

    @property
    def container(self) -> Manifest:
        (container,) = self.spec["containers"]
        return container  # type: ignore[no-any-return]

    @property
    def env(self) -> dict[str, str]:
        named = {one["name"]: one["value"].replace(SECRETS, str(self.secrets)) for one in self.container["env"]}
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        return clean_env(**self.settings, **named, HOME=str(data), OCRDESK_DATA_DIR=str(data))

    @property
    def secrets(self) -> Path:
        """The keys of the Secret that the pod mounts, and no others."""
        (volume,) = [volume for volume in self.spec["volumes"] if volume["name"] == "secrets"]
        mounted = self.folder / f"mounted-{self.container['name']}"
        mounted.mkdir(exist_ok=True)
        for item in volume["secret"]["items"]:
            (mounted / item["path"]).write_text((self.folder / "secrets" / item["key"]).read_text("utf-8"))
        return mounted

    @contextlib.contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run it; at the end it gets SIGTERM, and must have ended before Kubernetes would kill it."""
        here = {"0.0.0.0": "127.0.0.1", "8000": str(self.port)}
        arguments = [here.get(argument, argument) for argument in self.container["args"]]
        with (self.folder / f"{self.container['name']}.log").open("wb") as log:
            process = subprocess.Popen(
                [*OCRDESK, *arguments], env=self.env, cwd=self.folder / "data", stdout=log, stderr=log
            )
            try:
                yield process
            finally:
                process.terminate()
                if "API_DRAIN_S" in self.env:
                    self._see_it_drain(process)
                try:
                    code = process.wait(self.spec["terminationGracePeriodSeconds"])
                finally:
                    process.kill()
            assert code in (0, -signal.SIGTERM)

    def _see_it_drain(self, process: subprocess.Popen[bytes]) -> None:
        """An api that stops gets no new requests and answers those that come; a second SIGTERM ends that time."""
        wait_until(lambda: not self.succeeds("readinessProbe"), "an api that is not ready", timeout_s=10)
        assert self.succeeds("livenessProbe")
        process.terminate()

    def succeeds(self, probe: str) -> bool:
        """Run one of the container's probes once, as the kubelet does."""
        found = self.container[probe]
        timeout_s = found["timeoutSeconds"]
        if "exec" in found:
            program, *arguments = found["exec"]["command"]
            assert program == "ocrdesk"
            with contextlib.suppress(subprocess.TimeoutExpired):
                done = subprocess.run(
                    [*OCRDESK, *arguments], env=self.env, capture_output=True, check=False, timeout=timeout_s
                )
                return done.returncode == 0
            return False
        url = f"http://127.0.0.1:{self.port}{quote(found['httpGet']['path'])}"
        with contextlib.suppress(httpx2.TransportError):
            return 200 <= plain_http.get(url, timeout=timeout_s, trust_env=False).status_code < 400
        return False


def seconds_until_failed(probe: Manifest) -> int:
    """Return after how many seconds a probe has failed for good, at the latest."""
    return int(probe["failureThreshold"] * probe["periodSeconds"] + probe["timeoutSeconds"])


def megabytes(quantity: str) -> int:
    """Return a memory quantity, as 512Mi or 1Gi, in MiB."""
    factor = {"Mi": 1, "Gi": 1024}[quantity[-2:]]
    return math.floor(float(quantity[:-2]) * factor)
