"""What upper rooms hang onto somebody's acting and leaving, and onto the closure of an agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from rest_framework.request import Request

from carenet.agencies.actors import Actor
from carenet.agencies.models import (
    Agency,
    AgencyClosure,
    Membership,
    OperatorChange,
    User,
    WardSection,
)
from carenet.agencies.roles import Role
from carenet.agencies.states import ClosureOutcome, SectionGround
from carenet.core.hooks import GuardHook, Hook

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@GuardHook
def person_acts(request: HttpRequest | Request, user: User) -> None:
    """Raise `Forbidden` for a person who has signed in, and may not act for an agency by that yet."""


@Hook
def readers_gained(*, agency: Agency) -> None:
    """Tell an agency in which a person or a system begins to read here what waits for it already."""


@Hook
def member_left(*, actor: Actor | None, membership: Membership) -> None:
    """Take out of somebody's hands what they have in an agency, in the same transaction.

    `membership` has ended, or no longer includes casework; `actor=None` is the operator at the
    command line. The caller holds agency and membership: whoever locks cases does so after that.
    """


@Hook
def member_unavailable(*, actor: Actor | None, membership: Membership) -> None:
    """Take from somebody what they cannot see to: they may do less in an agency, or are away.

    Unlike at a leaving they go on there: the room asks what the person can still see to.
    """


@dataclass(frozen=True, slots=True)
class HandsOn:
    """What a member has in hand goes to a colleague, on a manager's word."""

    actor: Actor
    membership: Membership
    to: Actor
    reason: str

    @property
    def successor(self) -> User:
        """Whoever takes it over; raises `LookupError` for a partner's system."""
        if self.to.user is None:
            raise LookupError(self.membership.pk)
        return self.to.user


@dataclass(frozen=True, slots=True)
class HeldKind:
    """One kind of thing that a member may have in hand, and where it falls when they leave.

    `found` returns it. With `pass_on` it can go to a colleague who holds any of `roles`, as far as
    both see it; what is left of it falls to where `otherwise` says.
    """

    name: str
    label: StrOrPromise
    otherwise: StrOrPromise
    found: Callable[[Membership], QuerySet[Any]]
    pass_on: Callable[[HandsOn], None] | None = None
    roles: frozenset[Role] = frozenset()


_held_kinds: list[HeldKind] = []


def add_held_kinds(*kinds: HeldKind) -> None:
    """Register what of a room a member may have in hand; called from its `hooks.register()`."""
    _held_kinds.extend(kinds)


def held_kinds() -> list[HeldKind]:
    """Return every kind, in the order in which they are told and handed on."""
    return [*_held_kinds]


@dataclass(frozen=True, slots=True)
class ClosureBatch:
    """Some rows of one kind, and to whom they go: None for a kind that ends."""

    actor: Actor | None
    agency: Agency
    rows: list[Any]
    to: Agency | None = None

    @property
    def ids(self) -> list[Any]:
        """The keys of the rows."""
        return [row.pk for row in self.rows]

    @property
    def by(self) -> Actor:
        """Who deals with them; raises `LookupError` where they are only looked at."""
        if self.actor is None:
            raise LookupError(self.agency.pk)
        return self.actor

    @property
    def successor(self) -> Agency:
        """Whoever takes the rows over; raises `LookupError` for a kind that ends."""
        if self.to is None:
            raise LookupError(self.agency.pk)
        return self.to


@dataclass(frozen=True, slots=True)
class Review:
    """How one kind is reviewed when another corporation runs the agency.

    `since` is the column that says from when a row is; `describe` says by key what each row is.
    """

    since: str
    describe: Callable[[ClosureBatch], Mapping[Any, str]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a thing is called without telling anything personal, and which section it suggests."""

    code: str
    section: WardSection | None
    because: SectionGround


@dataclass(frozen=True, slots=True)
class SectionRule:
    """How one kind goes from the ward office to its sections.

    `found` returns what may go, `suggest` says by key where to. `about` returns what else than the rows
    themselves reminders of them are about. `visible_to` is asked of what is restricted: that goes by the
    hand of somebody who sees it.
    """

    found: Callable[[Agency], QuerySet[Any]]
    suggest: Callable[[list[Any]], Mapping[Any, Suggestion]]
    about: Callable[[list[Any]], Iterable[UUID]] = lambda _ids: ()
    visible_to: Callable[[Actor], QuerySet[Any]] | None = None


@dataclass(frozen=True, slots=True)
class ClosureKind:
    """One kind of thing that hangs on an agency, and what becomes of it when the agency closes.

    `found` returns what is still to be dealt with; `settle` deals with some of it, in the caller's
    transaction, so that `found` does not return it again. Without `settle` it is only told: another kind
    deals with it. `columns` are the foreign keys to an agency that
    the kind answers for, as `app.Model.field`. A kind that FOLLOWS goes to the successor of the kind
    named by `follows`. With `to_section` it can go from the ward office to a section; where its rows
    are `of_cases`, what names such a case by one of `by_case` goes with it.
    """

    name: str
    label: StrOrPromise
    fate: ClosureOutcome
    found: Callable[[Agency], QuerySet[Any]]
    settle: Callable[[ClosureBatch], None] | None = None
    columns: tuple[str, ...] = ()
    follows: str = ""
    review: Review | None = None
    to_section: SectionRule | None = None
    of_cases: bool = False
    by_case: tuple[str, ...] = ()


#: Says by key, in words without content, what of these things does not go with them to a section.
TellLeft = Callable[[Actor, list[Any]], Mapping[Any, str]]

_kept_with_office: dict[str, list[Callable[[], Q]]] = defaultdict(list)
_left_behind: dict[str, list[TellLeft]] = defaultdict(list)
_closure_kinds: list[ClosureKind] = []
_closure_kinds_at_last: list[ClosureKind] = []
_columns_that_stay: set[str] = set()


def add_closure_kinds(*kinds: ClosureKind, at_last: bool = False) -> None:
    """Register what of a room hangs on an agency; called from its `hooks.register()`.

    `at_last`: they are dealt with once everything else is.
    """
    (_closure_kinds_at_last if at_last else _closure_kinds).extend(kinds)


def closure_kinds() -> list[ClosureKind]:
    """Return every kind, in the order in which they are dealt with."""
    return [*_closure_kinds, *_closure_kinds_at_last]


def keep_with_office(kind: str, condition: Callable[[], Q]) -> None:
    """Declare which things of a kind do not go to a section, whoever chooses one."""
    _kept_with_office[kind].append(condition)


def kept_with_office(kind: str) -> list[Q]:
    """Return the conditions on what of a kind stays with the ward office."""
    return [condition() for condition in _kept_with_office[kind]]


def tell_left_behind(kind: str, tell: TellLeft) -> None:
    """Let the preview of a move say what of these things stays behind, to whoever may know of it."""
    _left_behind[kind].append(tell)


def left_behind(kind: str) -> list[TellLeft]:
    """Return what says so of a kind."""
    return [*_left_behind[kind]]


@Hook
def moved_to_section(*, batch: ClosureBatch, about: Collection[UUID]) -> None:
    """Let what is about these things follow them from the office to the section."""


@Hook
def closure_has_moved(closure: AgencyClosure) -> None:
    """Do what follows when a closure is proposed, confirmed, withdrawn or carried out."""


@Hook
def operator_change_has_moved(change: OperatorChange) -> None:
    """Do what follows when a change of the operator is planned, reviewed, withdrawn or carried out."""


def stays_with_agency(*columns: str) -> None:
    """Declare foreign keys to an agency that a closure leaves alone: history, and its own settings."""
    _columns_that_stay.update(columns)


def columns_that_stay() -> frozenset[str]:
    """Return the foreign keys that a closure leaves alone, as `app.Model.field`."""
    return frozenset(_columns_that_stay)
