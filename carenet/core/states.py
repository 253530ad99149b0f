"""Tables of states, as data: where each verb leads from each status, and what is said elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from django.db import models

from carenet.core.errors import Conflict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

VerbT = TypeVar("VerbT", bound=models.TextChoices)
StatusT = TypeVar("StatusT", bound=models.TextChoices)
MoveT = TypeVar("MoveT", bound="Move[Any]")


@dataclass(frozen=True, slots=True)
class Back:
    """A target that the situation itself knows: the status that stands in one of its fields."""

    field: str


#: The verb changes something else.
UNCHANGED = Back("status")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a verb is not possible: a sentence, which may name the verb and the status, and a code."""

    detail: StrOrPromise
    code: str = "wrong_status"

    def error(self, verb: models.TextChoices, status: models.TextChoices) -> Conflict:
        """Return the error that a caller is told."""
        named = {"verb": verb.label, "status": status.label, "state": status.label}
        return Conflict(self.detail % named, code=self.code)


@dataclass(frozen=True, slots=True)
class Move(Generic[StatusT]):
    """One row: where a verb leads from each status that knows it.

    A `guard` looks at the rest of the situation; it returns True, False, or a refusal of its own.
    """

    targets: Mapping[StatusT, StatusT | Back]
    guard: Callable[[Any], bool | Refusal] | None = None

    @classmethod
    def between(cls, sources: Iterable[StatusT], target: StatusT | Back, **more: Any) -> Self:
        """Return the row of a verb that leads to one target from wherever it is known."""
        return cls(dict.fromkeys(sources, target), **more)


class Table(dict[VerbT, MoveT], Generic[VerbT, MoveT, StatusT]):
    """Every verb of one kind of object with its row, and the sentence where none leads on."""

    def __init__(
        self, states: type[StatusT], rows: Mapping[VerbT, MoveT], refusal: Refusal
    ) -> None:
        super().__init__(rows)
        self.states, self.refusal = states, refusal

    def resolve(self, verb: VerbT, status: str, situation: object = None) -> StatusT | Refusal:
        """Return the status that a verb leads to, or why it is not possible."""
        move, source = self[verb], self.states(status)
        fits = source in move.targets and (move.guard is None or move.guard(situation))
        if fits is not True:
            return fits or self.refusal
        target = move.targets[source]
        if isinstance(target, Back):
            target = getattr(situation, target.field)
        return target or self.refusal

    def leads(self, verb: VerbT, status: str, situation: object = None) -> bool:
        """Whether a verb is possible."""
        return not isinstance(self.resolve(verb, status, situation), Refusal)

    def demand(self, verb: VerbT, status: str, situation: object = None) -> StatusT:
        """Return the status that a verb leads to; raises `Conflict` where it is not possible."""
        return demand_target(self.resolve(verb, status, situation), verb, self.states(status))


def demand_target(found: StatusT | Refusal, verb: models.TextChoices, source: StatusT) -> StatusT:
    """Return what a table has answered; raises `Conflict` for a refusal."""
    if isinstance(found, Refusal):
        raise found.error(verb, source)
    return found
