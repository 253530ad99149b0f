"""Whom an upper room knows of that nobody looks in on: counted with those who are watched over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from carenet.agencies.actors import Actor


@dataclass(frozen=True, slots=True)
class PeopleWithoutWatch:
    """People of an upper room that the actor may count; each row has a `resident`.

    `unwatched` are those on whom nobody looks in yet, `refused` those who do not want it.
    """

    unwatched: Callable[[Actor], QuerySet[Any]]
    refused: Callable[[Actor], QuerySet[Any]]


#: Each room adds its own in `hooks.register()`.
people_without_watch: list[PeopleWithoutWatch] = []
