"""Decoders that are missing, and files that state more images than they have."""

from __future__ import annotations

import struct
import sys
import zlib

import pytest
from PIL import features

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render.image_file import ImageSource
from tests.helpers.marked_images import marked_image
from tests.helpers.sample_files import image_bytes, text_image
from tests.worker.conftest import Save


def test_without_its_decoder_a_photo_ends_in_an_error_that_says_what_to_install(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(ProcessingError, match=r"Install pi-heif again, or save the image as PNG or JPEG") as raised:
        ImageSource(save(b"any"), MediaType.HEIC)
    assert raised.value.info.code is ErrorCode.UNSUPPORTED_TYPE


def test_a_pillow_without_a_decoder_ends_in_an_error_that_says_so(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _feature: False)
    with pytest.raises(ProcessingError, match="This worker cannot read AVIF, because its package Pillow"):
        ImageSource(save(image_bytes(marked_image(), "AVIF")), MediaType.AVIF)


def test_only_the_pictures_that_a_file_has_are_pages(save: Save) -> None:
    content = image_bytes(text_image("One"), "PNG", save_all=True, append_images=[text_image("Two")])
    at = content.index(b"acTL")
    control = b"acTL" + struct.pack(">II", 2_000_000_000, 0)
    lying = content[:at] + control + struct.pack(">I", zlib.crc32(control)) + content[at + 16 :]
    assert ImageSource(save(lying), MediaType.PNG).page_count <= 3


def test_a_photo_with_a_second_picture_from_beside_it_is_one_page(save: Save) -> None:
    content = image_bytes(text_image("One"), "MPO", save_all=True, append_images=[text_image("Two")])
    assert ImageSource(save(content), MediaType.JPEG).page_count == 1
