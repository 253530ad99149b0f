"""An e-mail is built: the kind's line, the agency, the codes of a digest, and a link.

No personal data: who reads a mail on the way, or on a lock screen, learns that something waits.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from carenet.agencies.models import User
from carenet.core import clock
from carenet.reminders.models import Delivery
from carenet.reminders.registry import kind_named
from carenet.reminders.selectors import codes_waiting_for
from carenet.reminders.states import DIGEST


def build_email(delivery: Delivery, user: User) -> EmailMessage:
    """Return the mail of one delivery in its reader's language, ready but for its id."""
    with override(user.language):
        line = str(kind_named(delivery.reminder.kind).text(delivery.occurrence()))
        message = EmailMessage(policy=SMTP)
        message["Subject"] = line
        message["From"] = settings.EMAIL_FROM
        message["To"] = user.email
        message["Date"] = clock.local_now()
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = user.language
        # In base64 no line begins with a dot, and none is too long.
        message.set_content(_body(line, delivery, user), cte="base64")
    return message


def _body(line: str, delivery: Delivery, user: User) -> str:
    codes = codes_waiting_for(user, delivery.agency) if delivery.reminder.kind == DIGEST else []
    parts = [
        line,
        "\n".join(f"- {code}" for code in codes),
        delivery.agency.name,
        _("Sign in to read it:") + f"\n{settings.PUBLIC_URL}{reverse('reminder-list')}",
        _("This mail was sent by a machine. Nobody reads what you answer to it."),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
