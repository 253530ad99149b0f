"""Telling people by mail that an invitation waits for them.

A task does it, never the request that invites: neither its answer nor its time says whether anybody
bears the user name. The mail names nobody, and no page or answer of theirs changes by it.
"""

from __future__ import annotations

import logging
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from carenet.agencies.actions.email import send_mail
from carenet.agencies.models import Invitation, User
from carenet.core import clock
from carenet.core.errors import Conflict

if TYPE_CHECKING:
    from uuid import UUID

logger = logging.getLogger(__name__)
_AT_ONCE = 100


def mail_invited() -> int:
    """Send the mails that are due; return how many were sent. What fails is tried again later."""
    if not settings.EMAIL_HOST:
        return 0
    reachable = User.objects.filter(is_active=True).exclude(email="")
    waiting = Invitation.objects.open().filter(
        mailed_at=None, username__in=reachable.values("username")
    )
    sent = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        try:
            sent += _mail(pk)
        except Conflict:
            break  # the server takes nothing now
    return sent


def _mail(invitation_id: UUID) -> bool:
    """Send one mail, unless it was answered or sent meanwhile; raises `Conflict`."""
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        invitation = rows.filter(pk=invitation_id, mailed_at=None).first()
        user = invitation and User.objects.filter(username=invitation.username).first()
        if not (
            invitation and user and Invitation.objects.for_answer(user).filter(pk=invitation_id)
        ):
            return False
        invitation.mailed_at = clock.now()
        invitation.save(update_fields=["mailed_at"])
        with override(user.language):
            told = _(
                "An agency invites you to act for it in carenet. Sign in to see which one, and accept "
                "or decline: %(where)s\nNothing changes before you do."
            ) % {"where": f"{settings.PUBLIC_URL}{reverse('staff-own-invitations')}"}
            subject = _("An invitation waits for you")
        try:
            send_mail(user.email, subject, told)
        except SMTPRecipientsRefused:
            logger.warning("The address of an invited account takes no mail.")
    return True
