"""BCP 47 tags of languages, and the direction of texts."""

from __future__ import annotations

import re

import pytest

from ocrdesk.export.language_tags import _TAGS, language_tag


@pytest.mark.parametrize(
    ("languages", "tag"),
    [
        (("eng",), "en"),
        (("deu", "eng"), "de"),
        (("chi_sim",), "zh-Hans"),
        (("chi_tra_vert",), "zh-Hant"),
        (("frk",), "de-Latf"),
        (("srp_latn",), "sr-Latn"),
        (("ceb",), "ceb"),  # has no shorter tag
        (("script/Latin", "fra"), "fr"),
        (("Latin",), None),
        (("my_own_model",), None),
        (("osd",), None),
        (('x"<',), None),
        (("a_b", "c12"), None),
        ((), None),
    ],
)
def test_tags(languages: tuple[str, ...], tag: str | None) -> None:
    assert language_tag(languages) == tag


def test_every_tag_is_well_formed() -> None:
    assert all(re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", tag) for tag in _TAGS.values())
