"""Who and what the tables of addresses ask with and for."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from tests.access.personas import Persona


@dataclass(frozen=True)
class Target:
    """An object as addresses name it, and the version that `If-Match` takes."""

    ids: dict[str, UUID]
    version: int = 1


@dataclass
class Scene:
    """Who and what there is."""

    agencies: dict[str, Agency]
    actors: dict[str, Actor]
    personas: list[Persona]
    targets: dict[str, Target] = field(default_factory=dict)
    client: tuple[str, str] = ("", "")
    token: str = ""

    def actor(self, name: str) -> Actor:
        return self.actors[name]

    def user(self, name: str) -> User:
        user = self.actors[name].user
        assert user
        return user

    def persona(self, name: str) -> Persona:
        return next(each for each in self.personas if str(each) == name)

    def agency_id(self, persona: Persona) -> UUID | None:
        found = self.agencies.get(persona.agency)
        return found.pk if found else None

    def id_of(self, target: str) -> str:
        return str(self.targets[target].ids["id"])
