"""Stores the latest figures of the long commands in packaging/reliability.json, from which a page is generated."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "packaging" / "reliability.json"
_OF_A_RUN = (
    *("command", "version", "seed", "storage", "jobs", "accepted", "pages", "seconds", "drain_seconds"),
    *("taken_back_by_rollbacks", "skipped"),
)


def record(name: str, figures: dict[str, Any] | list[dict[str, Any]], file: Path = FILE) -> None:
    """Replace the figures of one command (`chaos`, `rerun`, `soak` or `overload`) and date them."""
    stored = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    stored[name] = {"date": datetime.now(UTC).date().isoformat(), "figures": figures}
    file.write_text(json.dumps(dict(sorted(stored.items())), indent=1) + "\n", encoding="utf-8")


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Add where a command's result is kept."""
    parser.add_argument("--out", type=Path, help="write the result here, as JSON")
    parser.add_argument("--record", action="store_true", help="keep the figures for docs/reliability.md")


def keep(name: str, result: dict[str, Any], given: argparse.Namespace) -> int:
    """Keep a measurement as the options say; return the command's exit code, 0 if the promise is kept."""
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if given.record:
        record(name, result)
    return int(not result["is_kept"])


def figures_of(result: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a chaos run: numbers, without the schedule and the violations themselves."""
    return {name: result[name] for name in _OF_A_RUN} | {
        "faults": sum(result["faults"].values()),
        "kinds_of_faults": len(result["faults"]),
        "server_errors": result["answers"].get("500", 0),
        "violations": len(result["violations"]),
    }
