"""Files of a referral: added while it lives, taken away only from a draft.

File and row cannot commit together. The file is written first, so that a row never stands without
one; what a transaction that failed has left behind is found by `delete_orphans`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import PurePath
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible
from carenet.referrals import policy
from carenet.referrals.actions.transitions import lock_referral
from carenet.referrals.models import Attachment, AttachmentScan, Referral
from carenet.referrals.states import OPEN, ReferralStatus
from carenet.rest import stored_files
from carenet.rest.file_content import content_of
from carenet.rest.stored_files import file_storage, new_name
from carenet.rest.text import canonical
from carenet.rest.uploads import ENDINGS, MEGABYTE, FileKind, kind_of

LONGEST_NAME = 150


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
    attachment = Attachment(
        referral=referral,
        name=name,
        media_type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_as=new_name(),
        **actor.attribution,
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
    transaction.on_commit(partial(file_storage().delete, attachment.stored_as))
    log_write(
        actor.who, "referral.take_away", "referral", referral.pk, attachment=str(attachment_id)
    )


def delete_orphans(*, now: datetime) -> int:
    """Delete the files that no attachment names any more; return how many."""
    return stored_files.delete_orphans(_named, now=now)


def _named(names: set[str]) -> Iterable[str]:
    return Attachment.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)


def _store(attachment: Attachment, content: bytes) -> None:
    """Write the file, then its row; a row that cannot be written leaves no file."""
    attachment.stored_as = file_storage().save(attachment.stored_as, ContentFile(content))
    try:
        attachment.save(force_insert=True)
        if settings.ATTACHMENT_SCANNER:  # in quarantine until it has answered
            AttachmentScan.objects.create(attachment=attachment)
    except DatabaseError:
        file_storage().delete(attachment.stored_as)
        raise


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
