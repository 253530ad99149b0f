"""What a referral and its story are told in: needs, reasons, outcomes, channels."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Need(models.TextChoices):
    """What is asked of the receiver."""

    ASSESSMENT = "assessment", _("assessment")
    HOME_VISIT = "home_visit", _("home visit")
    CARE_SERVICE = "care_service", _("care service")
    DISABILITY_SERVICE = "disability_service", _("disability welfare service")
    MENTAL_HEALTH = "mental_health", _("mental health support")
    MEDICAL = "medical", _("medical care")
    LIVELIHOOD = "livelihood", _("livelihood and money")
    HOUSING = "housing", _("housing")
    EMPLOYMENT = "employment", _("employment")
    CHILD_FAMILY = "child_family", _("child and family")
    RIGHTS = "rights", _("rights advocacy or guardianship")
    WATCH_OVER = "watch_over", _("watch-over")
    OTHER = "other", _("other")


class DeclineCode(models.TextChoices):
    """Why a referral is not taken on."""

    NO_CAPACITY = "no_capacity", _("no capacity")
    NOT_ELIGIBLE = "not_eligible", _("not eligible")
    OUT_OF_AREA = "out_of_area", _("out of area")
    COULD_NOT_CONTACT = "could_not_contact", _("could not be contacted")
    NOT_INTERESTED = "not_interested", _("the person is not interested")
    OTHER = "other", _("other")


class DeclinedBy(models.TextChoices):
    """On whose side the obstacle lies."""

    PROVIDER = "provider", _("by the provider")
    CLIENT = "client", _("by the person")


class ReferralOutcome(models.TextChoices):
    """What came of the work."""

    SERVICE_STARTED = "service_started", _("service started")
    SUPPORT_COMPLETED = "support_completed", _("support completed")
    CONTINUED_ELSEWHERE = "continued_elsewhere", _("continued elsewhere")
    ADVICE_GIVEN = "advice_given", _("advice given")
    OTHER = "other", _("other")


class NeedMet(models.TextChoices):
    """Whether the need was met, as the sender sees it when closing."""

    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")


class EventChannel(models.TextChoices):
    """How a reply reached us when somebody records it for another."""

    SYSTEM = "system", _("in this service")
    PHONE = "phone", _("phone")
    FAX = "fax", _("FAX")
    IN_PERSON = "in_person", _("in person")
