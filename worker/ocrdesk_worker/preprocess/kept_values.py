"""Keeps what was made of an image as long as the image is there: several steps of a page ask for the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import ref

from ocrdesk_worker.preprocess.pixels import Pixels

_Value = TypeVar("_Value")


class KeptValues(Generic[_Value]):
    """Values of images, which must not change, or of arrays. A value must not refer to what it was made of."""

    def __init__(self) -> None:
        self._values: dict[int, tuple[ref[Any], _Value]] = {}

    def get(self, owner: Any, make: Callable[[], _Value]) -> _Value:
        """Return the value of this very object, which is made if it is not known."""
        known = self._values.get(id(owner))
        if known is not None and known[0]() is owner:
            return known[1]
        value, number = make(), id(owner)
        self._values[number] = ref(owner, lambda _: self._values.pop(number, None)), value
        return value

    def of_array(self, array: Pixels, make: Callable[[], _Value]) -> _Value:
        """Do the same for an array; the value of one that may change is made each time."""
        return make() if array.flags.writeable else self.get(array, make)
