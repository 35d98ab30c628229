"""Prints, adds and removes this machine's languages."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ocrdesk.contract.languages import is_language_name, system_packages
from ocrdesk.local.languages.installed import (
    MIRROR_VARIABLE,
    Language,
    LanguageError,
    Languages,
    Origin,
    wait_until_seen,
)
from ocrdesk.local.languages.mirror import (
    Index,
    InvalidMirrorError,
    Mirror,
    MirrorError,
    MirrorUnavailableError,
    OnProgress,
    make_index,
)
from ocrdesk.local.languages.names import english_name
from ocrdesk.local.languages.traineddata import SUFFIX

_ORIGINS = {
    Origin.ADDED: "added with `ocrdesk languages add`",
    Origin.OWN: "your own folder",
    Origin.BUNDLED: "included in ocrdesk",
    Origin.SYSTEM: "the system",
}


class UsageError(Exception):
    """An argument or a setting is invalid."""


def mirror_url(option: str | None) -> str | None:
    """Return the mirror of the command line, else of the environment."""
    return (option or os.environ.get(MIRROR_VARIABLE, "")).strip() or None


# ── list ─────────────────────────────────────────────────────────────────────────────────────────


def print_installed(languages: Languages, mirror: str | None, *, as_json: bool) -> None:
    """Print installed and available languages to stdout; without a mirror, print to stderr how to add more."""
    installed = languages.installed()
    index = _index_or_warning(mirror)
    names = {language.name for language in installed}
    to_add = [pack for pack in index.packs if pack.name not in names] if index else []
    if as_json:
        for language in installed:
            _out(json.dumps(_fields(language.name, language.size) | _origin_fields(language)))
        for pack in to_add:
            _out(json.dumps(_fields(pack.name, pack.size) | {"installed": False}))
        return
    rows = [(one.name, one.english, _megabytes(one.size), _ORIGINS[one.origin], str(one.file)) for one in installed]
    rows += [(pack.name, english_name(pack.name), _megabytes(pack.size), "can be added", "") for pack in to_add]
    widths = [max(len(row[column]) for row in rows) if rows else 0 for column in range(5)]
    for row in rows:
        name, english, size, origin, file = row
        _out(f"{name:{widths[0]}}  {english:{widths[1]}}  {size:>{widths[2]}}  {origin:{widths[3]}}  {file}".rstrip())
    if to_add:
        _to_stderr("Add more with: ocrdesk languages add NAME")
    elif not index:
        _to_stderr(how_to_add_more())


def how_to_add_more(names: Sequence[str] = ()) -> str:
    """Return how to add languages without a mirror."""
    wanted = list(names) or ["fra"]
    joined = " ".join(wanted)
    files = " ".join(f"{name}{SUFFIX}" for name in wanted)
    return (
        f"{'' if names else 'To add more languages, for example French: '}"
        f"apt-get install {system_packages(wanted)}; or ocrdesk languages add {files} with your own files; or, "
        f"with a mirror ({MIRROR_VARIABLE} or --mirror URL), ocrdesk languages add {joined}"
    )


def _index_or_warning(mirror: str | None) -> Index | None:
    if mirror is None:
        return None
    try:
        with Mirror(mirror) as opened:
            return opened.index()
    except InvalidMirrorError as error:
        raise UsageError(str(error)) from None
    except MirrorError as error:
        _to_stderr(f"ocrdesk: {error}")
        return None


def _fields(name: str, size: int) -> dict[str, object]:
    return {"name": name, "english": english_name(name), "size": size}


def _origin_fields(language: Language) -> dict[str, object]:
    return {"installed": True, "origin": language.origin.value, "file": str(language.file)}


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


# ── add, remove, index ───────────────────────────────────────────────────────────────────────────


def add(languages: Languages, data_dir: Path, wanted: Sequence[str], mirror: str | None, *, force: bool) -> int:
    """Add the languages and return how many failed. Raises UsageError, MirrorUnavailableError."""
    languages.on_wait = lambda: _to_stderr(
        f"Another ocrdesk is adding languages to {languages.folder}. Waiting for it."
    )
    files = [item for item in wanted if _is_file(item)]
    names = [item for item in dict.fromkeys(wanted) if not _is_file(item)]
    if bad := [name for name in names if not is_language_name(name)]:
        raise UsageError(f"{', '.join(bad)}: not a language name such as fra or deu_latf, nor a file NAME{SUFFIX}")
    if names and mirror is None:
        raise UsageError(
            f"No language mirror is set, so {', '.join(names)} cannot be downloaded. Instead: {how_to_add_more(names)}"
        )
    there = {language.name: language for language in languages.installed()}
    added: set[str] = set()
    failed = sum(not _add_file(languages, Path(item), added, force=force) for item in files)
    try:
        if mirror is not None and names:
            names = [name for name in names if force or not _is_reported_installed(there.get(name))]
            failed += _add_from_mirror(languages, mirror, names, added, force=force) if names else 0
    finally:
        if added and not wait_until_seen(data_dir, added):
            _to_stderr("The running local server has not loaded it yet. If it does not do so soon, restart it.")
    return failed


def _is_reported_installed(language: Language | None) -> bool:
    if language is None or language.origin is Origin.ADDED:  # the mirror may have a newer version
        return False
    _to_stderr(
        f"{language.name} ({language.english}) is already installed: {_ORIGINS[language.origin]}, {language.file}. "
        "Use --force to install the mirror's version."
    )
    return True


def _add_file(languages: Languages, path: Path, added: set[str], *, force: bool) -> bool:
    name = path.name.removesuffix(SUFFIX)
    try:
        is_new = languages.add_file(path, force=force)
    except LanguageError as error:
        _to_stderr(f"ocrdesk: {error}")
        return False
    added.add(name)
    _report_added(name, is_new=is_new)
    return True


def _add_from_mirror(languages: Languages, mirror: str, names: Sequence[str], added: set[str], *, force: bool) -> int:
    failed = 0
    try:
        opened = Mirror(mirror)
    except InvalidMirrorError as error:
        raise UsageError(str(error)) from None
    with opened:
        packs = {pack.name: pack for pack in opened.index().packs}
        for name in names:
            if name not in packs:
                has = ", ".join(sorted(packs)) or "nothing"
                _to_stderr(f"ocrdesk: The language mirror {opened.shown} does not have {name}; it has {has}.")
                failed += 1
                continue
            try:
                with _progress(name) as on_progress:
                    is_new = languages.add_from(opened, packs[name], on_progress, force=force)
            except MirrorUnavailableError as error:
                raise MirrorUnavailableError(f"{error} Run the command again to resume.") from None
            except (LanguageError, MirrorError) as error:
                _to_stderr(f"ocrdesk: {error}")
                failed += 1
            else:
                added.add(name)
                _report_added(name, is_new=is_new)
    return failed


def remove(languages: Languages, names: Sequence[str]) -> int:
    """Remove the languages and return how many failed."""
    failed = 0
    for name in dict.fromkeys(names):
        try:
            languages.remove(name)
        except LanguageError as error:
            _to_stderr(f"ocrdesk: {error}")
            failed += 1
        else:
            _to_stderr(f"{name} ({english_name(name)}) was removed.")
    return failed


def index(folder: Path) -> int:
    """Turn a folder into a mirror and return how many of its files are excluded. Raises UsageError."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    try:
        made, excluded = make_index(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be indexed: {error.strerror}") from None
    for file, why in excluded.items():
        _to_stderr(f"ocrdesk: {folder / file} is excluded: {why}")
    names = ", ".join(pack.name for pack in made.packs) or "none"
    _to_stderr(f"{len(made.packs)} languages in {folder / 'index.json'}: {names}")
    _to_stderr("Serve this folder with any web server and use its address as the language mirror.")
    return len(excluded)


def _is_file(item: str) -> bool:
    return item.endswith(SUFFIX) or os.sep in item


def _report_added(name: str, *, is_new: bool) -> None:
    _to_stderr(
        f"{name} ({english_name(name)}) {'was added' if is_new else 'is already installed'}. Use it with -l {name}"
    )


@contextmanager
def _progress(name: str) -> Iterator[OnProgress]:
    """Show a progress bar on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(f"{name} ({english_name(name)})", total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")


def _to_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")
