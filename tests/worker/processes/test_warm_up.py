"""Task processes find loaded what their pages need; the small page that is read for it never stops a worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ocrdesk_worker.engines.languages.tessdata import TessData
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.processes.warm_up import warm_up
from tests.helpers.processes import clean_env


def loaded_after(step: str) -> list[str]:
    code = f"""
import sys
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.processes import pool
engines = Engines(collect())
{step}
print(*sorted({{"PIL.PngImagePlugin", "pypdfium2", "pikepdf", "pdf2image", "numpy"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    return done.stdout.split()


def test_pdfs_and_pillows_decoders_are_loaded_with_the_rest() -> None:
    assert loaded_after("engines.preload(('eng',))") == ["numpy"]
    assert loaded_after("pool.load_rest(engines)") == [
        "PIL.PngImagePlugin",
        "numpy",
        "pdf2image",
        "pikepdf",
        "pypdfium2",
    ]


def test_a_task_imports_nothing_that_the_pool_has_not_loaded() -> None:
    """Not even for a PDF that is read and made searchable, or each task process would load it again."""
    code = """
import io, sys, tempfile
from pathlib import Path
from ocrdesk.contract.jobs import DEFAULT_LANGUAGES
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.pdf_options import PDF_DEFAULTS
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.processes import pool
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_files import scan_pdf
engines = Engines(collect())
engines.preload(DEFAULT_LANGUAGES)
file = Path(tempfile.mkdtemp()) / "file.pdf"
file.write_bytes(scan_pdf(["A page"]))
pool.load_rest(engines)
before = set(sys.modules)
source = open_source(file, MediaType.PDF)
page = read_page(source, 1, lambda: engines.choose("auto", DEFAULT_LANGUAGES), engines.picker(("auto",)))
from ocrdesk_worker.render.locked_pdf import unlock
from ocrdesk_worker.render.pdf_features import read_features
from ocrdesk_worker.searchable_pdf.attached_files import append_attachments
from ocrdesk_worker.searchable_pdf.protection import save_pdf
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
read_features(file)
write_searchable_pdf(file, MediaType.PDF, iter([page]), file.with_suffix(".made"), options=PDF_DEFAULTS)
print(*(name for name in set(sys.modules) - before if name.startswith(("ocrdesk", "pikepdf.", "pypdfium2."))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), check=True)
    assert done.stdout.split() == []


def test_a_machine_without_languages_can_start(tmp_path: Path) -> None:
    warm_up(Engines(TessData(tmp_path)))
