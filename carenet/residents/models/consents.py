"""What a person has said to the sharing of their data: consent has three poles, not two."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency, AgencyKind
from carenet.core import clock
from carenet.core.models import UUIDModel, append_only
from carenet.residents.models.resident import Resident


class ConsentPole(models.TextChoices):
    """What the person has said."""

    GIVEN = "given", _("consent given")
    NOTIFIED = "notified", _("notified, not refused")
    REFUSED = "refused", _("refused")


class ConsentMethod(models.TextChoices):
    """How they said it, or how they were told."""

    WRITTEN = "written", _("in writing")
    ORAL = "oral", _("by word of mouth")
    NOTICE = "notice", _("by a notice")


class InformationCategory(models.TextChoices):
    """What of a person's data a consent is about."""

    IDENTITY = "identity", _("name, date of birth, telephone")
    ADDRESS = "address", _("protected address")
    CONTACTS = "contacts", _("contacts and household")
    HEALTH = "health", _("health and care")
    MONEY = "money", _("income and assets")
    SUPPORT = "support", _("course of the support")


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents by what the clock and their withdrawals say of them."""

    def live(self) -> ConsentQuerySet:
        """Those that hold today: neither withdrawn nor run out."""
        today = clock.today()
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=today), withdrawal=None)

    def about(self, agency: Agency) -> ConsentQuerySet:
        """Those that are about this agency, by name or by its kind."""
        return self.filter(naming(agency))


class Consent(UUIDModel):
    """One word of one person: to whom, about what, from when to when. Never changed.

    `agencies` and `agency_kinds` say to whom; at least one of them is said, an empty scope means
    nobody. To end one is to add its `ConsentWithdrawal`.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="consents")
    pole = models.CharField(max_length=10, choices=ConsentPole)
    agencies = ArrayField(models.UUIDField(), default=list, blank=True)
    agency_kinds = ArrayField(
        models.CharField(max_length=40, choices=AgencyKind), default=list, blank=True
    )
    categories = ArrayField(models.CharField(max_length=10, choices=InformationCategory))
    stated_on = models.DateField()
    method = models.CharField(max_length=10, choices=ConsentMethod)
    note = models.CharField(max_length=500, blank=True)
    # Who said it: the person, or who may speak for them. Empty where it was not asked for.
    given_by = models.CharField(max_length=100, blank=True, default="", db_default="")
    expires_on = models.DateField(null=True, blank=True)  # the last day on which it holds
    recorded_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    recorded_by_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["resident", "-id"], name="consent_of_resident")]
        constraints = [
            models.CheckConstraint(
                condition=Q(agencies__len__gt=0) | Q(agency_kinds__len__gt=0),
                name="consent_says_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(categories__len__gt=0), name="consent_says_about_what"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("stated_on")),
                name="consent_ends_later",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="consents_are_kept", operation=pgtrigger.Delete),
            # Whose it is may change: where one person was registered twice, the records become one.
            pgtrigger.Protect(
                name="consents_are_append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["resident"]),
            ),
        ]

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back; no query where the withdrawal is selected along."""
        return hasattr(self, "withdrawal")

    @property
    def is_live(self) -> bool:
        """Whether it holds today; the same as `ConsentQuerySet.live`."""
        run_out = self.expires_on is not None and self.expires_on < clock.today()
        return not (run_out or self.is_withdrawn)

    @property
    def ends_at(self) -> datetime | None:
        """The moment from which it does not hold any more; None without an end."""
        return day_after(self.expires_on) if self.expires_on else None

    def covers(self, agency: Agency, categories: Collection[str]) -> bool:
        """Whether it is about this agency and all of these categories."""
        named = agency.pk in self.agencies or agency.kind in self.agency_kinds
        return named and set(categories) <= set(self.categories)

    def keeps_out(self, agency: Agency) -> bool:
        """Whether what it says of an agency holds for this one, if it is a refusal.

        Whoever refuses the ward office refuses its sections; a consent to it is none to them.
        """
        office = agency.parent_id in self.agencies or (
            agency.kind == AgencyKind.WARD_SECTION and AgencyKind.WARD_OFFICE in self.agency_kinds
        )
        return office or self.covers(agency, ())


def naming(agency: Agency) -> Q:
    """Return the condition on consents "this agency is meant, by name or by its kind"."""
    return Q(agencies__contains=[agency.pk]) | Q(agency_kinds__contains=[agency.kind])


def day_after(day: date) -> datetime:
    """Return the first moment after a day, in the service's own time zone."""
    return clock.midnight(day + timedelta(days=1))


class ConsentWithdrawal(UUIDModel):
    """The end of a consent, or the lifting of a refusal, in the person's own word."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_on = models.DateField()
    method = models.CharField(max_length=10, choices=ConsentMethod)
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    recorded_by_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers = [append_only("withdrawals_are_append_only")]

    def __str__(self) -> str:
        return str(self.consent_id)
