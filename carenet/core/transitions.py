"""The one order in which a transition is made: what a room asks, saves and writes are parts of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction

from carenet.core import clock
from carenet.core.models import check_version
from carenet.core.states import Refusal, StatusT, Table, VerbT, demand_target

ActorT = TypeVar("ActorT")
RowT = TypeVar("RowT", bound=Any)


@dataclass(slots=True, kw_only=True)
class Transition(Generic[ActorT, RowT, VerbT, StatusT]):
    """A transition of a locked row: the verb's own part changes `row` and says `data`.

    The methods are the parts of a room; `transition` and `follow` call them in their order.
    """

    table: ClassVar[Table[Any, Any, Any]]

    actor: ActorT
    row: RowT
    verb: VerbT
    source: StatusT = field(init=False)
    target: StatusT = field(init=False)
    now: datetime = field(default_factory=clock.now)
    data: dict[str, Any] = field(default_factory=dict)

    def authorize(self) -> None:
        """Raise `Forbidden` for an actor who may not take the verb on this row."""
        raise NotImplementedError

    def resolve(self) -> StatusT | Refusal:
        """Ask the table; the row is the situation."""
        return self.table.resolve(self.verb, self.source, self.row)

    def save(self) -> None:
        """Write the new status under the next version of the row."""
        self.row.status = self.target
        self.row.save_version()

    def log_event(self) -> None:
        """Write the one event of the transition."""
        raise NotImplementedError

    def follow_up(self) -> None:
        """Write what follows from the new status: index, deadlines, reminders."""

    def log_write(self) -> None:
        """Write the line of the audit."""
        raise NotImplementedError


ChangeT = TypeVar("ChangeT", bound=Transition[Any, Any, Any, Any])


@contextmanager
def transition(lock: Callable[[], ChangeT], version: int | None) -> Iterator[ChangeT]:
    """Make a transition of the row that `lock` locks; the body of the `with` is the verb's own part.

    Raises what the parts raise, `PreconditionFailed` for a stale version, `Conflict` by the table.
    """
    with transaction.atomic():
        change = lock()
        change.authorize()
        check_version(change.row, version)
        with follow(change):
            yield change


@contextmanager
def follow(change: ChangeT) -> Iterator[ChangeT]:
    """Make a transition of a row that is locked: nobody is asked, for it follows from something else."""
    change.source = change.table.states(change.row.status)
    change.target = demand_target(change.resolve(), change.verb, change.source)
    yield change
    change.save()
    change.log_event()
    change.follow_up()
    change.log_write()
