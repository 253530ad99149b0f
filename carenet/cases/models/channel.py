"""How a contact comes about, and with whom: one set of words for consultations and notes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsultationChannel(models.TextChoices):
    """How it came in."""

    PHONE = "phone", _("phone")
    COUNTER = "counter", _("at the counter")
    VISIT = "visit", _("home visit")
    FAX = "fax", _("FAX")
    MAIL = "mail", _("letter or e-mail")
    OUTREACH = "outreach", _("outreach")


class NoteChannel(models.TextChoices):
    """How the contact was that a note tells of: as consultations come in, and in three more ways."""

    PHONE = "phone", _("phone")
    COUNTER = "counter", _("at the counter")
    VISIT = "visit", _("home visit")
    ACCOMPANIED = "accompanied", _("went along with the person")
    MEETING = "meeting", _("meeting")
    MAIL = "mail", _("letter or e-mail")
    FAX = "fax", _("FAX")
    OUTREACH = "outreach", _("outreach")
    NONE = "none", _("no contact, only written down")


class Counterpart(models.TextChoices):
    """With whom a contact was."""

    SELF = "self", _("the person")
    FAMILY = "family", _("family")
    AGENCY = "agency", _("another agency")
    OTHER = "other", _("other")
