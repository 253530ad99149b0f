"""What tasks hang on, and what they come from: upper rooms say it in `hooks.register()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.core.decisions import Decision
from carenet.tasks.models import Task


class TaskSubject(Protocol):
    """A kind of object that tasks hang on. A task is seen by whoever sees that."""

    @property
    def field(self) -> str:
        """The foreign key of `Task` that names it, and its name in the API: "case"."""

    def visible_to(self, actor: Actor) -> QuerySet[Any]:
        """Return those that the actor may see."""

    def can_view(self, actor: Actor, subject: Any) -> Decision:
        """Whether the actor may see it; the object rule of `visible_to`."""

    def can_give(self, actor: Actor, subject: Any) -> Decision:
        """Whether the actor may hang a task on it."""

    def leads(self, actor: Actor, subject: Any) -> bool:
        """Whether its tasks are the actor's to settle, whoever has them."""

    def lock(self, actor: Actor, subject_id: UUID) -> Any:
        """Return a visible one, locked before its tasks are; raises `NotFound`."""

    def demand_open(self, subject: Any) -> None:
        """Raise `Conflict` for one that has ended."""

    def demand_days(self, subject: Any, task: Task) -> None:
        """Raise `Invalid` for a day that cannot be: before the person was born, or too far back."""

    def demand_hands(self, subject: Any, agency: Agency, person: User | None) -> None:
        """Raise `Invalid` for an agency or a person that does not see it: refer, or name, first."""

    def answerable(self, subject: Any) -> tuple[Agency, User | None]:
        """Return whose it is: they hear of a task that an agency elsewhere forgets."""

    @property
    def hands(self) -> tuple[str, ...]:
        """What `answerable` reads, as a task is joined with it."""

    def follow(self, subject: Any) -> None:
        """Do what follows from a change of its tasks, in the same transaction."""


#: Returns from what an actor sees tasks come: objects on a visible case, or on that of an outer query.
SeenSources = Callable[[Actor, Any], QuerySet[Any]]

_subjects: dict[str, TaskSubject] = {}
_sources: dict[str, SeenSources] = {}


def add_subject(subject: TaskSubject) -> None:
    """Let tasks hang on a kind of object."""
    _subjects[subject.field] = subject


def add_source(source: str, seen: SeenSources) -> None:
    """Let a task name by its id from what it comes; whoever does not see that is not told the id."""
    _sources[source] = seen


def subjects() -> list[TaskSubject]:
    """Return all that were registered."""
    return [*_subjects.values()]


def subject_named(field: str) -> TaskSubject:
    """Return the kind that a column of `Task` names; raises `KeyError`."""
    return _subjects[field]


def subject_of(task: Task) -> TaskSubject:
    """Return on what kind of object a task hangs."""
    return next(each for each in subjects() if getattr(task, f"{each.field}_id"))


def sources() -> dict[str, SeenSources]:
    """Return what objects tasks come from; of a source that is not among them there is no id."""
    return dict(_sources)
