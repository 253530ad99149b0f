"""One installation for all tests that break it and mend it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.outages.installation import Installation, installation


@pytest.fixture
def doomed(
    django_db_setup: None,  # noqa: ARG001 - its schema is copied
    tmp_path: Path,
) -> Iterator[Installation]:
    """One of its own, for a test that leaves nothing of it."""
    with installation(str(connection.settings_dict["NAME"]), tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def service(
    django_db_setup: None,  # noqa: ARG001 - its schema is copied
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("service")
    with installation(str(connection.settings_dict["NAME"]), folder) as made:
        yield made
