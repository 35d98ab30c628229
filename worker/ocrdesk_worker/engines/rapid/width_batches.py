"""Batches of line images that differ little in width: a network takes as long for each as for the widest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_ALWAYS_SIMILAR = 8
"""Pixels: so small a difference in width does not count."""


def batches_by_width(widths: Sequence[int], similar: float, most_columns: int) -> Iterator[list[int]]:
    """Yield the numbers of images for each batch, from the narrowest to the widest; the last of a batch is its widest.

    In a batch, widths differ by no more than the factor `similar`, and all images have at most `most_columns` pixels of
    width together, unless it is a single image.
    """
    batch: list[int] = []
    for number in sorted(range(len(widths)), key=lambda number: widths[number]):
        if batch and (
            widths[number] > widths[batch[0]] * similar + _ALWAYS_SIMILAR
            or widths[number] * (len(batch) + 1) > most_columns
        ):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
