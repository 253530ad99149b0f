"""Many people at once, found again by what they share: for lists that are compared as a whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar

from carenet.residents.matching.score import LIKELY, Likeness, Traits, compare

if TYPE_CHECKING:
    from collections.abc import Iterator

Member = TypeVar("Member")


class Crowd(Generic[Member]):
    """People by their keys; whoever shares none of them is too unlike to be probably the same."""

    def __init__(self) -> None:
        self._traits: dict[Member, Traits] = {}
        self._sharing: dict[tuple[str, object], list[Member]] = defaultdict(list)

    def add(self, member: Member, traits: Traits) -> None:
        """Let somebody join."""
        self._traits[member] = traits
        for key in _keys(traits):
            self._sharing[key].append(member)

    def likely(self, traits: Traits) -> list[tuple[Member, Likeness]]:
        """Return who is probably the one described, the likeliest first."""
        near = {member for key in _keys(traits) for member in self._sharing.get(key, ())}
        alike = [(member, compare(traits, self._traits[member])) for member in near]
        found = [(member, likeness) for member, likeness in alike if likeness.score >= LIKELY]
        return sorted(found, key=lambda each: -each[1].score)


def _keys(traits: Traits) -> Iterator[tuple[str, object]]:
    for key in ("name", "kana", "phone", "birth_date"):
        value = getattr(traits, key)
        if value:
            yield key, value
