"""Images as 8-bit grey on paper.

Engines read 8-bit grey best. For people to look at, an image keeps its own colours. Transparent areas become paper:
white, unless what is drawn on them is light.
"""

from __future__ import annotations

from PIL import Image, ImageCms

from ocrdesk_worker.preprocess.pixels import np

_WHITE = 255
_PAPERS = (_WHITE, 0, 128)
"""The tones that transparent areas may get, the usual one first."""
_VISIBLE = 64
"""A pixel is visible if its tone and the paper's differ by this much."""
_AS_GOOD = 0.95
"""A paper is as good as another if it shows this share of the pixels that the other shows."""
_OPAQUE = 128
_SAMPLE_SIDE = 1000
_MOSTLY_OPAQUE = 0.5
_FEW_DARK = 0.02
"""If an image is mostly opaque, and more of its opaque pixels than this are dark, it has a paper of its own."""


def to_grey(image: Image.Image) -> Image.Image:
    """Return the image in mode "L". Transparent areas become paper."""
    if image.mode == "L" and "transparency" not in image.info:
        return image
    if image.mode in ("PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode in ("LA", "RGBA"):
        paper = Image.new("L", image.size, _paper_tone(image))
        paper.paste(image.convert("L"), mask=image.getchannel("A"))
        return paper
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("I", "F"):
        return _stretched(image)
    if image.mode == "LAB":
        return image.getchannel("L")
    return image.convert("L")


def on_paper(image: Image.Image) -> Image.Image:
    """Return the image in its own colours without transparency: mode "1", "L", "P", "RGB", "CMYK" or "I;16"."""
    if "transparency" in image.info or image.mode in ("PA", "La", "RGBa"):
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode in ("LA", "RGBA"):
        opaque = "L" if image.mode == "LA" else "RGB"
        tone = _paper_tone(image)
        paper = Image.new(opaque, image.size, tone if opaque == "L" else (tone, tone, tone))
        paper.paste(image.convert(opaque), mask=image.getchannel("A"))
        return paper
    if image.mode in ("1", "L", "P", "RGB", "CMYK", "I;16"):
        return image
    if image.mode == "LAB":
        lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, lab, rgb, outputMode="RGB") or to_grey(image)
    if image.mode in ("YCbCr", "HSV", "RGBX"):
        return image.convert("RGB")
    return to_grey(image)


def _paper_tone(image: Image.Image) -> int:
    """Return the tone of paper on which most of an image of mode "LA" or "RGBA" is visible."""
    sample = image
    if max(image.size) > _SAMPLE_SIDE:
        size = min(image.width, _SAMPLE_SIDE), min(image.height, _SAMPLE_SIDE)
        sample = image.resize(size, Image.Resampling.NEAREST)
    opaque = np.asarray(sample.getchannel("A")) >= _OPAQUE
    tones = np.asarray(sample.convert("L"))[opaque].astype(np.int16)
    if not tones.size:
        return _WHITE
    if opaque.mean() > _MOSTLY_OPAQUE and (tones < _VISIBLE).mean() > _FEW_DARK:
        return _WHITE
    shown = [float((np.abs(tones - paper) >= _VISIBLE).mean()) for paper in _PAPERS]
    return next(paper for paper, share in zip(_PAPERS, shown, strict=True) if share >= _AS_GOOD * max(shown))


def _stretched(image: Image.Image) -> Image.Image:
    """Return an image of 32-bit values in grey: they have no agreed white, so the brightest becomes white."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one band: two numbers
    scale = _WHITE / (high - low) if high > low else 1.0
    return image.point(lambda value: value * scale - low * scale).convert("L")
