"""The general consultation (総合相談): somebody calls, usually about somebody else."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.cases.models.case import Case
from carenet.cases.models.channel import ConsultationChannel
from carenet.cases.states import ConsultationStatus
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel


class Topic(models.TextChoices):
    """What it is about: the choices of the national intake form."""

    HEALTH = "health", _("health or disability")
    HOUSING = "housing", _("housing")
    INCOME = "income", _("income and living costs")
    RENT_LOANS = "rent_loans", _("rent or loans")
    TAX_UTILITIES = "tax_utilities", _("taxes or utilities")
    DEBT = "debt", _("debt")
    JOB_SEARCH = "job_search", _("job search")
    WORK_TROUBLE = "work_trouble", _("trouble at work")
    COMMUNITY = "community", _("relations in the community")
    FAMILY = "family", pgettext_lazy("topic", "family")
    CHILDCARE = "childcare", _("childcare")
    CARE = "care", _("care")
    WITHDRAWAL = "withdrawal", _("withdrawal or school refusal")
    ABUSE = "abuse", _("domestic violence or abuse")
    NO_FOOD = "no_food", _("no food")
    OTHER = "other", _("other")


class CallerRelationship(models.TextChoices):
    """What the caller is to the person it is about."""

    SELF = "self", _("the person")
    FAMILY = "family", _("family")
    NEIGHBOUR = "neighbour", _("neighbour")
    COMMISSIONER = "commissioner", _("commissioned welfare volunteer")
    AGENCY = "agency", _("another agency")
    EMPLOYER = "employer", _("employer")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not said")


class Urgency(models.TextChoices):
    """How soon somebody must act (緊急度判定)."""

    TODAY = "today", _("today")
    SOON = "soon", _("within three working days")
    NORMAL = "normal", _("normal")


class Consultation(UUIDModel, VersionedModel):
    """One consultation. Caller, relationship and subject are kept apart.

    The subject is a resident on the register, or only described (anonymous).
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    received_at = models.DateTimeField(default=clock.now)
    channel = models.CharField(max_length=10, choices=ConsultationChannel)
    status = models.CharField(
        max_length=20, choices=ConsultationStatus, default=ConsultationStatus.RECEIVED
    )
    caller_name = models.CharField(max_length=100, blank=True)
    caller_phone = models.CharField(max_length=30, blank=True)
    relationship = models.CharField(max_length=20, choices=CallerRelationship)
    subject = models.ForeignKey(
        "residents.Resident", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_description = models.CharField(max_length=500, blank=True)
    topics = ArrayField(models.CharField(max_length=20, choices=Topic))
    main_topic = models.CharField(max_length=20, choices=Topic)
    content = models.TextField(max_length=10_000)
    response = models.TextField(max_length=10_000, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.NORMAL)
    triaged_at = models.DateTimeField(null=True, blank=True)
    # Since when only its recorder and named people read it: another desk is competent for it.
    set_apart_at = models.DateTimeField(null=True, blank=True)
    # The case that was there already; the one that a consultation opened points at it.
    joined_case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="joined_consultations"
    )

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-id"], name="consultation_list"),
            models.Index(fields=["subject"], name="consultation_subject"),
            models.Index(fields=["agency", "received_at", "id"], name="consultation_received"),
            models.Index(
                fields=["agency", "channel", "received_at", "id"], name="consultation_channel"
            ),
            # One for each topic: a consultation with two stands in both, each in order of time.
            *(
                models.Index(
                    fields=["agency", "received_at", "id", "channel"],
                    condition=Q(topics__contains=[topic]),
                    name=f"consultation_{topic}",
                )
                for topic in Topic.values
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(topics__contains=[F("main_topic")]), name="main_topic_is_a_topic"
            ),
            models.CheckConstraint(
                condition=Q(status=ConsultationStatus.RECEIVED, triaged_at=None)
                | (~Q(status=ConsultationStatus.RECEIVED) & Q(triaged_at__isnull=False)),
                name="triaged_consultations_say_when",
            ),
            models.CheckConstraint(
                condition=Q(status=ConsultationStatus.CASE_JOINED, joined_case__isnull=False)
                | (~Q(status=ConsultationStatus.CASE_JOINED) & Q(joined_case=None)),
                name="joined_consultations_name_the_case",
            ),
        ]

    @property
    def led_to(self) -> Case | None:
        """The case that it opened or was joined to, None without one."""
        return self.joined_case or getattr(self, "case", None)


class ConsultationReader(UUIDModel):
    """A person who may read a consultation that is set apart, named by somebody, until an end."""

    consultation = models.ForeignKey(
        "cases.Consultation", on_delete=models.PROTECT, related_name="readers"
    )
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "user"],
                condition=Q(until=None),
                name="reads_consultation_once_at_a_time",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="readers_of_consultations_stay", operation=pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.consultation_id}"
