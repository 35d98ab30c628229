"""PDFs that become huge are refused before a renderer opens them, and ordinary ones pass."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render import open_file, pdf_limits
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.render.pdf_limits import check_pdf
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, scan_pdf, text_pdf, truncated_pdf
from tests.worker.conftest import Save

MB = 1 << 20
FLATE = b"/Filter/FlateDecode"


def packed(unit: bytes, size: int, times: int = 1) -> bytes:
    """Return `size` bytes of repetitions, deflated `times` times; without a check sum, which no reader gets to."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = pack.compress(unit * (MB // len(unit))) + pack.flush(zlib.Z_FULL_FLUSH)
    data = b"\x78\xda" + block * (size // MB)
    for _ in range(times - 1):
        data = zlib.compress(data, 1)
    return data


def with_stream(dictionary: bytes, data: bytes, page: bytes = b"/Contents 4 0 R") -> bytes:
    """Return a PDF of one page with a stream as its object 4."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]" + page + b">>",
        b"<<" + dictionary + b"/Length %d>>\nstream\n" % len(data) + data + b"\nendstream",
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def image(width: int, height: int, rest: bytes) -> bytes:
    return b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%s" % (width, height, rest)


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(with_stream(FLATE, packed(b"q ", 64 * MB)), id="operators"),
        pytest.param(with_stream(b"/Filter[/FlateDecode/FlateDecode]", packed(b" ", 64 * MB, 2)), id="packed twice"),
        pytest.param(with_stream(b"/Filter [ /Fl /Fl /Fl ]", packed(b" ", 64 * MB, 3)), id="packed three times"),
        pytest.param(with_stream(b"/Type/ObjStm/N 9/First 9" + FLATE, packed(b"0 ", 64 * MB)), id="objects"),
        pytest.param(with_stream(b"/Length1 9" + FLATE, packed(b"\0", 64 * MB)), id="font"),
    ],
)
def test_a_stream_of_repetitions_that_becomes_huge_is_refused(bomb: bytes, save: Save) -> None:
    with pytest.raises(ProcessingError) as raised:
        open_source(save(bomb), MediaType.PDF)
    assert raised.value.info.code is ErrorCode.CORRUPT_FILE
    assert raised.value.info.message_id == "pdf_stream_too_large"


def test_a_stream_is_unpacked_up_to_its_limit_only(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(with_stream(FLATE, packed(b" ", 512 * MB)))
    unpacked: list[int] = []
    whole = pdf_limits._unpacked_bytes
    monkeypatch.setattr(
        pdf_limits, "_unpacked_bytes", lambda *arguments: unpacked.append(whole(*arguments)) or unpacked[-1]
    )
    with pytest.raises(ProcessingError):
        check_pdf(path)
    assert unpacked
    assert max(unpacked) < 60 * MB


@pytest.mark.parametrize(
    "dictionary",
    [
        image(1_000_000_000, 1, b"/DeviceGray"),
        image(50_000, 50_000, b"/DeviceGray"),
        image(30_000, 30_000, b"/DeviceRGB"),
        image(60_000, 60_000, b"/DeviceGray/BitsPerComponent 1").replace(b"/BitsPerComponent 8", b""),
    ],
)
def test_an_image_of_too_many_pixels_is_refused(dictionary: bytes, save: Save) -> None:
    with pytest.raises(ProcessingError) as raised:
        check_pdf(save(with_stream(dictionary + FLATE, packed(b"\0", MB))))
    assert raised.value.info.code is ErrorCode.IMAGE_TOO_LARGE


def test_too_many_objects_and_parts_of_a_page_are_refused(save: Save) -> None:
    parts = b"/Contents[" + b"4 0 R " * 20_000 + b"]"
    many = with_stream(b"", b" ").replace(b"/Size 5", b"/Size 100000000")
    for bomb in (with_stream(b"", b" ", parts), many):
        with pytest.raises(ProcessingError) as raised:
            check_pdf(save(bomb))
        assert raised.value.info.message_id == "pdf_too_many_objects"


@pytest.mark.parametrize(
    "ordinary",
    [
        pytest.param(lambda: scan_pdf(["One", "Two"]), id="scan"),
        pytest.param(lambda: text_pdf(["One"]), id="text"),
        pytest.param(lambda: encrypted_pdf(["One"]), id="encrypted"),
        pytest.param(truncated_pdf, id="truncated"),
        pytest.param(lambda: b"", id="empty"),
        pytest.param(lambda: with_stream(FLATE, packed(b"0 0 m 600 700 l S ", 24 * MB)), id="a large drawing"),
        pytest.param(lambda: with_stream(FLATE, b"no Flate data" * 100_000), id="damaged"),
        pytest.param(
            lambda: with_stream(image(10_000, 14_000, b"/DeviceRGB") + FLATE, packed(b"\xff", 420 * MB)),
            id="a blank scan of A3 at 600 dpi",
        ),
        pytest.param(lambda: with_stream(b"/Type/EmbeddedFile" + FLATE, packed(b"0", 64 * MB)), id="an attached file"),
    ],
)
def test_ordinary_files_pass(ordinary: object, save: Save) -> None:
    assert callable(ordinary)
    check_pdf(save(ordinary()))


def test_files_of_the_corpus_pass(corpus: Path) -> None:
    files = [path for path in corpus.rglob("*.pdf") if path.parent.name != "hostile"]
    for path in files:
        check_pdf(path)
    assert files


def test_a_file_of_more_pages_than_any_server_reads_is_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_file, "MAX_FILE_PAGES", 2)
    open_source(save(multipage_tiff(["One", "Two"])), MediaType.TIFF).close()
    with pytest.raises(ProcessingError) as raised:
        open_source(save(multipage_tiff(["One", "Two", "Three"])), MediaType.TIFF)
    assert raised.value.info.code is ErrorCode.TOO_MANY_PAGES
    assert raised.value.info.message_id == "file_too_many_pages"
