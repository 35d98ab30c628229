"""Makes a user's home as the window of version 0.1 leaves it when it is killed in the middle of its work."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
from PIL import Image, ImageDraw, ImageFont
from redis import Redis
from redis_snapshot import snapshot
from reference_files import make_files
from reference_server import LONG_PAGE_LIMIT_S, Checkout, eventually

HOME = "@HOME@"
"""Stands for the home folder in the files that name it."""
_SETTINGS = Path(__file__).with_name("reference_window_driver.py")
_WORK = Path(__file__).with_name("old_data_window.py")
_RUN_DIR = """
from ocrdesk.local.paths import default_data_dir, run_dir
print(run_dir(default_data_dir()))
"""
_LEFT_OUT = ("backend.log", "QtProject.conf", "*.part", "valkey")
"""Files to omit: the log, Qt's own settings, partly written files, and Valkey's files. Valkey's data is in redis.json,
because its expiries are points in time."""


def make_desktop_data(checkout: Checkout, out: Path) -> None:
    """Write home/ and redis.json: the settings, then a window that is killed."""
    home = checkout.home
    make_files(home / "inputs")
    (home / "scans").mkdir()
    for name, text in (("waiting", "This file waits"), ("paused", "This file is paused"), ("old", "An old file")):
        _drawn([text]).save(home / "scans" / f"{name}.png")
    _drawn(["Alpha meadow green", "Bravo river meadow"]).save(home / "scans" / "letter.png")
    (home / "scans" / "refused.png").write_bytes(b"no picture at all\n" * 40)
    first, *others = [_drawn([f"Chapter {number} of the manual"] * 9) for number in range(8)]
    first.save(home / "scans" / "manual.tiff", save_all=True, append_images=others, compression="tiff_adobe_deflate")
    _run(checkout, _SETTINGS, home / "inputs" / "born-digital.pdf", home)
    shutil.move(home / "scans" / "old.png", home / "watched" / "old.png")
    _kill_in_the_middle(checkout, out)
    _keep(home, out / "home")


def _drawn(lines: list[str]) -> Image.Image:
    image = Image.new("L", (900, 80 + 60 * len(lines)), 255)
    pen = ImageDraw.Draw(image)
    pen.multiline_text((40, 40), "\n".join(lines), fill=0, font=ImageFont.load_default(36), spacing=24)
    return image


def _run(checkout: Checkout, script: Path, *arguments: Path) -> None:
    with subprocess.Popen(_command(checkout, script, *arguments), env=_env(checkout), cwd=checkout.home) as process:
        if process.wait(300):
            raise RuntimeError(f"{script.name} ended with {process.returncode}")


def _command(checkout: Checkout, script: Path, *arguments: Path) -> list[str]:
    return [checkout.python, str(script), *map(str, arguments)]


def _env(checkout: Checkout) -> dict[str, str]:
    return checkout.env(OCR_TIMEOUT_PER_PAGE=LONG_PAGE_LIMIT_S)


def _kill_in_the_middle(checkout: Checkout, out: Path) -> None:
    """Let a window work until it reports the wanted state; then kill it and its local server immediately."""
    home = checkout.home
    ready = home / "ready"
    with subprocess.Popen(_command(checkout, _WORK, home), env=_env(checkout), cwd=home) as window:

        def is_ready() -> bool:
            if window.poll() is not None:
                raise RuntimeError(f"the window ended with {window.returncode}")
            return ready.exists()

        try:
            eventually(is_ready, "the window's work", 240)
            _save_redis(checkout, out)
            state = json.loads((home / ".local" / "share" / "ocrdesk" / "backend.json").read_text())
            server = psutil.Process(state["pid"])
            processes = [server, *server.children(recursive=True)]
        finally:
            window.send_signal(signal.SIGKILL)
    for process in processes:
        process.kill()


def _save_redis(checkout: Checkout, out: Path) -> None:
    found = subprocess.run(
        [checkout.python, "-c", _RUN_DIR], env=_env(checkout), cwd=checkout.home, capture_output=True, check=True
    )
    socket = Path(found.stdout.decode().strip()) / "valkey.sock"
    out.mkdir(parents=True, exist_ok=True)
    with Redis(unix_socket_path=str(socket)) as redis:
        (out / "redis.json").write_text(snapshot(redis), encoding="utf-8")


def _keep(home: Path, out: Path) -> None:
    """Copy the user's files, with a placeholder for the home folder."""
    for folder in (".config", ".local", "scans", "watched"):
        shutil.copytree(home / folder, out / folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for file in (file for file in out.rglob("*") if file.suffix in (".ini", ".json", ".jsonl")):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(str(home), HOME), encoding="utf-8")
