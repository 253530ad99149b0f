"""Who lives together (世帯): a household is its members, and nothing else is known of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.residents.models.resident import Resident


class HouseholdRole(models.TextChoices):
    """What a member is in the household, seen from its head (続柄)."""

    HEAD = "head", _("head of the household")
    SPOUSE = "spouse", _("spouse")
    CHILD = "child", pgettext_lazy("relationship", "child")
    PARENT = "parent", _("parent")
    SIBLING = "sibling", _("sibling")
    GRANDCHILD = "grandchild", _("grandchild")
    RELATIVE = "relative", _("other relative")
    COHABITANT = "cohabitant", _("living together")
    OTHER = "other", pgettext_lazy("relationship", "other")


class Household(UUIDModel):
    """A bracket around its members.

    It has neither address nor version nor count: each of them would tell of members who are hidden.
    """

    recorded_at = models.DateTimeField(default=clock.now)


class HouseholdMember(UUIDModel):
    """A person's time in a household; ended, never deleted."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=HouseholdRole)
    since = models.DateField(null=True, blank=True)  # unknown when nobody can tell
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # That a person is in one at a time is the action's to hold, under the person's lock: two
        # records that turn out to be one person's may each be in a household.
        indexes = [
            models.Index(
                fields=["resident"], condition=Q(ended_at=None), name="household_of_resident"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, until=None)
                | Q(ended_at__isnull=False, until__isnull=False),
                name="left_households_say_when",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="household_left_later",
            ),
        ]
        triggers = [pgtrigger.Protect(name="memberships_are_ended", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.resident_id} in {self.household_id}"
