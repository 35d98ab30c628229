"""Says which documented commands `tests/test_doc_commands.py` does not run itself, and why."""

from __future__ import annotations

_BACKUP = ("tests/upgrade/test_backup.py", "follows the guide in a folder that takes the system's place")
_UPGRADE = ("tests/upgrade/test_upgrade_guide.py", "follows the guide in a folder that takes the system's place")
_RUN = ("tests/packaging/test_run.py", "runs it in a copy of the checkout")
_CLIENTS = ("tests/e2e/test_generated_clients.py", "runs this generator where it can be installed")
_COMPOSE = ("tests/packaging/test_compose.py", "runs the services as processes; there is no container engine")
_INSTALLS = (
    "tests/packaging/test_real_installs.py",
    "installs the built wheel in this way (only with check.sh --long)",
)
_OVERLAYS = ("tests/packaging/test_kubernetes.py", "renders it with the real program; there is no cluster")
_UNITS = ("tests/packaging/test_systemd_units.py", "checks and runs the units; systemd itself does not run here")
_PROXIES = ("tests/packaging/test_proxies.py", "runs the example with the real proxy where it is installed")
_BUMP = ("tests/packaging/test_bump_version.py", "changes the version in a copy of the checkout")
_PLUGIN = ("tests/e2e/test_engine_plugin.py", "installs the engine of the page and reads with it")

_BUCKET = (
    "tests/backend/storage/cloud/test_object_store.py",
    "gives the printed rule to a server, with Amazon's own client",
)
_SCALING = ("tests/bench/test_bench.py", "runs it with few pages (only with check.sh --long)")
_CHAOS = ("tests/chaos/test_chaos.py", "runs it with check.sh --long; every check.sh runs the command itself")

_REPLAY = ("tests/bench/redis_replay/test_replay.py", "runs the command with fewer workers")
_CLAIMANTS = ("tests/backend/ledger/behaviour/test_many_claimants.py", "does the same with fewer workers and pages")

ELSEWHERE: dict[str, tuple[str, str]] = {
    "ocrdesk --install-completion": (
        "tests/packaging/test_man_pages.py",
        "lets bash complete; the command itself asks which shell it was typed in",
    ),
    "sh packaging/run.sh": _RUN,
    "python -m tests.chaos --seed 7 --jobs 200": _CHAOS,
    "python -m tests.chaos.rerun": _CHAOS,
    "python -m ocrdesk.backend.storage.cloud.lifecycle >rule.json": _BUCKET,
    "aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration file://rule.json": _BUCKET,
    "python -m tests.bench.storage_requests": ("tests/bench/test_bench.py", "runs it (only with check.sh --long)"),
    "python -m tests.bench.scaling_workers": _SCALING,
    "python -m tests.bench.scaling_workers --corpus DIR --rounds 3": _SCALING,
    "python -m tests.bench.scaling_workers [--corpus DIR] [--pages N] [--rounds N] [--engine NAME]": _SCALING,
    "python -m tests.hosts --seed 7": ("tests/hosts/test_hosts.py", "runs it in its short form"),
    "python -m tests.hosts.cut_primary": ("tests/hosts/test_cut_primary.py", "runs it with `check.sh --long`"),
    "python -m tests.upgrade.rolling": ("tests/upgrade/test_upgrade_under_load.py", "runs it in its short form"),
    "python -m tests.bench.claimants": _CLAIMANTS,
    "python -m tests.bench.replicas": ("tests/bench/test_bench.py", "runs it with fewer transactions"),
    "python -m tests.bench.redis_replay": _REPLAY,
    "python -m tests.bench.redis_replay check": _REPLAY,
    "python -m tests.bench.redis_replay load --letters --pages 6 --rates 12,58,116 --seconds 10": _REPLAY,
    "python -m tests.bench.redis_replay load --letters --pages 6 --rates 20,30,40,50,60 --valkey-share 0.2": _REPLAY,
    "python -m tests.bench.redis_replay load --letters --pages 6 --rates 50 --valkey-share 0.2": _REPLAY,
    "python -m tests.bench.redis_replay load --letters --pages 6 --rates 100 --valkey-share 0.2 --shards 2": _REPLAY,
    "python -m tests.bench.redis_replay idle": _REPLAY,
    "python -m tests.bench.redis_replay reaper": _REPLAY,
    "python -m tests.bench.capacity --pages-per-day 1e6 --peak 10 --page-cpu-s 0.79 --api-ms 11.1 --valkey-ms 4.11 "
    "--kb-in 26.1 --kb-out 17.3 --kb-kept 2.4 --kb-per-worker 16 --kb-result 13 --core-hour 0.04 --gb-hour 0.005 "
    "--gb-month 0.02": ("tests/bench/test_capacity.py", "runs it, and compares what it prints with the page"),
    "python -m tests.bench.sandbox": ("tests/bench/test_bench.py", "runs it (only with check.sh --long)"),
    "python -m tests.chaos.overload": ("tests/chaos/test_overload.py", "runs it in its short form"),
    "python -m tests.chaos.soak": ("tests/chaos/test_soak.py", "runs it in its short form"),
    "sh packaging/run.sh packaging/sample.png": _RUN,
    "ACL SETUSER ocrdesk on '>PASSWORD' ~ocrdesk:* ~rq:* ~{ocrdesk}:* '&*rq:*' +@all -@admin -@dangerous +info": (
        "tests/e2e/test_redis_rights.py",
        "works with these rights",
    ),
    "ACL SETUSER ocrdesk on '>OTHER' -@all +auth +hello +ping +client|setname +client|setinfo +sentinel|masters": (
        "tests/backend/redis_servers/test_primary.py",
        "finds the primary with these rights",
    ),
    "sh packaging/audit.sh": (
        "tests/packaging/test_audit.py",
        "runs its licence report; its list of vulnerabilities needs an index",
    ),
    "python -m tests.fuzz upload --seconds 600": (
        "tests/fuzz/test_targets.py",
        "runs all targets with fewer bytes, and this command with the bytes of a file",
    ),
    "sh packaging/docs.sh": ("tests/packaging/test_docs_site.py", "builds the site where its tools are installed"),
    "python packaging/bump_version.py 0.2.0": _BUMP,
    "python packaging/bump_version.py 0.3.0": _BUMP,
    "python packaging/bump_version.py --release": _BUMP,
    "python packaging/release_check.py": (
        "tests/packaging/test_release_check.py",
        "expects the reasons against a release",
    ),
    "pipx run openapi-python-client generate --url http://localhost:8000/openapi.json": _CLIENTS,
    "npx openapi-typescript http://localhost:8000/openapi.json -o api.ts": _CLIENTS,
    "pip install ./inkblot": _PLUGIN,
    "ocrdesk ocr --engine inkblot page.png": _PLUGIN,
    "pipx install '.[all]'": _INSTALLS,
    "uv tool install '.[all]'": _INSTALLS,
    "pip install '.[all]'": _INSTALLS,
    "pip install '.[server]'": _INSTALLS,
    "pip install .": _INSTALLS,
    "podman compose up --build -d": _COMPOSE,
    "podman compose up -d --scale worker=4": _COMPOSE,
    "kubectl apply -k packaging/kubernetes/overlays/trial": _OVERLAYS,
    "kubectl apply -k packaging/kubernetes/overlays/keda": _OVERLAYS,
    "helm install ocrdesk packaging/kubernetes/chart -n ocrdesk -f values.yaml": _OVERLAYS,
    "mkdir -p /srv/backup": _BACKUP,
    'redis-cli -u "$(cat /etc/ocrdesk/credentials/redis_url)" --rdb /srv/backup/redis.rdb': _BACKUP,
    "cp -a /var/lib/ocrdesk/files /srv/backup/": _BACKUP,
    "cp -a /etc/ocrdesk /srv/backup/": _BACKUP,
    "systemctl stop ocrdesk-worker ocrdesk-api.socket ocrdesk-api valkey-server": _BACKUP,
    "rm -rf /var/lib/valkey/appendonlydir": _BACKUP,
    "mkdir -p /var/lib/valkey/appendonlydir /var/lib/ocrdesk": _BACKUP,
    "cp /srv/backup/redis.rdb /var/lib/valkey/appendonlydir/appendonly.aof.1.base.rdb": _BACKUP,
    'echo "file appendonly.aof.1.base.rdb seq 1 type b" '
    ">/var/lib/valkey/appendonlydir/appendonly.aof.manifest": _BACKUP,
    "chown -R valkey:valkey /var/lib/valkey": _BACKUP,
    "cp -a /srv/backup/files /var/lib/ocrdesk/": _BACKUP,
    "cp -a /srv/backup/ocrdesk /etc/": _BACKUP,
    "systemctl start valkey-server ocrdesk-api.socket ocrdesk-worker": _BACKUP,
    "systemctl stop ocrdesk-worker ocrdesk-api": _UPGRADE,
    "systemctl start ocrdesk-api ocrdesk-worker": _UPGRADE,
    "apt-get install ./ocrdesk_NEW_amd64.deb": _UPGRADE,
    "apt-get install --allow-downgrades ./ocrdesk_OLD_amd64.deb": _UPGRADE,
    "systemctl daemon-reload": _UNITS,
    "systemctl enable --now ocrdesk-api.socket ocrdesk-worker": _UNITS,
    "systemctl restart ocrdesk-worker": _UNITS,
    "systemctl enable --now ocrdesk-worker": _UNITS,
    "systemctl disable --now ocrdesk-worker": _UNITS,
    "cp packaging/systemd/ocrdesk-worker.service /etc/systemd/system/": _UNITS,
    "REDIS_URL_FILE=/etc/ocrdesk/credentials/redis_url ocrdesk doctor": (
        "tests/cli/test_doctor.py",
        "lets it count the workers at a Redis",
    ),
    "systemd-analyze security --offline=true UNIT": _UNITS,
    "ocrdesk api --fd 3": ("tests/packaging/test_systemd_units.py", "gives the api a socket that listens already"),
    "man ocrdesk-api": ("tests/packaging/test_man_pages.py", "makes the pages and renders them"),
    "man ocrdesk-worker": ("tests/packaging/test_man_pages.py", "makes the pages and renders them"),
    "nginx -t": _PROXIES,
    "caddy validate": _PROXIES,
    "export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318": ("tests/e2e/test_traces.py", "sets it and gets traces"),
    "ocrdesk --region": (
        "tests/desktop/window/test_input_sources.py",
        "starts the selection in the window, as a second start does",
    ),
}
"""Commands that another test runs: the test, and what it does."""

_WHOLE_SUITE = "runs all tests, so this one too"
_ROOTS = "needs root and a package mirror, and makes whole systems; run it before a release"
_ENGINE = "needs a container engine and a registry; packaging/container/prove.sh runs the steps of the image"
_BUNDLE = "needs a package index and minutes; packaging/bundle/prove.sh tries the program folder in a minimal root"
_PUBLISHES = "publishes a release"
_SYSTEM = "installs into this system, as root"
_NO_SYSTEMD = "needs a system that systemd runs"
_CLUSTER = "needs a Kubernetes cluster"

_CLOUD = "needs an account at the provider, and its own program"

NOT_RUN: dict[str, str] = {
    "sh packaging/test.sh": _WHOLE_SUITE,
    "sh packaging/check.sh": _WHOLE_SUITE,
    "sh packaging/check.sh --fast": _WHOLE_SUITE,
    "sh packaging/check.sh --long": _WHOLE_SUITE,
    "pytest tests/backend": "is a part of the run that this test belongs to",
    "sh packaging/prove_roots.sh": _ROOTS,
    "gcloud storage buckets update gs://BUCKET --lifecycle-file=rule.json": _CLOUD,
    "az storage account management-policy create --account-name NAME -g GROUP --policy @rule.json": _CLOUD,
    "sh packaging/pin.sh": "asks a package index for the newest versions",
    "sh packaging/deb/build.sh": _ROOTS,
    "sh packaging/deb/prove.sh dist/ocrdesk_*.deb /var/tmp/ocrdesk-deb": _ROOTS,
    "sh packaging/bundle/prove.sh dist/ocrdesk /var/tmp/ocrdesk-bundle": _ROOTS,
    "bash packaging/container/prove.sh": _ROOTS,
    "sh packaging/bundle/build.sh": _BUNDLE,
    "dist/ocrdesk/ocrdesk doctor": _BUNDLE,
    "dist/ocrdesk/ocrdesk ocr packaging/sample.png": _BUNDLE,
    "sh packaging/bundle/appimage.sh dist/ocrdesk": "needs appimagetool, which no package here has",
    "git tag -a v0.2.0 -m 'ocrdesk 0.2.0'": _PUBLISHES,
    "git push origin main v0.2.0": _PUBLISHES,
    "python -m twine upload": _PUBLISHES,
    "sudo apt-get install ./dist/ocrdesk_*.deb": f"{_SYSTEM}; packaging/deb/prove.sh does it in a minimal root",
    "buildah build --format docker -t ocrdesk .": _ENGINE,
    "docker build -f Containerfile": _ENGINE,
    "podman run -d --name ocrdesk -p 127.0.0.1:8000:8000 -v ocrdesk:/data --read-only --tmpfs /tmp ocrdesk": _ENGINE,
    "apt-get install valkey-server redis-tools": _SYSTEM,
    "apt-get install tesseract-ocr-fra": _SYSTEM,
    "apt-get install dbus xvfb xdotool x11-xserver-utils gnome-keyring xfce4-panel dunst weston sway wtype "
    "wl-clipboard desktop-file-utils libglib2.0-bin": _SYSTEM,
    "/opt/ocrdesk/bin/python -m pip install 'FILE.whl[server]'": "installs from a package index",
    "pip install '.[otel]'": "installs from a package index; tests/e2e/test_traces.py uses what it installs",
    "scp 'ADMIN@FIRST:/etc/ocrdesk/ocrdesk.env' /etc/ocrdesk/": "needs two machines",
    "journalctl -u ocrdesk-api -u ocrdesk-worker -o cat": _NO_SYSTEMD,
    "systemctl edit ocrdesk-api.socket": _NO_SYSTEMD,
    "python tests/desktop/take_screenshots.py": "takes every screenshot, which needs minutes",
    "kubectl create namespace ocrdesk": _CLUSTER,
    "kubectl -n ocrdesk create secret generic ocrdesk --from-file=redis_url --from-file=api_keys "
    "--from-file=metrics_token": _CLUSTER,
    "kubectl -n ocrdesk port-forward service/ocrdesk-api 8000": _CLUSTER,
    "KUBERNETES_CRDS=crds pytest tests/packaging/test_kubernetes.py": "needs definitions of other versions",
    "sh packaging/get_azurite.sh": "needs a package registry; .ci/run does it before all tests",
    "sh packaging/monitoring/get_prometheus.sh": "needs a package mirror; .ci/run does it before all tests",
    "ocrdesk ocr -f": "is half a command: the page is about the list of formats in its help",
}
"""Commands that no test runs, and the reason."""
