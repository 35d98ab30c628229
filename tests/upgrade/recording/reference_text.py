"""Turns outputs into text that is the same on every run: unpacks DOCX and PDF, and replaces ids and times."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pikepdf

_PATTERNS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: ?UTC|Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b1[6-9]\d{11}-\d+\b"), "<stream id>"),
    (re.compile(r"\b1[6-9]\d{8}(?:\.\d+)?\b"), "<seconds>"),
    (re.compile(r"\b1[6-9]\d{11}(?:\.\d+)?\b"), "<milliseconds>"),
    (re.compile(r"\b(?P<host>[A-Za-z0-9_]+)-[0-9a-f]{8}-[0-9a-f]{6}\b"), "<worker>"),
    (re.compile(r"\bmsg_[0-9a-f]{24}\b"), "<message id>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:<port>"),
    (re.compile(r"\bwhsec_[A-Za-z0-9+/=]+"), "<secret>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"), "<digest>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])"), "<digest>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"), "<id>"),
)
_MEASURED = frozenset(
    ("codes_s", "duration_s", "estimated_seconds", "prepare_s", "recognise_s", "render_s", "seconds", "text_layer_s")
)
"""Names of fields whose numbers differ from run to run."""
_TEMPLATE_PARTS = re.compile(r"word/(?:styles\w*|settings|webSettings|fontTable|numbering|theme/.*)\.xml|customXml/.*")
"""Parts of a DOCX that hold no text: long, and the same for every document."""


def steady(text: str) -> str:
    """Return the text with ids, times and secrets replaced."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def steady_json(value: Any) -> Any:
    """Return parsed JSON with measured times replaced, and ids and times in its strings."""
    if isinstance(value, dict):
        return {
            steady(name): "<measured>" if _is_measured(name, found) else steady_json(found)
            for name, found in value.items()
        }
    if isinstance(value, list):
        return [steady_json(found) for found in value]
    return steady(value) if isinstance(value, str) else value


def _is_measured(name: str, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and name in _MEASURED


def lines_of_json(value: Any, depth: int = 0) -> str:
    """Return JSON with a line for each record, so that a change of one word changes only one line."""
    plain = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(plain) <= 160 or not value:
        return plain
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        parts = [f"{json.dumps(name, ensure_ascii=False)}: {lines_of_json(v, depth + 1)}" for name, v in value.items()]
        return "{\n" + ",\n".join(pad + part for part in parts) + "\n" + " " * depth + "}"
    return "[\n" + ",\n".join(pad + lines_of_json(v, depth + 1) for v in value) + "\n" + " " * depth + "]"


def json_text(data: bytes | str) -> str:
    return lines_of_json(steady_json(json.loads(data))) + "\n"


def xml_lines(text: str) -> str:
    """Return XML with a line for each element."""
    return re.sub(r">\s*<", ">\n<", text)


def docx_text(data: bytes) -> str:
    """Return all parts of a DOCX: those that depend on the document as text, the others as digests."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(archive.namelist()):
            content = archive.read(name)
            is_text = name.endswith((".xml", ".rels")) and not _TEMPLATE_PARTS.fullmatch(name)
            shown = steady(xml_lines(content.decode())) if is_text else f"{len(content)} bytes, {_digest(content)}"
            parts.append(f"==== {name}\n{shown}\n")
    return "".join(parts)


def pdf_text(data: bytes) -> str:
    """Return the content of a PDF: its text by pdftotext, each page's boxes, resources and content stream."""
    parts = [f"==== pdftotext -layout\n{_pdftotext(data)}"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        info = {str(name): steady(str(value)) for name, value in pdf.docinfo.items() if "Date" not in str(name)}
        parts.append(f"==== document\n{json.dumps(info, ensure_ascii=False)}\n")
        catalogue = sorted(str(name) for name in pdf.Root.keys())  # noqa: SIM118  # pikepdf iterates otherwise
        parts.append(f"{catalogue}\n")
        for number, page in enumerate(pdf.pages, 1):
            parts.append(f"==== page {number}\n{_page(page)}")
    return "".join(parts)


def _pdftotext(data: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.pdf"
        file.write_bytes(data)
        done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    return done.stdout.decode().replace("\f", "\n---- next page\n")


def _page(page: pikepdf.Page) -> str:
    lines = [f"MediaBox {[float(v) for v in page.mediabox]} Rotate {int(page.obj.get('/Rotate', 0))}"]
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    for kind in ("/Font", "/XObject"):
        for name, found in sorted(resources.get(kind, pikepdf.Dictionary()).items()):
            lines.append(f"{kind} {name} {_described(found)}")
    page.contents_coalesce()
    content = page.obj.Contents.read_bytes().decode("latin-1") if "/Contents" in page.obj else ""
    return "\n".join([*lines, "content:", content, ""])


def _described(found: Any) -> str:
    names = ("/Subtype", "/BaseFont", "/Encoding", "/Width", "/Height", "/BitsPerComponent", "/Filter")
    said = [f"{name}={found[name]}" for name in names if name in found and not isinstance(found[name], pikepdf.Stream)]
    if "/ToUnicode" in found:
        said.append(f"ToUnicode={_digest(found.ToUnicode.read_bytes())}")
    if isinstance(found, pikepdf.Stream):
        said.append(_digest(found.read_raw_bytes()))
    return " ".join(said)


def _digest(data: bytes) -> str:
    return "sha-256 " + hashlib.sha256(data).hexdigest()[:16]
