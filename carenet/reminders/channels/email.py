"""E-mail: a line without personal data and a link, in the reader's language.

SMTP takes no key: what breaks off while the content is handed over may have gone out.
"""

from __future__ import annotations

from email.message import EmailMessage
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from carenet.agencies.models import Agency, User
from carenet.reminders.channels.base import Refused, Unreachable, timeout
from carenet.reminders.channels.email_message import build_email
from carenet.reminders.channels.smtp import send_message
from carenet.reminders.models import Delivery


class Mail:
    """Through the SMTP server of the settings; off without one."""

    name = "email"
    keyed = False
    rings = True
    gives_up_after = 12  # about three quarters of an hour

    @property
    def timeout(self) -> float:
        return timeout()

    def is_on(self) -> bool:
        return bool(settings.EMAIL_HOST)

    def reaches(self, user: User, agency: Agency, *, at_once: bool) -> bool:
        if not (agency.by_email and user.by_email and user.email):
            return False
        return at_once or not (agency.digest if user.digest is None else user.digest)

    def send(self, delivery: Delivery) -> None:
        """Raise as `Channel.send` does: 4xx is `Unreachable`, 5xx is `Refused`."""
        user = delivery.recipient
        if user is None or not user.email.isascii():
            raise Refused("no_address")
        send_message(_written(delivery, user), user.email, self.timeout)


def _written(delivery: Delivery, user: User) -> EmailMessage:
    """Compose it before anybody is called: an error in here means that nothing went out."""
    try:
        message = build_email(delivery, user)
        message["Message-ID"] = f"<{uuid5(NAMESPACE_URL, delivery.dedupe_key).hex}@{_domain()}>"
    except Exception as error:
        raise Unreachable(f"not_written_{type(error).__name__}") from error
    return message


def _domain() -> str:
    return str(settings.EMAIL_FROM).rpartition("@")[2].rstrip(">")
