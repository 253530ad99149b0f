"""A mail to one person, handed to the server within the request."""

from __future__ import annotations

from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from carenet.core.errors import Conflict, Invalid

#: No request waits longer for the mail server.
_SECONDS = 5
#: From this reply on a refusal is for good (RFC 5321, 4.2.1).
_FOR_GOOD = 500


def send_mail(address: str, subject: str, body: str) -> None:
    """Hand a mail to the server of the settings.

    Raises `Invalid` when the server will never take this mail, `Conflict` when it takes none now.
    """
    if not settings.EMAIL_HOST:
        return
    connection = get_connection(timeout=_SECONDS)
    mail = EmailMessage(subject, body, settings.EMAIL_FROM, [address], connection=connection)
    try:
        mail.send()
    except OSError as error:  # smtplib's own errors are OSErrors, too
        if _is_refused(error):
            raise Invalid({"email": _("No mail can be sent to this address.")}) from error
        raise Conflict(
            _("The mail could not be sent. Try again in a few minutes."), code="mail_not_sent"
        ) from error


def _is_refused(error: OSError) -> bool:
    """Whether the server has refused this one mail for good."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= _FOR_GOOD for code, _words in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= _FOR_GOOD
    return isinstance(error, SMTPNotSupportedError)
