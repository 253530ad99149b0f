"""A neighbourhood made once for all tests of a file, and rolled back behind them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from tests.access.scene import Scene, a_scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo whatever happens meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def for_one_file(
    django_db_setup: None,  # noqa: ARG001 - ordering
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The database, in one transaction for all tests of a file that make no rows of their own."""
    with django_db_blocker.unblock(), rolled_back():
        yield


@pytest.fixture(scope="module")
def scene(for_one_file: None) -> Scene:  # noqa: ARG001 - ordering
    return a_scene()
