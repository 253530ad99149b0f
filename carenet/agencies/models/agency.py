"""Agencies, the corporations that run them, and the people and systems that act for them."""

from __future__ import annotations

from datetime import datetime, time
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication
from uuid_utils.compat import uuid7

from carenet.agencies.models.capacity import Capacity, CapacityState
from carenet.agencies.models.ward_section import OF_ITS_OFFICE, WardSection
from carenet.agencies.roles import Role, Scope
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, not_ended

#: Stands wherever the Ministry's open data is shown (CC BY).
ATTRIBUTION = "厚生労働省 介護サービス情報公表システム"


class AgencyKind(models.TextChoices):
    """The field's own kinds of agency (`docs/domain.md`)."""

    WARD_OFFICE = "WARD_OFFICE", _("ward office")
    WARD_SECTION = "WARD_SECTION", _("section of the ward office")
    CARE_PLAZA = "CARE_PLAZA", _("community care plaza")
    CORE_CONSULTATION_CENTER = "CORE_CONSULTATION_CENTER", _("core consultation support centre")
    LIFE_SUPPORT_CENTER = "LIFE_SUPPORT_CENTER", _("life support centre")
    SOCIAL_WELFARE_COUNCIL = "SOCIAL_WELFARE_COUNCIL", _("council of social welfare")
    CHILD_GUIDANCE_CENTER = "CHILD_GUIDANCE_CENTER", _("child guidance centre")
    SELF_RELIANCE_AGENCY = "SELF_RELIANCE_AGENCY", _("self-reliance consultation agency")
    ACTIVITY_HOME = "ACTIVITY_HOME", _("community activity home")
    CARE_SERVICE_OFFICE = "CARE_SERVICE_OFFICE", _("care service office")
    MEDICAL = "MEDICAL", _("medical institution")
    WATCH_PARTNER = "WATCH_PARTNER", _("watch-over partner")
    NEIGHBOURHOOD_ASSOCIATION = "NEIGHBOURHOOD_ASSOCIATION", _("neighbourhood association")
    COMMISSIONERS_COUNCIL = "COMMISSIONERS_COUNCIL", _("commissioners' council")


#: One administrative organ: the ward office, and the sections that it consists of.
ORGAN_KINDS = frozenset({AgencyKind.WARD_OFFICE, AgencyKind.WARD_SECTION})


class AgencySource(models.TextChoices):
    """Where an agency's record comes from, when nobody here entered it."""

    MHLW = "mhlw", _("care service information system of the Ministry of Health")


class StaffQualification(models.TextChoices):
    """The professions a plaza must have, and those it usually has besides."""

    PUBLIC_HEALTH_NURSE = "PUBLIC_HEALTH_NURSE", _("public health nurse")
    CERTIFIED_SOCIAL_WORKER = "CERTIFIED_SOCIAL_WORKER", _("certified social worker")
    CHIEF_CARE_MANAGER = "CHIEF_CARE_MANAGER", _("chief care manager")
    CARE_MANAGER = "CARE_MANAGER", _("care manager")
    LIVELIHOOD_SUPPORT_COORDINATOR = (
        "LIVELIHOOD_SUPPORT_COORDINATOR",
        _("livelihood support coordinator"),
    )


class Operator(UUIDModel):
    """The corporation that runs an agency (for a plaza: 指定管理者, the designated manager)."""

    name = models.CharField(max_length=200)
    # 法人番号, 13 digits; associations and small groups have none.
    corporate_number = models.CharField(max_length=13, unique=True, null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Agency(UUIDModel, VersionedModel):
    """An organisation that takes part: it owns records, sends and receives referrals.

    A section of the ward office is one as well. Its parent opens nothing to it, and it nothing to its
    parent; its name begins with the office's.
    """

    kind = models.CharField(max_length=40, choices=AgencyKind)
    # The unique index of sections finds them; of all other agencies it is empty.
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sections",
        db_index=False,
    )
    section = models.CharField(
        max_length=20, choices=WardSection, blank=True, default="", db_default=""
    )
    name = models.CharField(max_length=200)
    name_kana = models.CharField(max_length=200, blank=True)
    # Local government code with check digit: Kohoku ward is 141097.
    municipality_code = models.CharField(max_length=6, default="141097")
    # 事業所番号 of the Ministry's open data: one agency per number, whatever it offers.
    office_number = models.CharField(max_length=10, unique=True, null=True, blank=True)
    # Whoever shows an imported record names its source.
    source = models.CharField(max_length=10, choices=AgencySource, blank=True)
    address = models.CharField(max_length=300, blank=True)
    building = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    url = models.URLField(max_length=500, blank=True)
    # The group that receives case grants: members in CASEWORK_ROLES stand in it, nobody else.
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="agency")
    # Weekdays on which it is closed, Monday = 0.
    closed_weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    closed_on_holidays = models.BooleanField(default=True)
    closed_at_new_year = models.BooleanField(default=True)  # 29 December to 3 January
    # What rings is held back from `quiet_from` until `quiet_until`, which may be on the next day.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    by_email = models.BooleanField(default=True, db_default=True)
    # One mail a day instead of single ones, for whoever has not chosen otherwise.
    digest = models.BooleanField(default=False, db_default=False)
    digest_at = models.TimeField(default=time(8, 30), db_default=time(8, 30))
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "agencies"
        indexes = [models.Index(fields=["kind", "name_kana", "id"], name="agency_directory")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6])
                & Q(closed_weekdays__len__lt=7),
                name="agency_opens_on_some_weekday",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=F("quiet_until"))
                ),
                name="agency_is_quiet_from_until",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=AgencyKind.WARD_SECTION,
                    parent__isnull=False,
                    section__in=WardSection.values,
                )
                | (~Q(kind=AgencyKind.WARD_SECTION) & Q(parent=None, section="")),
                name="agency_section_has_parent",
            ),
            models.UniqueConstraint(
                fields=["parent", "section"],
                condition=Q(active=True, parent__isnull=False) & ~Q(section=WardSection.OTHER),
                name="one_section_for_one_thing",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="section_of_its_office",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "kind", "parent_id", "municipality_code"
                ),
                func=OF_ITS_OFFICE,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise `ValidationError` for a section of anything but the ward office of its municipality."""
        super().clean()
        if self.kind != AgencyKind.WARD_SECTION:
            return
        office = self.parent
        if office is None or office.kind != AgencyKind.WARD_OFFICE:
            raise ValidationError(
                {"parent": _("Name the ward office to which the section belongs.")}
            )
        if office.municipality_code != self.municipality_code:
            raise ValidationError(
                {"parent": _("A section belongs to the ward office of its own municipality.")}
            )

    @property
    def is_organ(self) -> bool:
        """Whether it is the ward office or one of its sections: the same administrative organ."""
        return self.kind in ORGAN_KINDS

    @property
    def operator(self) -> Operator | None:
        """The corporation that runs it now, if one is known; no query where it is prefetched."""
        current = (each.operator for each in self.designations.all() if each.until is None)
        return next(current, None)

    @property
    def exceptions_by_day(self) -> list[CalendarException]:
        """The exceptions to its calendar, earliest first; no query where they are prefetched."""
        return sorted(self.calendar_exceptions.all(), key=lambda each: each.on)

    @property
    def capacity_now(self) -> Capacity:
        """What it says of its capacity, as the clock has it: open when nothing holds (any more)."""
        said: Capacity | None = getattr(self, "capacity", None)
        if said is None or said.is_over(clock.today()):
            return Capacity(agency_id=self.pk, state=CapacityState.OPEN)
        return said

    @property
    def shows_open_data(self) -> bool:
        """Whether the Ministry's open data stands in this record, and has to be named."""
        return bool(self.source) or bool(self.services.all())


class Designation(UUIDModel):
    """Who runs an agency, from when to when: its change means handover and a review of accounts."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="designations")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="designations")
    since = models.DateField(null=True, blank=True)  # unknown when imported from open data
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(until=None), name="agency_has_one_current_operator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator} → {self.agency}"


class AgencyService(UUIDModel):
    """A service that a care service office offers, as the open data names it."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(max_length=100)
    capacity = models.PositiveIntegerField(null=True, blank=True)  # persons; absent when unsaid
    weekdays = models.CharField(max_length=100, blank=True)  # "平日,土曜日,祝日", as published
    weekdays_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="service_once_per_agency")
        ]

    def __str__(self) -> str:
        return self.name


class CalendarException(UUIDModel):
    """A day on which an agency is closed, or open, against its own rule."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="calendar_exceptions")
    on = models.DateField()
    is_open = models.BooleanField(default=False)
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "on"], name="one_exception_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.on} {'open' if self.is_open else 'closed'}"


class User(AbstractUser):
    """A person with an account; what they may do hangs on their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=100)
    name_kana = models.CharField(max_length=100, blank=True)
    qualification = models.CharField(max_length=40, choices=StaffQualification, blank=True)
    # How this person is told of what waits for them; the inbox they have in any case.
    language = models.CharField(
        max_length=2, choices=settings.LANGUAGES, default="ja", db_default="ja"
    )
    by_email = models.BooleanField(default=True, db_default=True)
    digest = models.BooleanField(null=True, blank=True)  # None: as the agency does it
    # Somebody else has typed the password: it opens nothing but the page where it is changed.
    password_is_first = models.BooleanField(default=False, db_default=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta(AbstractUser.Meta):
        constraints = [
            # Django lets a superuser pass every permission; here nobody stands above the policies.
            models.CheckConstraint(condition=Q(is_superuser=False), name="no_superusers")
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by what the clock says of them."""

    def current(self, now: datetime | None = None) -> MembershipQuerySet:
        """Those in force now, or at a moment, of people whose account is not disabled."""
        now = now or clock.now()
        return self.filter(not_ended(now), since__lte=now, user__is_active=True)

    def lasting(self) -> MembershipQuerySet:
        """Those that have not ended."""
        return self.filter(not_ended(clock.now()))


class Membership(UUIDModel, VersionedModel):
    """A person's place in an agency, with its roles; ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "agency"], name="one_membership_per_agency"),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="membership_has_a_role"),
            models.CheckConstraint(
                condition=~Q(roles__contains=[Role.INTEGRATION]),
                name="integration_is_for_clients",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.agency}"

    @property
    def role_set(self) -> frozenset[Role]:
        """The roles as members of the enum."""
        return frozenset(Role(role) for role in self.roles)


class ApiClient(AbstractApplication):
    """A partner's system: an OAuth 2.0 client bound to one agency (client credentials only)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="api_clients")
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope), default=list)

    class Meta(AbstractApplication.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(authorization_grant_type=AbstractApplication.GRANT_CLIENT_CREDENTIALS),
                name="client_credentials_only",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def scope_labels(self) -> list[str]:
        """What the scopes are called."""
        return [str(scope.label) for scope in Scope if scope in self.scopes]
