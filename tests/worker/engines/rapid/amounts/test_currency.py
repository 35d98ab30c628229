"""The rupee sign is restored where it is printed, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.rapid.amounts.currency import restore_rupee_signs
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.preprocess.pixels import Pixels

PAGE = np.full((400, 900), 255, np.uint8)
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def block(*rows: str, confidence: float = 0.5) -> Block:
    lines = []
    for number, row in enumerate(rows):
        words = [
            Word(
                text=text,
                box=Box(100 + 200 * place, 50 * number + 10, 220 + 200 * place, 50 * number + 40),
                confidence=confidence,
                source=Source.TESSERACT,
            )
            for place, text in enumerate(row.split(" "))
        ]
        lines.append(Line(box=Box.around([word.box for word in words]), words=tuple(words)))
    return Block(box=Box.around([line.box for line in lines]), lines=tuple(lines))


class Reader:
    """Returns these texts in turn, again and again: each sign and digit with its confidence."""

    def __init__(self, *texts: str, sure: float = 0.6) -> None:
        self.texts, self.sure, self.count = texts, sure, 0

    def __call__(self, parts: Sequence[Pixels], characters: frozenset[str]) -> list[list[Glyph]]:
        assert all(part.shape[0] > 0 < part.shape[1] for part in parts)
        read = []
        for _ in parts:
            text = self.texts[self.count % len(self.texts)]
            self.count += 1
            read.append(
                [
                    Glyph(letter, 1.0 if letter.isdigit() else self.sure, at / len(text), (at + 1) / len(text))
                    for at, letter in enumerate(text)
                ]
            )
        return read


def texts(blocks: Sequence[Block]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


def test_a_sign_that_was_omitted_or_misread_is_restored() -> None:
    read = Reader("₹450.00", "₹120.50", "₹570.50")
    blocks = restore_rupee_signs(PAGE, (block("Rice 450.00", "Tea ¥120.50", "Total 7570.50"),), read)
    assert texts(blocks) == ["Rice ₹450.00", "Tea ₹120.50", "Total ₹570.50"]
    word = blocks[0].lines[0].words[1]
    assert word.source == Source.RAPID
    assert 220 < word.box.left <= 300


def test_what_was_read_in_place_of_the_sign_goes() -> None:
    blocks = restore_rupee_signs(PAGE, (block("Rice = 450.00"),), Reader("₹450.00"))
    assert [word.text for word in blocks[0].lines[0].words][-1] == "₹450.00"


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("Rice 450.00", "450.00"),
        ("Rice 450.00", "₹451.00"),
        ("Rice 450.00", "₹50.00"),
        ("Rice 450.00", "4₹50.00"),
        ("Rice 450.00", "₹"),
        ("Rice 450.00", ""),
        ("Rice kilos", "₹450.00"),
    ],
)
def test_without_evidence_an_amount_stays(row: str, read: str) -> None:
    blocks = (block(row),)
    assert texts(restore_rupee_signs(PAGE, blocks, Reader(read))) == [row]


def test_a_faint_likeness_is_no_evidence() -> None:
    assert texts(restore_rupee_signs(PAGE, (block("Rice 450.00"),), Reader("₹450.00", sure=0.3))) == ["Rice 450.00"]


def test_amounts_that_are_certain_are_read_only_on_a_page_with_the_sign() -> None:
    read = Reader("₹450.00")
    certain = block("Rice 450.00", confidence=0.97)
    assert texts(restore_rupee_signs(PAGE, (certain,), read)) == ["Rice 450.00"]
    assert read.count == 0
    both = restore_rupee_signs(PAGE, (certain, block("Tea 450.00")), read)
    assert texts(both) == ["Rice ₹450.00", "Tea ₹450.00"]


@pytest.mark.skipif(not FONT.exists(), reason="the font DejaVu Sans is not installed")
@pytest.mark.parametrize(("sign", "restored"), [("₹", 2), ("$", 0), ("7", 0), ("R", 0), ("", 0)])
def test_printed_signs_are_read(sign: str, restored: int, engines: Engines) -> None:
    page = Image.new("L", (900, 420), 255)
    for number, amount in enumerate(("45.00", "120.50", "1165")):
        at = (60, 50 + number * 100)
        ImageDraw.Draw(page).text(at, f"Bread {sign}{amount}", 0, ImageFont.truetype(str(FONT), 32))
    blocks = engines.choose(EngineName.AUTO, ("eng",)).recognise(page, 0, ("eng",))
    found = "\n".join(texts(blocks))
    assert found.count("₹") >= restored
    assert restored or "₹" not in found
