"""The areas of ink in places of a page."""

from __future__ import annotations

from ocrdesk.contract.document import Box
from ocrdesk_worker.engines.signs.ink_areas import PlacesOfInk
from ocrdesk_worker.preprocess.pixels import np
from tests.helpers.drawn_lines import drawn_line


def test_places_that_are_prepared_together_have_the_areas_that_each_has_alone() -> None:
    image, blocks = drawn_line(("wide", ("widest",)), ("i", ("i",)), ("gpq", ("gpq",)), ("-", ("-",)))
    image = np.where(image < 128, image, np.uint8(200))  # each place has tones of its own
    image[:, image.shape[1] // 2 :] //= 2
    places = [word.box for word in blocks[0].lines[0].words]
    places += [Box(0, 0, 3, 3), Box(-9, -9, 0, 0), Box(0, 0, image.shape[1], 5000), Box(5, 2, 90, 30)]
    together = PlacesOfInk(image)
    together.prepare(places)
    alone = [PlacesOfInk(image).find(place) for place in places]
    assert [together.find(place) for place in places] == alone
    assert [len(areas) for areas in alone[1:4]] == [2, 3, 1]
    assert alone[4:7] == [[], [], []]
    assert all(areas == sorted(areas, key=lambda area: area.box) for areas in alone)
