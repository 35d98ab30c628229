"""Any picture as 8-bit grey on white, which is what the engines read best."""

from __future__ import annotations

from PIL import Image

_WHITE = 255


def to_grey(image: Image.Image) -> Image.Image:
    """The image in mode "L". What is transparent becomes white paper."""
    if image.mode == "L" and "transparency" not in image.info:
        return image
    if image.mode in ("PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode in ("LA", "RGBA"):
        paper = Image.new("L", image.size, _WHITE)
        paper.paste(image.convert("L"), mask=image.getchannel("A"))
        return paper
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("I", "F"):
        return _stretched(image)
    if image.mode == "LAB":
        return image.getchannel("L")
    return image.convert("L")


def _stretched(image: Image.Image) -> Image.Image:
    """32-bit values have no agreed white: the brightest becomes it, the darkest black."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one band: two numbers
    scale = _WHITE / (high - low) if high > low else 1.0
    return image.point(lambda value: value * scale - low * scale).convert("L")
