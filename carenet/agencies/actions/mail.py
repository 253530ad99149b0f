"""A mail to one person, handed to the server within the request."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from carenet.core.errors import Conflict

#: No request waits longer for the mail server.
_SECONDS = 5


def send_mail(address: str, subject: str, body: str) -> None:
    """Hand a mail to the server of the settings; raises `Conflict` when it does not take it now."""
    if not settings.EMAIL_HOST:
        return
    connection = get_connection(timeout=_SECONDS)
    mail = EmailMessage(subject, body, settings.EMAIL_FROM, [address], connection=connection)
    try:
        mail.send()
    except SMTPRecipientsRefused:
        raise
    except OSError as error:  # smtplib's own errors are OSErrors, too
        raise Conflict(
            _("The mail could not be sent. Try again in a few minutes."), code="mail_not_sent"
        ) from error
