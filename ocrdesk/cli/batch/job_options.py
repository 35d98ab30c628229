"""Turns the command line's options of recognition into a job's options."""

from __future__ import annotations

from collections.abc import Collection

from ocrdesk.contract.engines import EngineName, engine_name_problem
from ocrdesk.contract.jobs import JobOptions, RecognitionMode
from ocrdesk.contract.languages import AUTO_LANGUAGE
from ocrdesk.contract.page_ranges import PageRanges


def parse_options(
    languages: str,
    engine: str,
    mode: str = RecognitionMode.AUTO,
    pages: str = "",
    *,
    engine_names: Collection[str] | None = None,
    attachments: bool = False,
) -> JobOptions:
    """Return the job options of the command line. Raises ValueError.

    `engine_names` are the known engines; None if only the server knows them.
    """
    names = tuple(part for part in languages.replace(",", "+").split("+") if part)
    if not names:
        raise ValueError("-l needs at least one language, for example eng, eng+deu or auto")
    if AUTO_LANGUAGE in names and len(set(names)) > 1:
        raise ValueError(f"-l {AUTO_LANGUAGE} cannot be combined with other languages: it detects them on each page")
    if engine_names is not None and engine not in engine_names:
        raise ValueError(f"unknown engine {engine!r}; engines are {', '.join(engine_names)}")
    if engine != EngineName.AUTO and (problem := engine_name_problem(engine)):
        raise ValueError(f"unknown engine {engine!r}. {problem}")
    if mode not in set(RecognitionMode):
        raise ValueError(f"unknown mode {mode!r}; modes are {', '.join(RecognitionMode)}")
    return JobOptions(
        languages=names,
        engine=engine,
        mode=RecognitionMode(mode),
        pages=str(PageRanges.parse(pages)),
        attachments=attachments,
    )
