"""A neighbourhood made once for all tests of a file."""

from __future__ import annotations

import pytest

from tests.access.scene import Scene, a_scene


@pytest.fixture(scope="module")
def scene(for_one_file: None) -> Scene:  # noqa: ARG001 - ordering
    return a_scene()
