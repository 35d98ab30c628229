"""Uploads count while they last."""

from __future__ import annotations

import pytest

from ocrdesk.backend.limits.uploads import Uploads, UploadsAhead


def test_an_upload_sees_those_that_began_before_it_and_have_not_ended() -> None:
    uploads = Uploads()
    with uploads.begun("ann", 10) as first:
        with uploads.begun("bob", 20) as second, uploads.begun("ann", 30) as third:
            assert [first, second, third] == [UploadsAhead(), UploadsAhead(1, 0, 0), UploadsAhead(2, 1, 10)]
        with uploads.begun("ann", 40) as fourth:
            assert fourth == UploadsAhead(1, 1, 10)


def test_an_upload_that_breaks_off_counts_no_more() -> None:
    uploads = Uploads()
    with pytest.raises(ValueError, match="broken off"), uploads.begun("ann", 10):
        raise ValueError("broken off")
    with uploads.begun("ann", 10) as ahead:
        assert ahead == UploadsAhead()
