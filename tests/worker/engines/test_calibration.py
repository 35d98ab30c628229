"""Calibrated confidence."""

from __future__ import annotations

from ocrdesk_worker.engines.calibration import ALONE, CONFIRMED, interpolate


def test_confidences_are_shares_of_right_words() -> None:
    curve = ((0.0, 0.1), (0.5, 0.3), (1.0, 0.9))
    assert [round(interpolate(given, curve), 2) for given in (0.0, 0.25, 0.5, 0.75, 1.0)] == [0.1, 0.2, 0.3, 0.6, 0.9]
    for source in (*CONFIRMED.values(), *ALONE.values()):
        assert list(source) == sorted(source), "surer must never mean less likely"
        assert [share for _, share in source] == sorted(share for _, share in source)
        assert (source[0][0], source[-1][0]) == (0.0, 1.0)
