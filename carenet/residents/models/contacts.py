"""Whom to call for a person, and how long that is believed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core.models import UUIDModel, VersionedModel
from carenet.residents.models.resident import Resident


class ContactRelationship(models.TextChoices):
    """What a contact is to the person."""

    SPOUSE = "spouse", _("spouse")
    CHILD = "child", pgettext_lazy("relationship", "child")
    PARENT = "parent", _("parent")
    SIBLING = "sibling", _("sibling")
    RELATIVE = "relative", _("other relative")
    FRIEND = "friend", _("friend")
    NEIGHBOUR = "neighbour", _("neighbour")
    COMMISSIONER = "commissioner", _("commissioned welfare volunteer")
    GUARDIAN = "guardian", _("guardian")
    LANDLORD = "landlord", _("landlord or caretaker")
    OTHER = "other", pgettext_lazy("relationship", "other")


class Contact(UUIDModel, VersionedModel):
    """Somebody to call. Nobody reconfirms by themselves, so each has a day on which it expires.

    There is no address on purpose: where somebody near to a protected person lives tells too much.
    Ended, never deleted.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=100)
    relationship = models.CharField(max_length=20, choices=ContactRelationship)
    phone = models.CharField(max_length=30, blank=True)
    is_key_person = models.BooleanField(default=False)
    is_emergency_contact = models.BooleanField(default=False)
    holds_key = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    confirmed_on = models.DateField()
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["resident", "-id"], name="contact_of_resident"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("confirmed_on")), name="contact_expires_later"
            )
        ]
        triggers = [pgtrigger.Protect(name="contacts_are_ended", operation=pgtrigger.Delete)]
