"""Adding to the progress record; a correction is a note of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.locks import lock_case
from carenet.cases.models import NoteAudience, NoteChannel, ProgressNote
from carenet.cases.models.case import MINUTES_OF_DAY
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.rest.limits import demand_recent

#: What a note says of a contact.
_OF_CONTACT = ("channel", "with_whom", "minutes")


@transaction.atomic
def write_note(
    *, actor: Actor, case_id: UUID, corrects: ProgressNote | None = None, **fields: Any
) -> ProgressNote:
    """Add a note to a case, or a correction of an own note for at least the same readers.

    `fields` are kind, audience, readers, text, happened_at, and of a contact channel, with_whom,
    minutes. Raises `Invalid` for a time to come, readers that do not fit the audience or a contact
    without a channel, `Conflict` when the note was corrected already.
    """
    case = lock_case(actor, case_id)
    demand(policy.can_write_note(actor, case))
    if fields["happened_at"] > clock.now():
        raise Invalid(
            {"happened_at": _("A note tells what has happened: give a time in the past.")}
        )
    born = case.resident.born_by
    demand_recent("happened_at", fields["happened_at"], born=born, began=case.opened_at)
    _check_readers(actor, fields["audience"], fields.get("readers", []))
    _check_contact(**{name: fields[name] for name in _OF_CONTACT if name in fields})
    if corrects:
        _check_correction(actor, corrects)
    note = ProgressNote(
        case=case,
        author=actor.user,
        author_agency=actor.agency,
        corrects=corrects,
        **fields,
    )
    if corrects and not _reaches_all_of(corrects, note):
        raise Invalid({"audience": _("Whoever read the note must be able to read its correction.")})
    note.save()
    log_write(actor.who, "case.write_note", "case", case.pk, note=str(note.pk))
    return note


def correct_note(
    *, actor: Actor, case_id: UUID, corrects: ProgressNote, **fields: Any
) -> ProgressNote:
    """Put an own note right for whoever reads it: audience and readers are those of the note.

    A note for named people was read by who wrote it, too. Raises what `write_note` does.
    """
    readers = list(corrects.readers)
    if corrects.audience == NoteAudience.NAMED and corrects.author_id:
        readers = list(dict.fromkeys([*readers, corrects.author_id]))
    audience = {"audience": corrects.audience, "readers": readers}
    return write_note(actor=actor, case_id=case_id, corrects=corrects, **fields | audience)


def _check_readers(actor: Actor, audience: str, readers: Sequence[UUID]) -> None:
    if audience == NoteAudience.NAMED and actor.user is None:
        raise Invalid(
            {"audience": _("A system cannot be among the named: choose “agency” or “case”.")}
        )
    if (audience == NoteAudience.NAMED) != bool(readers):
        raise Invalid({"readers": _("Name readers for the audience “named”, and only for it.")})
    if User.objects.filter(pk__in=readers, is_active=True).count() != len(set(readers)):
        raise Invalid({"readers": _("Name people who have an account.")})


def _check_contact(
    channel: str = "", with_whom: Sequence[str] = (), minutes: int | None = None
) -> None:
    if len(set(with_whom)) != len(with_whom):
        raise Invalid({"with_whom": _("Name each of them once.")})
    if minutes is not None and not 1 <= minutes <= MINUTES_OF_DAY:
        raise Invalid(
            {"minutes": _("Give a number from 1 to %(most)s.") % {"most": MINUTES_OF_DAY}}
        )
    for name in ("with_whom", "minutes"):
        if channel in {"", NoteChannel.NONE} and {"with_whom": with_whom, "minutes": minutes}[name]:
            raise Invalid({name: _("Say how the contact came about, or leave this out.")})


def _check_correction(actor: Actor, corrected: ProgressNote) -> None:
    if corrected.author_agency_id != actor.agency_id:
        raise Invalid({"corrects": _("Only the agency that wrote a note may correct it.")})
    if ProgressNote.objects.filter(corrects=corrected).exists():
        raise Conflict(_("This note has been corrected already. Correct the correction."))


def _reaches_all_of(corrected: ProgressNote, note: ProgressNote) -> bool:
    if note.audience == NoteAudience.CASE:
        return True
    knew, know = ({*each.readers, each.author_id} for each in (corrected, note))
    return note.audience == corrected.audience and (
        note.audience == NoteAudience.AGENCY or knew - {None} <= know
    )
