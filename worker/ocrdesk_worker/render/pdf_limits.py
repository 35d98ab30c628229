"""Refuses PDFs that are small on disk and huge when opened, before a renderer spends a minute on them.

It reads the file's bytes only: dictionaries of streams are always plain text in a PDF, also where its other objects are
compressed. Of a suspicious stream, it unpacks as much as is needed to know; it stops after a fixed amount of work.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ocrdesk_worker.errors import image_too_large, pdf_stream_too_large, pdf_too_many_objects

MAX_OBJECTS = 8_388_607
"""The highest object number of the PDF specification's limits."""
MAX_CONTENT_PARTS = 10_000
"""Streams that one page's content may be joined from."""
MAX_STREAM_BYTES = 256 << 20
"""Size of an unpacked stream that is no image."""
MAX_DENSE_STREAM_BYTES = 32 << 20
"""The same where a byte becomes more than _DENSE bytes, which only repetitions do."""
MAX_IMAGE_PIXELS = 3_000_000_000
MAX_IMAGE_BYTES = 800_000_000
"""Size of an unpacked image."""

_DENSE = 100
_MAX_DENSITY = 1032
"""What one byte of Flate data can become, at most."""
_SAMPLE_BYTES = 16 << 10
_STEP_BYTES = 1 << 20
_MAX_WORK_BYTES = 1 << 30
"""Unpacked bytes after which no more streams are looked into."""
_DICTIONARY_BYTES = 4096
_STREAM = re.compile(rb">>\s{0,8}stream\r?\n")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
_NUMBER = {name: re.compile(rb"/" + name + rb"\s+(\d{1,12})") for name in (b"Width", b"Height", b"BitsPerComponent")}
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_COMPONENTS = ((b"/DeviceCMYK", 4), (b"/DeviceRGB", 3))
_SIZE = re.compile(rb"/Size\s+(\d{1,12})")
_CONTENTS = re.compile(rb"/Contents\s*\[([^\]]*)\]")
_FLATE = (b"/FlateDecode", b"/Fl")


def check_pdf(path: Path) -> None:
    """Raise ProcessingError for a PDF with too many objects, or with streams or images that become too large.

    Damaged files pass: the renderers report them.
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        _check_counts(data)
        work = _Work(_MAX_WORK_BYTES)
        for stream in _streams(data):
            if _IMAGE.search(stream.dictionary):
                _check_image(stream.dictionary)
            elif b"/EmbeddedFile" not in stream.dictionary:  # attached files are not unpacked
                _check_size(data, stream, work)


@dataclass(frozen=True, slots=True)
class _Stream:
    dictionary: bytes
    start: int
    """Where its data begins."""


@dataclass(slots=True)
class _Work:
    left_bytes: int


def _streams(data: mmap.mmap) -> Iterator[_Stream]:
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - _DICTIONARY_BYTES) : found.start() + 2]
        yield _Stream(head[head.rfind(b"obj") + 3 :], found.end())


def _check_counts(data: mmap.mmap) -> None:
    for found in _SIZE.finditer(data):
        if int(found[1]) > MAX_OBJECTS:
            raise pdf_too_many_objects(int(found[1]), MAX_OBJECTS)
    for found in _CONTENTS.finditer(data):
        if (count := found[1].count(b"R")) > MAX_CONTENT_PARTS:
            raise pdf_too_many_objects(count, MAX_CONTENT_PARTS)


def _check_image(dictionary: bytes) -> None:
    width, height, bits = (int(found[1]) if (found := form.search(dictionary)) else 1 for form in _NUMBER.values())
    components = next((count for name, count in _COMPONENTS if name in dictionary), 1)
    if width * height > MAX_IMAGE_PIXELS or width * height * min(bits, 16) * components > 8 * MAX_IMAGE_BYTES:
        raise image_too_large(width, height, MAX_IMAGE_BYTES // components // 1_000_000)


def _check_size(data: mmap.mmap, stream: _Stream, work: _Work) -> None:
    depth = _flate_depth(stream.dictionary)
    end = data.find(b"endstream", stream.start)
    packed_bytes = (len(data) if end < 0 else end) - stream.start
    if depth == 0 or packed_bytes * _MAX_DENSITY**depth <= MAX_DENSE_STREAM_BYTES or work.left_bytes <= 0:
        return
    if depth == 1 and _sample_density(data[stream.start : stream.start + _SAMPLE_BYTES]) < _DENSE / 2:
        if packed_bytes > MAX_STREAM_BYTES:
            raise pdf_stream_too_large(MAX_STREAM_BYTES >> 20)
        return
    limit = min(MAX_STREAM_BYTES, max(MAX_DENSE_STREAM_BYTES, _DENSE * packed_bytes))
    unpacked_bytes = _unpacked_bytes(data, stream.start, packed_bytes, depth, limit)
    work.left_bytes -= unpacked_bytes
    if unpacked_bytes > limit:
        raise pdf_stream_too_large(limit >> 20)


def _flate_depth(dictionary: bytes) -> int:
    """Return how many Flate filters a stream begins with."""
    found = _FILTER.search(dictionary)
    names = re.findall(rb"/\w+", found[1]) if found else []
    return next((index for index, name in enumerate(names) if name not in _FLATE), len(names))


def _sample_density(sample: bytes) -> float:
    """Return what one byte becomes, by the beginning of the data; 0 where it cannot be unpacked."""
    unpack = zlib.decompressobj()
    try:
        unpacked = unpack.decompress(sample, len(sample) * _DENSE)
    except zlib.error:
        return 0.0
    used = len(sample) - len(unpack.unconsumed_tail)
    return len(unpacked) / max(1, used)


def _unpacked_bytes(data: mmap.mmap, start: int, packed_bytes: int, depth: int, limit: int) -> int:
    """Return the size of an unpacked stream, or a number above the limit."""
    pieces: Iterator[bytes] = (
        data[at : min(at + _STEP_BYTES, start + packed_bytes)] for at in range(start, start + packed_bytes, _STEP_BYTES)
    )
    for _ in range(depth):
        pieces = _unpacked(pieces)
    total = 0
    try:
        for piece in pieces:
            total += len(piece)
            if total > limit:
                break
    except zlib.error:  # damaged, or encrypted
        pass
    return total


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        while rest and not unpack.eof:
            yield unpack.decompress(rest, _STEP_BYTES)
            rest = unpack.unconsumed_tail
