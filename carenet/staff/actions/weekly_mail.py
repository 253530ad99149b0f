"""Who wants the numbers of the week by mail is written down; what is due is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actions.mail import send_mail
from carenet.agencies.actors import Actor
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.staff.models import WeeklyMail

#: Mondays at this time in Japan, and so many mails in one go.
HOUR, AT_ONCE = time(8), 50
WEEK = timedelta(days=7)
logger = structlog.get_logger()


def wanted_by(actor: Actor) -> WeeklyMail | None:
    """Return what an actor has chosen for the agency for which they act."""
    return WeeklyMail.objects.filter(user=actor.user_id, agency=actor.agency_id).first()


@transaction.atomic
def choose(*, actor: Actor, wanted: bool) -> None:
    """Begin or end the weekly mail of an actor; raises `Forbidden` without the ability."""
    demand(actor.may("watch.review"))
    if not actor.user:
        return
    if wanted:
        WeeklyMail.objects.get_or_create(
            user=actor.user, agency=actor.agency, defaults={"send_at": next_monday(clock.now())}
        )
    else:
        WeeklyMail.objects.filter(user=actor.user, agency=actor.agency).delete()
    verb = "weekly_mail.begin" if wanted else "weekly_mail.end"
    log_write(who_of(actor), verb, "user", actor.user.pk)


def next_monday(now: datetime) -> datetime:
    """Return when the next mail goes out: the first Monday morning in Japan after a moment."""
    today = now.astimezone(clock.ZONE).date()
    monday = today - timedelta(days=today.weekday())
    at = datetime.combine(monday, HOUR, clock.ZONE)
    return at if at > now else at + WEEK


def send_due(text: Callable[[Actor], str]) -> int:
    """Send the mails that are due, with what `text` says to each reader now; return how many.

    What the server does not take now is tried again.
    """
    due = WeeklyMail.objects.filter(send_at__lte=clock.now()).order_by("send_at", "pk")
    sent = 0
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            sent += _send(pk, text)
        except Conflict:
            break
    return sent


def _send(pk: UUID, text: Callable[[Actor], str]) -> bool:
    """Send one mail, unless that happened meanwhile; raises `Conflict`.

    Whoever may not go over the review any more gets none, and is not asked again.
    """
    with transaction.atomic():
        rows = WeeklyMail.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        row = rows.filter(pk=pk, send_at__lte=clock.now()).select_related("user", "agency").first()
        if row is None:
            return False
        actor = actor_of(row.user, row.agency) if row.user.is_active else None
        if actor is None or not actor.may("watch.review"):
            row.delete()
            return False
        row.send_at = next_monday(clock.now())
        row.save(update_fields=["send_at"])
        if not row.user.email:
            return False
        with override(row.user.language):
            subject, body = _("The numbers of the week"), text(actor)
        try:
            send_mail(row.user.email, subject, body)
        except Invalid:
            logger.warning("The address of an account takes no mail.")
    return True
