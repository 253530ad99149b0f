from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch

if TYPE_CHECKING:
    from pytest_django import Settings

    from carenet.watchover.models import WatchAssignment


@pytest.fixture(autouse=True)
def quiet(settings: Settings) -> None:
    settings.REMINDER_CONSOLE = ""


@pytest.fixture
def who(db: None) -> Neighbourhood:  # noqa: ARG001
    return a_neighbourhood()


@pytest.fixture
def watch(who: Neighbourhood) -> WatchAssignment:
    """Every day from 9 to 12 with an hour of grace, since the morning of the 24th of November."""
    return a_watch(who)
