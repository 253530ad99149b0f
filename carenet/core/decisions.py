"""The answer of a policy: allowed, or denied with the reason and the basis that is missing."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import update_wrapper, wraps
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    Protocol,
    TypeAlias,
    TypeVar,
)

from carenet.core.errors import Forbidden

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """Not this actor, or not on this object; a person is shown both texts.

    `reason` says why, `basis` what ground (a role, a grant, a part in the referral) would be needed.
    """

    reason: StrOrPromise
    basis: StrOrPromise = ""
    code: str = "forbidden"

    def __bool__(self) -> Literal[False]:
        return False


Decision: TypeAlias = Allowed | Denied
P = ParamSpec("P")


class HasRole(Protocol):
    """Whoever acts: by their role they may do some things at all."""

    def may(self, ability: str) -> Decision:
        """Whether the role includes an ability."""


ActorT = TypeVar("ActorT", bound=HasRole)
Rule: TypeAlias = Callable[Concatenate[ActorT, P], Decision]

ALLOWED = Allowed()


def needs_ability(ability: str) -> Callable[[Rule[ActorT, P]], Rule[ActorT, P]]:
    """Let a rule look further only for an actor whose role includes an ability."""

    def with_ability(rule: Rule[ActorT, P]) -> Rule[ActorT, P]:
        @wraps(rule)
        def decide(actor: ActorT, /, *args: P.args, **kwargs: P.kwargs) -> Decision:
            by_role = actor.may(ability)
            return rule(actor, *args, **kwargs) if by_role else by_role

        return decide

    return with_ability


class Reads(Protocol):
    """Whoever acts, with what was asked so far while nothing can be written; None where it can."""

    @property
    def answers(self) -> dict[tuple[str, Hashable], Decision] | None:
        """The decisions by rule and row."""


class HasKey(Protocol):
    """A row with its key."""

    @property
    def pk(self) -> Any:
        """Its key."""


ReaderT = TypeVar("ReaderT", bound=Reads)
RowT = TypeVar("RowT", bound=HasKey)


class AskedOnce(Generic[ReaderT, RowT]):
    """A rule on a row that is asked once in a request that only reads.

    A page asks for each of its parts whether the person, or the case, is seen. Where anything can be
    written the rule is asked each time, under the lock of whoever writes.
    """

    def __init__(self, rule: Callable[[ReaderT, RowT], Decision]) -> None:
        self.rule = rule
        update_wrapper(self, rule)

    def __call__(self, actor: ReaderT, row: RowT) -> Decision:
        if actor.answers is None:
            return self.rule(actor, row)
        question = self._question(row)
        if question not in actor.answers:
            actor.answers[question] = self.rule(actor, row)
        return actor.answers[question]

    def is_known(self, actor: ReaderT, row: RowT, decision: Decision) -> None:
        """Note what the query that has just read the row answered with it.

        Nothing is noted where anything can be written.
        """
        if actor.answers is not None:
            actor.answers[self._question(row)] = decision

    def _question(self, row: RowT) -> tuple[str, Hashable]:
        return (f"{self.rule.__module__}.{self.rule.__qualname__}", row.pk)


def asked_once(rule: Callable[[ReaderT, RowT], Decision]) -> AskedOnce[ReaderT, RowT]:
    """Let a rule on a row be asked once in a request that only reads (`AskedOnce`)."""
    return AskedOnce(rule)


def demand(decision: Decision) -> None:
    """Raise `Forbidden` with the denial's own words unless the decision allows."""
    if isinstance(decision, Denied):
        raise Forbidden(decision.reason, basis=decision.basis, code=decision.code)
