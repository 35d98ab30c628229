"""python -m tests.fuzz TARGET [--seconds N]: feed one parser of the api with bytes that reach ever more of its code.

Atheris (the extra `fuzz`) chooses the bytes; without it, random mutations are used. Bytes that cause an exception are
written to a file, which `--replay FILE` runs again. Each finding becomes a test beside the module that it is about.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.mutations import mutations

if TYPE_CHECKING:
    from tests.fuzz.target import Target

_INSTRUMENTED = ["ocrdesk", "ocrdesk_api", "python_multipart"]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", help="the name of a target; an unknown one lists them")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what reached new code, for the next run")
    parser.add_argument("--replay", type=Path, help="run only the bytes of this file")
    chosen = parser.parse_args(arguments)
    has_atheris = importlib.util.find_spec("atheris") is not None and chosen.replay is None
    target = _loaded(chosen.target, instrumented=has_atheris)
    if chosen.replay is not None:
        print("accepted" if target.run(chosen.replay.read_bytes()) else "refused")
        return
    logging.disable(logging.WARNING)  # each refusal would be a line
    folder = chosen.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{target.name}-"))
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    if has_atheris:
        _run_atheris(target, folder, chosen.seconds)
    _run_mutations(target, folder, chosen.seconds)


def _loaded(name: str, *, instrumented: bool) -> Target:
    """Import the targets, with counters in the code under test if Atheris is to read them."""
    if instrumented:
        import atheris

        with atheris.instrument_imports(include=_INSTRUMENTED, enable_loader_override=False):
            from tests.fuzz.targets import TARGETS
    else:
        from tests.fuzz.targets import TARGETS
    if name not in TARGETS:
        sys.exit(f"There is no target {name}. Choose one of: {', '.join(TARGETS)}.")
    return TARGETS[name]


def _run_atheris(target: Target, corpus: Path, seconds: int) -> None:
    import atheris

    words = corpus.parent / f"{corpus.name}.dict"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    flags = (f"-max_total_time={seconds}", f"-dict={words}", f"-artifact_prefix={corpus}/finding-", "-timeout=60")
    atheris.Setup([sys.argv[0], str(corpus), *flags, "-print_final_stats=1"], lambda data: target.run(data) and None)
    atheris.Fuzz()  # ends the process


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _run_mutations(target: Target, folder: Path, seconds: int) -> None:
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        for data in mutations(target.seeds, target.words, 100, seed=count):
            count += 1
            try:
                target.run(data)
            except Exception:
                file = folder / f"finding-{hashlib.sha256(data).hexdigest()[:16]}"
                file.write_bytes(data)
                print(f"{target.name}: see {file}", file=sys.stderr)
                raise
    print(f"{target.name}: {count} mutations, nothing found")


if __name__ == "__main__":
    main()
