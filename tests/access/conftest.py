"""A neighbourhood made once for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from carenet.staff import middleware
from tests.access.agencies import a_scene
from tests.access.scene import Scene


@pytest.fixture(scope="module")
def scene(for_one_file: None) -> Iterator[Scene]:  # noqa: ARG001 - ordering
    with pytest.MonkeyPatch.context() as patch:
        # What a request writes is undone, so that after a minute each would write its session anew.
        patch.setattr(middleware, "GRAIN_SECONDS", 3600)
        yield a_scene()
