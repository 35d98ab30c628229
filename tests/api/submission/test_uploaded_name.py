"""The name of an uploaded file, as clients of every kind send it."""

from __future__ import annotations

import pytest
from python_multipart.multipart import parse_options_header

from ocrdesk_api.submission.uploaded_name import uploaded_name
from tests.api.conftest import Api
from tests.helpers.sample_files import text_png


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (b'filename="scan.png"', "scan.png"),
        (b"filename=scan.png", "scan.png"),
        ('filename="Ünï 文書.png"'.encode(), "Ünï 文書.png"),
        (b'filename="caf\xe9.png"', "caf\ufffd.png"),
        (b'filename="a\x01\x7f\xc2\x85b.png"', "a b.png"),
        (b'filename="..\\..\\etc/passwd"', "passwd"),
        (b'filename=""', "file"),
        (b'filename="/"', "file"),
        (b"", "file"),
        (b'filename="6%22 pipe%0D%0A.png"', '6" pipe .png'),
        (b'filename="50%25.png"', "50%25.png"),
        (b"filename=\"cafe.png\"; filename*=UTF-8''caf%C3%A9.png", "café.png"),
        (b"filename*=utf-8'en'caf%C3%A9.png; filename=\"cafe.png\"", "café.png"),
        (b"filename*=UTF-8''caf%E9.png", "caf\ufffd.png"),
        (b"filename*=ISO-8859-1''caf%E9.png", "café.png"),
        (b"filename*=UTF-8''..%2Fa%00b%0A.png", "a b .png"),
        (b"filename=\"a; filename*=UTF-8''b.png\"", "a; filename*=UTF-8''b.png"),
        ('filename="in\u200bvoice\u202e\u00adfdp.exe"'.encode(), "invoice fdp.exe"),
        ('filename="\u200b\u3164\u200f"'.encode(), "file"),
        (b"filename*=UTF-8''a%E2%80%AEgnp.png", "a gnp.png"),
        (b'filename="' + b"n" * 300 + b'.png"', "n" * 196 + ".png"),
    ],
)
def test_it_is_valid_text_on_one_line(parameters: bytes, name: str) -> None:
    header = b'form-data; name="file"; ' + parameters
    plain = parse_options_header(header)[1].get(b"filename", b"")
    assert uploaded_name(header, plain) == name
    assert name.encode().decode().isprintable()


@pytest.mark.parametrize("raw", [b"caf\xe9.png", b"\xff\xfe\xfd", b"a\x00\x1b[31m.png", "\u202egnp.exe".encode()])
def test_an_upload_of_any_name_is_read_and_returned(api: Api, raw: bytes) -> None:
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="' + raw + b'"\r\n\r\n'
    answer = api.http.post(
        "/ocr/submit",
        content=head + text_png("Hello") + b"\r\n--edge--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=edge"},
    )
    job_id = answer.json()["job_id"]
    assert api.result(job_id)["text"] == "Hello\n"
    assert api.http.get(f"/ocr/jobs/{job_id}/document").json()["file_name"].isprintable()
    for form in ("text", "json", "hocr", "alto"):
        saved = api.http.get(f"/ocr/jobs/{job_id}/file", params={"format": form})
        assert saved.status_code == 200
        assert saved.headers["content-disposition"].isprintable()
    assert api.http.get("/ocr/jobs", params={"name": ".png"}).status_code == 200
