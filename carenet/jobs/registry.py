"""Which long work there is: rooms above register their kinds here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.core.errors import Invalid
from carenet.rest.csv_export import more_rows, sheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What a kind is asked for, as JSON keeps it.
Options = dict[str, Any]
#: What the trail calls an address that stands in a file.
ADDRESS = "address"
#: How many rows a step writes.
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Part:
    """What one step was given: the file that came with the work, and from where to go on."""

    options: Options
    content: bytes
    at: str
    preview: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch has come to.

    `done` pieces more are dealt with; the next step begins `at`, None when there is none. `counts`
    says what became of the pieces, `told` of which nothing came and why, `content` is what the step
    adds to the file that the work produces.
    """

    done: int
    at: str | None
    counts: Mapping[str, int] = field(default_factory=dict)
    told: Sequence[Mapping[str, Any]] = ()
    content: bytes = b""


class JobKind(Protocol):
    """One kind of long work; `ability` is that of the same thing done over the API.

    A kind that `takes_file` is first tried as a preview, which changes nothing.
    """

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> StrOrPromise: ...

    @property
    def ability(self) -> str: ...

    @property
    def takes_file(self) -> bool: ...

    @property
    def heads(self) -> Mapping[Any, StrOrPromise]:
        """Return the words for each of the `counts`, in the order in which they are told."""

    def begin(self, actor: Actor, options: Options, content: bytes) -> int:
        """Return of how many pieces the work consists; raises `Invalid` where it cannot begin."""

    def run_batch(self, actor: Actor, part: Part) -> Batch:
        """Do the next pieces, in the caller's transaction."""


class SheetExport:
    """Base of the kinds that write rows into a sheet, so many with each step.

    `rows` are what the actor may see at that moment, in the order of their keys, which no row that is
    added meanwhile changes. `row_kind` is what the trail calls a row: `cells` calls `log_read` with it.
    """

    name: ClassVar[str]
    label: ClassVar[StrOrPromise]
    ability: ClassVar[str]
    takes_file = False
    #: Who asks for it only with a second pair of eyes: somebody else of the agency agrees first.
    released_for: ClassVar[frozenset[Role]] = frozenset()
    heads: ClassVar[Mapping[Any, StrOrPromise]] = {"rows": _("rows written")}
    row_kind: ClassVar[str]
    #: Whether a row has an address: `cells` then calls `log_read` with `ADDRESS` for whose it shows.
    shows_address: ClassVar[bool] = False
    #: Whether a row has words in which somebody may be named: `struck` then strikes them out.
    shows_words: ClassVar[bool] = False
    columns: ClassVar[Sequence[StrOrPromise]]

    def begin(self, actor: Actor, options: Options, content: bytes) -> int:
        return self.rows(actor, options).count()

    def run_batch(self, actor: Actor, part: Part) -> Batch:
        rows = self.rows(actor, part.options)
        found = list((self.after(rows, part.at) if part.at else rows)[:ROWS_AT_ONCE])
        lines = [self.cells(actor, row) for row in found]
        text = more_rows(lines) if part.at else sheet([str(each) for each in self.columns], lines)
        return Batch(
            done=len(found),
            at=self.key(found[-1]) if len(found) == ROWS_AT_ONCE else None,
            counts={"rows": len(found)},
            content=text.encode(),
        )

    def still_sees(self, actor: Actor, options: Options, written: AbstractSet[UUID]) -> bool:
        """Whether the actor may see each row that was written, now as then."""
        try:
            return written <= set(self.rows(actor, options).values_list("id", flat=True))
        except Invalid:
            return False  # not even what it was about

    def still_sees_addresses(self, actor: Actor, shown: AbstractSet[UUID]) -> bool:
        """Whether the actor may see each address that was written, now as then."""
        return not shown

    def struck(
        self, part: bytes, object_ids: Collection[UUID], strike: Callable[[str], str]
    ) -> bytes:
        """Return what a step has written with `strike` gone over the words about these objects."""
        return part

    def rows(self, actor: Actor, options: Options) -> QuerySet[Any]:
        """Return what is written; raises `Invalid` for options that say nothing."""
        raise NotImplementedError

    def cells(self, actor: Actor, row: Any) -> Sequence[object]:
        """Return a row as the sheet has it; calls `log_read` for whose data it shows."""
        raise NotImplementedError

    def key(self, row: Any) -> str:
        """Return what `after` needs to go on behind a row."""
        return str(row.pk)

    def file_name(self, options: Options) -> str:
        """Return how the sheet is called: nothing of a person."""
        raise NotImplementedError

    def after(self, rows: QuerySet[Any], key: str) -> QuerySet[Any]:
        """Return the rows behind a key."""
        return rows.filter(pk__gt=key)


def needs_release(actor: Actor, kind: JobKind) -> bool:
    """Whether what the actor asks for begins only once somebody else of the agency has agreed."""
    return isinstance(kind, SheetExport) and bool(actor.roles & kind.released_for)


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make a kind known; called from a room's `hooks.register()`."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> JobKind:
    """Return the kind registered under `name`; raises `KeyError` when none is."""
    return _kinds[name]


def is_known(name: str) -> bool:
    """Whether a kind is registered: rows may be of another release's."""
    return name in _kinds


def kinds() -> Sequence[JobKind]:
    """Return every kind, in the order in which they were registered."""
    return list(_kinds.values())
