"""What a referral and its story are told in: needs, reasons, outcomes, channels, ages by decade."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgeBand(models.TextChoices):
    """How old somebody is, as far as an open pool may know."""

    UNDER_10 = "0-9", _("under 10")
    TEENS = "10-19", _("10 to 19")
    TWENTIES = "20-29", _("20 to 29")
    THIRTIES = "30-39", _("30 to 39")
    FORTIES = "40-49", _("40 to 49")
    FIFTIES = "50-59", _("50 to 59")
    SIXTIES = "60-69", _("60 to 69")
    SEVENTIES = "70-79", _("70 to 79")
    EIGHTIES = "80-89", _("80 to 89")
    OVER_90 = "90-", _("90 or older")  # one band: a hundred-year-old is known by name
    UNKNOWN = "unknown", _("unknown")


_BANDS = [band for band in AgeBand if band is not AgeBand.UNKNOWN]


def age_band(today: date, born_on: date | None, born_in: int | None) -> AgeBand:
    """Return the decade of life of somebody born on that day, or in that year; a year counts whole."""
    if born_on:
        age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    elif born_in:
        age = today.year - born_in
    else:
        return AgeBand.UNKNOWN
    return _BANDS[min(max(age, 0) // 10, len(_BANDS) - 1)]


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
