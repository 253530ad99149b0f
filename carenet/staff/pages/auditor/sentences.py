"""An entry of the trail as people read it: what was done, to what, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from carenet.audit.models import AuditAction, AuditEntry
from carenet.staff.pages.auditor.deeds import ACTIONS, VERBS
from carenet.staff.pages.auditor.words import NOUNS, REFUSALS

#: Reads that leave this service on paper, and as files.
PRINTED = (
    "GET staff-sheet", "GET staff-sheet-file", "GET staff-case-pack", "GET staff-resident-picture",
    "GET staff-readers-sheet",
)  # fmt: skip
EXPORTED = (
    "job list.export", "job visits.export", "job trail.export", "GET staff-work-file",
    "GET staff-file", "GET referral-attachment-content",
)  # fmt: skip


def noun(kind: str) -> str:
    """Return what a kind of object is called; an unknown one as the trail has it."""
    return str(NOUNS.get(kind, kind))


def deed_of(action: str) -> str:
    """Return what a write has done, in words."""
    about, _point, done = action.partition(".")
    return _("%(about)s: %(deed)s") % {"about": noun(about), "deed": VERBS.get(done, done)}


def what(entry: AuditEntry) -> str:
    """Return what was done, in words: what was shown or changed; of a denial what, and why not."""
    if entry.deed == AuditAction.WRITE:
        return deed_of(entry.action)
    kind = noun(entry.object_kind)
    if entry.deed == AuditAction.READ:
        return _read(entry.action) % {"about": kind}
    code = str(entry.detail.get("code", ""))
    why = REFUSALS.get(code, code)
    if not entry.object_kind:
        return _("Refused: %(why)s") % {"why": why}
    return _("Refused: %(about)s, %(why)s") % {"about": kind, "why": why}


def _read(action: str) -> str:
    if action in PRINTED:
        return _("Shown on paper: %(about)s")
    if action in EXPORTED:
        return _("In a file: %(about)s")
    return _("Read: %(about)s")


def choices_of_actions() -> list[tuple[str, Any]]:
    """Return every action in words, by what it is about: the choices of a filter."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for about, done in ACTIONS.items():
        group = groups.setdefault(noun(about), [])
        group += [(f"{about}.{each}", str(VERBS[each])) for each in done]
    return sorted(groups.items())


def details(entry: AuditEntry) -> Sequence[tuple[str, str]]:
    """Return what else an entry says, as it stands there: codes and field names, nothing personal."""
    more = [
        (_("Action"), entry.action),
        (_("Purpose"), entry.purpose),
        (_("Address on the network"), entry.address or ""),
        (_("Number of the request"), entry.request_id),
        *((name, _plain(said)) for name, said in entry.detail.items()),
    ]
    return [(label, said) for label, said in more if said]


def _plain(said: Any) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)
