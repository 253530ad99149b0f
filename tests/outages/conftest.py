"""One installation for all tests that break it and mend it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.outages.installation import Installation, installation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def service(
    django_db_setup: None,  # noqa: ARG001 - its schema is copied
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("service")
    with installation(str(connection.settings_dict["NAME"]), folder) as made:
        yield made
