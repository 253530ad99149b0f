"""States of appointments and of requests for a partner's system."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AppointmentState(models.TextChoices):
    """What has become of an appointment."""

    WAITING = "waiting", _("waits for an answer")
    EXPIRED = "expired", pgettext_lazy("invitation", "expired")
    IN_OFFICE = "in_office", pgettext_lazy("administrator", "in office")
    ENDED = "ended", pgettext_lazy("administrator", "ended")


class ClientRequestState(models.TextChoices):
    """What has become of a request for a partner's system."""

    PROPOSED = "proposed", pgettext_lazy("client request", "waits for a second administrator")
    CONFIRMED = "confirmed", pgettext_lazy("client request", "confirmed, secret not shown yet")
    DONE = "done", pgettext_lazy("client request", "in use")
    WITHDRAWN = "withdrawn", pgettext_lazy("client request", "withdrawn")
