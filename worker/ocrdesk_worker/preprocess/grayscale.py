"""Images as 8-bit grey on white.

Engines read 8-bit grey best. For people to look at, an image keeps its own colours.
"""

from __future__ import annotations

from PIL import Image, ImageCms

_WHITE = 255


def to_grey(image: Image.Image) -> Image.Image:
    """Return the image in mode "L". Transparent areas become white."""
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


def on_paper(image: Image.Image) -> Image.Image:
    """Return the image in its own colours without transparency: mode "1", "L", "P", "RGB", "CMYK" or "I;16"."""
    if "transparency" in image.info or image.mode in ("PA", "La", "RGBa"):
        image = image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode in ("LA", "RGBA"):
        opaque = "L" if image.mode == "LA" else "RGB"
        paper = Image.new(opaque, image.size, "white")
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


def _stretched(image: Image.Image) -> Image.Image:
    """Return an image of 32-bit values in grey: they have no agreed white, so the brightest becomes white."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one band: two numbers
    scale = _WHITE / (high - low) if high > low else 1.0
    return image.point(lambda value: value * scale - low * scale).convert("L")
