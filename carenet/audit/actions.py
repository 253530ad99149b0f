"""The recorder: every write to the trail goes through here.

A write is recorded at once, in the transaction of the change itself. Reads and denials are
gathered on the request's `AuditContext` and written when the request ends, outside whatever it rolled
back (`carenet.audit.api.middleware`). Reads are one row per request and kind of object.

Each unit of work says who acts (`declare`, `acting_as`): the database takes no row by anybody else.
What says nothing, a wake-up or a command, writes as the service itself (docs/adr/0041).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from carenet.audit.models import AuditAction, AuditEntry
from carenet.core import clock
from carenet.core.compiled_queries import CompiledInsert
from carenet.core.errors import Invalid

#: Almost every request adds to the trail.
_ENTRIES = CompiledInsert(AuditEntry)


@dataclass(frozen=True, slots=True)
class Who:
    """The actor as plain values, so that the trail depends on nothing above it."""

    kind: str = "anonymous"
    id: str = ""
    agency_id: UUID | None = None
    claimed_person: str = ""

    @property
    def acting(self) -> str:
        """Who acts, and for which agency, as the database compares it."""
        return f"{self.kind}:{self.id}:{self.agency_id or ''}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One write for the trail: what `log_write` is told."""

    who: Who
    action: str
    kind: str
    ids: Sequence[UUID]
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Denial:
    """Something refused: under which code, and about what, as far as the request names it."""

    code: str
    kind: str
    ids: tuple[UUID, ...]
    detail: dict[str, Any]


@dataclass(slots=True)
class AuditContext:
    """What one request, or one job, has shown and refused so far."""

    who: Who = field(default_factory=Who)
    action: str = ""
    purpose: str = ""
    address: str | None = None
    request_id: str = ""
    shown: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    denials: list[Denial] = field(default_factory=list)
    sought: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    #: How many writes were recorded so far, those that were rolled back meanwhile included.
    written: int = 0
    #: Many act in turn in one transaction, each in what is written by them: fictional people.
    in_turn: bool = False


_current: ContextVar[AuditContext | None] = ContextVar("carenet_trail", default=None)


@contextmanager
def audit_context(trail: AuditContext) -> Iterator[AuditContext]:
    """Make `trail` the one that `log_write`, `log_read` and `log_denial` write to."""
    token = _current.set(trail)
    try:
        yield trail
    finally:
        _current.reset(token)


def current_context() -> AuditContext:
    """Return the trail of the request in progress, or a loose one outside any request."""
    return _current.get() or AuditContext()


def declare(who: Who) -> None:
    """Say who acts in this unit of work from now on, to its trail and to the database.

    For the transaction in progress only: the settings are what the trail's table and that of who
    reported abuse (docs/adr/0016) go by.
    """
    trail = current_context()
    trail.who = who
    _tell(
        who,
        **{"carenet.actor": f"{who.kind}:{who.id}", "carenet.agency": str(who.agency_id or "")},
    )


@contextmanager
def acting_as(who: Who) -> Iterator[None]:
    """Let what is written meanwhile be by `who`, whom the door of the request did not find out.

    Somebody signs in, comes by a link that was made for them, or answers another agency than their own.
    """
    alone = _current.get() is None
    with audit_context(current_context()) as trail:
        before, trail.who = trail.who, who
        try:
            yield
        finally:
            trail.who = before
    if alone and connection.in_atomic_block:
        # Nothing tells the database later on: what comes is by the service again.
        _tell(Who("system"))


def _tell(who: Who, **settings: str) -> None:
    settings["carenet.acting"] = who.acting
    asked = ", ".join("set_config(%s, %s, true)" for _each in settings)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [part for each in settings.items() for part in each])
    if connection.in_atomic_block:  # else it has held for that statement alone
        connection.acting = who.acting  # type: ignore[attr-defined]


def _tell_once(who: Who) -> None:
    """Tell the database who acts, unless it was told so for this transaction."""
    if connection.acting != who.acting:  # type: ignore[attr-defined]
        _tell(who)


def log_write(who: Who, action: str, kind: str, *ids: UUID, **detail: Any) -> None:
    """Record a write, in the caller's transaction: both are kept or neither.

    `action` is a stable name ("referral.accept"), `kind` and `ids` say on what; `detail` holds
    codes and field names only, never personal data.
    """
    log_writes([Entry(who, action, kind, ids, detail)])


def log_writes(entries: Iterable[Entry]) -> None:
    """Record many writes as `log_write` does, each as an entry of its own, in one statement."""
    trail, given = current_context(), list(entries)
    if not trail.in_turn:
        if _current.get():  # else the connection itself says that the service acts
            _tell_once(trail.who)
        _write(trail, given)
        return
    for _acting, by_one in groupby(given, key=lambda each: each.who.acting):
        theirs = list(by_one)
        trail.who = theirs[0].who
        _tell_once(trail.who)
        _write(trail, theirs)


def _write(trail: AuditContext, entries: Sequence[Entry]) -> None:
    rows = [
        _entry(
            trail,
            AuditAction.WRITE,
            each.action,
            who=each.who,
            kind=each.kind,
            ids=each.ids,
            detail=each.detail,
        )
        for each in entries
    ]
    _ENTRIES.add(rows)
    trail.written += len(entries)


def log_read(kind: str, object_id: UUID) -> None:
    """Note that the request in progress shows this object's personal data."""
    current_context().shown[kind].add(object_id)


def log_denial(code: str, *ids: UUID, kind: str = "", **detail: Any) -> None:
    """Note that the request in progress was refused something: what of which `kind`, by its `ids`."""
    current_context().denials.append(Denial(code, kind, ids, detail))


def log_out_of_reach(kind: str, *ids: UUID) -> None:
    """Note that the request in progress names objects that are not among what its actor sees.

    They are absent or out of reach, and the caller is told neither; whoever reads the trail finds
    the try by the object.
    """
    current_context().sought[kind].update(ids)


def no_such(path: str, kind: str, ids: Iterable[UUID]) -> Invalid:
    """Note ids of the input that name nothing the actor sees; return what to raise at `path`."""
    log_out_of_reach(kind, *ids)
    return Invalid({path: _("There is no such object that you may see.")})


def write_log(trail: AuditContext, *, failed: bool) -> None:
    """Write the gathered reads and denials in one statement; nothing of a failed answer was shown."""
    entries = [
        _entry(
            trail,
            AuditAction.DENIAL,
            trail.action,
            kind=each.kind,
            ids=each.ids,
            detail={"code": each.code, **each.detail},
        )
        for each in [*trail.denials, *_out_of_reach(trail)]
    ]
    if not failed:
        entries += [
            _entry(trail, AuditAction.READ, trail.action, kind=kind, ids=sorted(ids))
            for kind, ids in sorted(trail.shown.items())
        ]
    if entries:
        _tell_once(trail.who)
    _ENTRIES.add(entries)


def _out_of_reach(trail: AuditContext) -> Iterator[Denial]:
    """Yield a denial for each kind of object that was named in vain and that no other one names."""
    told = {pk for each in trail.denials for pk in each.ids}
    for kind, ids in sorted(trail.sought.items()):
        if ids - told:
            yield Denial("not_found", kind, tuple(sorted(ids - told)), {})


def _entry(
    trail: AuditContext,
    deed: AuditAction,
    action: str,
    *,
    who: Who | None = None,
    kind: str = "",
    ids: Iterable[UUID] = (),
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    who = who or trail.who
    return AuditEntry(
        time=clock.now(),
        deed=deed,
        action=action[:100],
        actor_kind=who.kind,
        actor_id=who.id,
        agency_id=who.agency_id,
        claimed_person=who.claimed_person[:100],
        purpose=trail.purpose[:200],
        object_kind=kind,
        object_ids=list(ids),
        detail=detail or {},
        address=trail.address,
        request_id=trail.request_id,
    )
