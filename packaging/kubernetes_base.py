"""Write the kustomize base and the generated files of its overlays from the Helm chart, or check them (--check).

The chart is the source. Helm itself renders it (the package helm-python-sdk, which has no build for some machines);
without that nothing is written or checked, and a line says so.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from generated_file import write_or_check

PACKAGING = Path(__file__).resolve().parent
KUBERNETES = PACKAGING / "kubernetes"
CHART = KUBERNETES / "chart"
ALERTS = PACKAGING / "monitoring" / "alerts.yaml"
NAME = "ocrdesk"
"""Of the release and of the namespace."""
_SCRIPT = "kubernetes_base.py"
_HEAD = f"# Generated from ../{{}}chart by: python packaging/{_SCRIPT}\n"
_SETTINGS = "settings.yaml"
_LEFT_OUT = re.compile(
    r"^ +app\.kubernetes\.io/(managed-by|version): .*\n|^ +annotations:\n +checksum/settings: \w+\n"
    r"|(?<=image: ocrdesk):.*",
    flags=re.MULTILINE,
)
"""What is for Helm alone, and versions: an overlay names the image with its version."""
OVERLAYS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "keda": ({"keda": {"enabled": True}}, {"keda.yaml": "scaling.yaml"}),
    "trial": ({"valkey": {"enabled": True}}, {"valkey.yaml": "valkey.yaml"}),
}
"""For each overlay the values, and the templates that it has in addition to the base, with the names of their files."""


def helm() -> Any:
    """Return Helm as a library; None where it is not installed."""
    return importlib.import_module("helm_python") if importlib.util.find_spec("helm_python") else None


def rendered(values: dict[str, Any], namespace: str = NAME) -> dict[str, str]:
    """Return what Helm makes of the chart: the text of each template that is not empty, by its file name."""
    with helm().Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)
        found: dict[str, str] = chart.render(values, name=NAME, namespace=namespace)
    return {Path(name).name: text.strip() + "\n" for name, text in found.items() if text.strip()}


def generated() -> dict[Path, str]:
    """Return the text of every generated file."""
    default = rendered({})
    settings = yaml.safe_load(default.pop(_SETTINGS))
    del default["NOTES.txt"]
    found = {KUBERNETES / "base" / name: _HEAD.format("") + _plain(text) for name, text in default.items()}
    found[KUBERNETES / "base" / "kustomization.yaml"] = _kustomization(sorted(default), settings)
    for overlay, (values, names) in OVERLAYS.items():
        texts = rendered(values)
        for template, name in names.items():
            found[KUBERNETES / "overlays" / overlay / name] = _HEAD.format("../") + _plain(texts[template])
    found[CHART / "alerts.yaml"] = ALERTS.read_text("utf-8")
    return found


def _plain(text: str) -> str:
    """Return a rendered template as an overlay needs it."""
    return _LEFT_OUT.sub("", text).strip() + "\n"


def _kustomization(names: list[str], settings: dict[str, Any]) -> str:
    """Return the base's kustomization. It makes the settings, so that pods start again when an overlay changes them."""
    content = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": names,
        "configMapGenerator": [
            {
                "name": settings["metadata"]["name"],
                "literals": [f"{name}={value}" for name, value in settings["data"].items()],
            }
        ],
    }
    return _HEAD.format("") + yaml.safe_dump(content, sort_keys=False)


def main() -> int:
    if helm() is None:
        sys.stderr.write("The Kubernetes files were not looked at: helm-python-sdk is not installed.\n")
        return 0
    codes = []
    for file, text in generated().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        codes.append(write_or_check(file, text, _SCRIPT))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
