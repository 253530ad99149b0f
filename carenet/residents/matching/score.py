"""How much two descriptions of a person have in common, with the reasons; of many people at once.

Points, not probabilities: each reason counts a fixed number, a contradiction takes some away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.spellings import same_place


class Reason(models.TextChoices):
    """Why two records may be of one person."""

    SAME_INSURED_NUMBER = "same_insured_number", _("the same insured person's number")
    SAME_NAME = "same_name", _("the same name")
    SAME_KANA = "same_kana", _("the same kana")
    SIMILAR_NAME = "similar_name", _("a similar name")
    SAME_BIRTH_DATE = "same_birth_date", _("the same date of birth")
    SAME_BIRTH_YEAR = "same_birth_year", _("the same year of birth")
    SAME_PHONE = "same_phone", _("the same phone number")
    SAME_ADDRESS = "same_address", _("the same address")


POINTS = {
    Reason.SAME_INSURED_NUMBER: 80,
    Reason.SAME_NAME: 40,
    Reason.SAME_KANA: 40,
    Reason.SIMILAR_NAME: 25,
    Reason.SAME_BIRTH_DATE: 40,
    Reason.SAME_BIRTH_YEAR: 20,
    Reason.SAME_PHONE: 40,
    Reason.SAME_ADDRESS: 20,
}
#: Two days of birth that are both known and differ.
OTHER_BIRTH_DATE = -40
#: From here on: worth showing; probably the same person.
LISTED, LIKELY = 40, 80
#: From which ratio two names are similar: one character of five may differ.
SIMILAR = 0.75
_NAMES = (Reason.SAME_NAME, Reason.SAME_KANA)


@dataclass(frozen=True, slots=True)
class Traits:
    """A person as far as is known, folded; empty where nothing is."""

    name: str = ""
    kana: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    phone: str = ""
    address: str = ""
    insured_number: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The sum of the points, 100 at most, and what it comes from."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_listed(self) -> bool:
        """Whether it is worth showing: the birthday alone is shared by too many."""
        return self.score >= LISTED and self.reasons != (Reason.SAME_BIRTH_DATE,)


def compare(one: Traits, other: Traits) -> Likeness:
    """Return how alike two people are."""
    reasons = tuple(_reasons(one, other))
    # Name and kana say the same twice: one of them counts.
    counted = set(reasons) - ({Reason.SAME_KANA} if Reason.SAME_NAME in reasons else set())
    score = sum(POINTS[reason] for reason in counted)
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        score += OTHER_BIRTH_DATE
    return Likeness(max(0, min(score, 100)), reasons)


def _reasons(one: Traits, other: Traits) -> list[Reason]:
    found = [
        reason
        for reason, mine, yours in (
            (Reason.SAME_INSURED_NUMBER, one.insured_number, other.insured_number),
            (Reason.SAME_NAME, one.name, other.name),
            (Reason.SAME_KANA, one.kana, other.kana),
            (Reason.SAME_BIRTH_DATE, one.birth_date, other.birth_date),
            (Reason.SAME_PHONE, one.phone, other.phone),
        )
        if mine and mine == yours
    ]
    if same_place(one.address, other.address):
        found.append(Reason.SAME_ADDRESS)
    if not set(_NAMES) & set(found) and _similar(one, other):
        found.append(Reason.SIMILAR_NAME)
    year = _year(one)
    if Reason.SAME_BIRTH_DATE not in found and year and year == _year(other):
        found.append(Reason.SAME_BIRTH_YEAR)
    return found


def _year(person: Traits) -> int | None:
    return person.birth_date.year if person.birth_date else person.birth_year


def _similar(one: Traits, other: Traits) -> bool:
    pairs = ((one.name, other.name), (one.kana, other.kana))
    return any(a and b and SequenceMatcher(None, a, b).ratio() >= SIMILAR for a, b in pairs)


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
