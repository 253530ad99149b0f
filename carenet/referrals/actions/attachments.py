"""Files of a referral: added while it lives, taken away only from a draft.

File and row cannot commit together. The file is written first, so that a row never stands without
one; what a transaction that failed has left behind is found by `delete_orphans`.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from carenet.audit.actions import log_write
from carenet.db import get_visible
from carenet.decisions import demand
from carenet.errors import Conflict, Invalid
from carenet.referrals import policy
from carenet.referrals.actions.transitions import lock_referral
from carenet.referrals.models import Attachment, AttachmentScan
from carenet.referrals.states import OPEN, ReferralStatus
from carenet.rest.file_content import content_of
from carenet.rest.text import canonical
from carenet.rest.uploads import ENDINGS, FileKind, kind_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.core.files.storage import Storage
    from django.core.files.uploadedfile import UploadedFile

    from carenet.agencies.actors import Actor
    from carenet.referrals.models import Referral

#: A file without a row is as old as this before it counts as left behind: its upload may be running.
GRACE = timedelta(days=1)
#: Folders are named by the first two digits; any other belongs to another room.
_SHARD = 2
LONGEST_NAME = 150
MEGABYTE = 1024 * 1024


def attachment_storage() -> Storage:
    """Return where the contents lie: the storage `attachments` of the settings."""
    return storages["attachments"]


@transaction.atomic
def attach(*, actor: Actor, referral_id: UUID, file: UploadedFile[bytes]) -> Attachment:
    """Add a file to a referral: S to a draft, S and R as long as it is open.

    A picture is drawn anew, without what it tells beyond itself. Raises `Invalid` for a file that is
    not what it says, too large, or a PDF that does something; `Conflict` when the referral has
    ended or holds too much already.
    """
    referral, _case = lock_referral(actor, referral_id)
    demand(policy.can_attach(actor, referral))
    kind = _kind(file)
    name = _safe_name(file.name or "", kind)
    file.seek(0)
    content = content_of(file.read(), kind)
    _demand_room(referral, len(content))
    chance = uuid4().hex
    attachment = Attachment(
        referral=referral,
        name=name,
        media_type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_as=f"{chance[:2]}/{chance}",
        by_agency=actor.agency,
        by_user=actor.user,
        by_client=actor.client.client_id if actor.client else "",
        claimed_person=actor.claimed_person,
    )
    _store(attachment, content)
    log_write(
        actor.who,
        "referral.attach",
        "referral",
        referral.pk,
        attachment=str(attachment.pk),
        media_type=str(kind),
    )
    return attachment


@transaction.atomic
def remove(*, actor: Actor, referral_id: UUID, attachment_id: UUID) -> None:
    """Take a file away from a draft; what was sent keeps what went with it."""
    referral, _case = lock_referral(actor, referral_id)
    demand(policy.can_edit(actor, referral))
    attachment = get_visible(referral.attachments.all(), pk=attachment_id)
    if referral.status != ReferralStatus.DRAFT:
        raise Conflict(_("What was sent stays as it is. Tell the other side what does not hold."))
    attachment.delete()
    transaction.on_commit(partial(attachment_storage().delete, attachment.stored_as))
    log_write(
        actor.who, "referral.take_away", "referral", referral.pk, attachment=str(attachment_id)
    )


def delete_orphans(*, now: datetime) -> int:
    """Delete the files that no row names and that are older than any upload; return how many."""
    forgotten, files = 0, attachment_storage()
    for shard in (each for each in _inside(files, "")[0] if len(each) == _SHARD):
        names = {f"{shard}/{name}" for name in _inside(files, shard)[1]}
        kept = Attachment.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
        for name in names - set(kept):
            if files.get_modified_time(name) < now - GRACE:
                files.delete(name)
                forgotten += 1
    return forgotten


def _store(attachment: Attachment, content: bytes) -> None:
    """Write the file, then its row; a row that cannot be written leaves no file."""
    attachment.stored_as = attachment_storage().save(attachment.stored_as, ContentFile(content))
    try:
        attachment.save(force_insert=True)
        if settings.ATTACHMENT_SCANNER:  # in quarantine until it has answered
            AttachmentScan.objects.create(attachment=attachment)
    except DatabaseError:
        attachment_storage().delete(attachment.stored_as)
        raise


def _inside(files: Storage, folder: str) -> tuple[list[str], list[str]]:
    """Return folders and files in a folder; nothing before the first file made it."""
    try:
        return files.listdir(folder)
    except FileNotFoundError:
        return [], []


def _kind(file: UploadedFile[bytes]) -> FileKind:
    """Return what the file is; raises `Invalid` where content, name and declared type disagree."""
    if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        most = settings.ATTACHMENT_MAX_BYTES // MEGABYTE
        raise Invalid({"file": _("Send at most %(most)s MB.") % {"most": most}})
    kind = kind_of(file)
    if kind is None:
        raise Invalid({"file": _("Send one whole PDF, JPEG or PNG file, and nothing besides.")})
    ending = PurePath(file.name or "").suffix.lower()
    if ending and ending not in ENDINGS[kind]:
        raise Invalid(
            {"file": _("The name does not fit the content: it is %(kind)s.") % {"kind": kind.label}}
        )
    if file.content_type not in {None, "", "application/octet-stream", kind.value}:
        raise Invalid(
            {"file": _("The media type does not fit the content: %(kind)s.") % {"kind": kind.value}}
        )
    return kind


def _safe_name(name: str, kind: FileKind) -> str:
    """Return a name that can be kept and shown: printable, with its ending, not too long."""
    kept = "".join(each for each in canonical(name) if each.isprintable() and each not in '/\\"')
    stem, ending = PurePath(kept).stem.strip(" ."), PurePath(kept).suffix
    ending = ending or ENDINGS[kind][0]
    return f"{stem[: LONGEST_NAME - len(ending)] or 'attachment'}{ending}"


def _demand_room(referral: Referral, size: int) -> None:
    if referral.status != ReferralStatus.DRAFT and referral.status not in OPEN:
        raise Conflict(_("This referral has ended. Nothing is added to it any more."))
    held = referral.attachments.aggregate(number=Count("pk"), total=Sum("size"))
    if held["number"] >= settings.ATTACHMENTS_MOST:
        raise Conflict(
            _("A referral holds at most %(most)s files.") % {"most": settings.ATTACHMENTS_MOST},
            code="attachments_full",
        )
    if (held["total"] or 0) + size > settings.ATTACHMENTS_MAX_BYTES:
        most = settings.ATTACHMENTS_MAX_BYTES // MEGABYTE
        raise Conflict(
            _("The files of a referral are at most %(most)s MB together.") % {"most": most},
            code="attachments_full",
        )
